import { awaiting, inSync, location, push, startTwo } from '../support/network';

test('a transaction that a frozen process left open stops the feed for seconds only, and the process lives', async () => {
  const { network, cpo, emsp } = await startTwo();
  await inSync(network.hub);
  const client = await network.hub.context.database.pool.connect();
  await client.query('begin; select pg_current_xact_id()');
  const lost = new Promise((resolve) => client.once('error', resolve));
  await push(cpo, { method: 'PUT', module: 'locations', path: '/BE/BEC/L1' }, location('L1', { evses: 1 }));
  await lost;
  client.release(true);
  await emsp.waitFor((p) => p.stored.size === 1, awaiting('the location'));
  await network.stop();
});
