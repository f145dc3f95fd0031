import { awaiting, EMSP, location, startTwo } from '../../support/network';
import { BOUND_MS } from '../../support/wait';

test('a relay that is still open 8 s after the hub was told to end is answered 4002', async () => {
  const { network, cpo, emsp } = await startTwo({ FORWARD_TIMEOUT_MS: '60000' });
  emsp.behaviour = ({ module }) => (module === 'locations' ? { hang: true } : undefined);
  const asked = cpo.send({
    method: 'PUT',
    module: 'locations',
    interface: 'RECEIVER',
    path: '/BE/BEC/L1',
    to: EMSP,
    body: JSON.stringify(location('L1')),
    timeoutMs: BOUND_MS,
  });
  await emsp.waitFor(({ received }) => received.length > 0, awaiting('relay'));
  await network.hub.stop();
  expect((await asked).status).toBe(4002);
  await Promise.all([cpo.stop(), emsp.stop()]);
});
