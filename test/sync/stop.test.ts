import { CPO, EMSP, eventually, location, push, startNetwork } from '../support/network';

test('a receiver that hangs for ten minutes does not hold up the end of the hub', async () => {
  const network = await startNetwork({ FORWARD_TIMEOUT_MS: '600000' });
  const cpo = await network.join({ parties: [CPO] });
  const emsp = await network.join({ parties: [EMSP] });
  emsp.behaviour = () => ({ hang: true });
  await push(cpo, { method: 'PUT', module: 'locations', path: '/BE/BEC/L1' }, location('L1'));
  await eventually(() => emsp.received.length > 0, 'a push under way');
  await network.stop();
});
