import { eventually, location, push, startTwo } from '../support/network';

test('a receiver that hangs for ten minutes does not hold up the end of the hub', async () => {
  const { network, cpo, emsp } = await startTwo({ FORWARD_TIMEOUT_MS: '600000' });
  emsp.behaviour = () => ({ hang: true });
  await push(cpo, { method: 'PUT', module: 'locations', path: '/BE/BEC/L1' }, location('L1'));
  await eventually(() => emsp.received.length > 0, 'a push under way');
  await network.stop();
});
