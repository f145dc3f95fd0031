import { Pool } from 'pg';
import { SimulatedPlatform } from '../../src/simulator/simulated-platform';
import { databaseProxy, type DatabaseProxy } from '../support/database-proxy';
import { hubProcesses, joinHub, type HubProcesses } from '../support/hub-processes';
import { awaiting, cdr, CPO, EMSP, eventually, location, push } from '../support/network';
import { testDatabase } from '../support/test-database';

/* The database goes away for longer than leases last, in two ways, and comes back. */

let pool: Pool;
let proxy: DatabaseProxy;
let hubs: HubProcesses;
let cpo: SimulatedPlatform;
let emsp: SimulatedPlatform;

beforeEach(async () => {
  const { connection } = await testDatabase();
  pool = new Pool(connection);
  proxy = await databaseProxy(connection);
  hubs = await hubProcesses({ url: proxy.url });
  cpo = await new SimulatedPlatform({ parties: [CPO] }).start();
  emsp = await new SimulatedPlatform({ parties: [EMSP] }).start();
});

afterEach(async () => {
  await hubs.end();
  await Promise.all([cpo.stop(), emsp.stop(), proxy.close(), pool.end()]);
});

const put = (name: string): ReturnType<typeof push> => {
  const body = location('L1', { evses: 1, fields: { name } });
  return push(cpo, { method: 'PUT', module: 'locations', path: '/BE/BEC/L1' }, body);
};
const nameAtReceiver = (): unknown =>
  (emsp.stored.get('locations/BE/BEC/L1') as { name?: unknown } | undefined)?.name;
const liveWorkers = async (): Promise<number> =>
  (await pool.query(`select from worker where until > now()`)).rowCount ?? 0;

test.each(['cut', 'hang'] as const)(
  'a database that is away (%s) until leases are over: the worker recovers by itself, nothing is lost',
  async (how) => {
    const hub = await hubs.start();
    await joinHub(hub, cpo);
    await joinHub(hub, emsp);
    await put('before');
    await emsp.waitFor(() => nameAtReceiver() === 'before', awaiting('before'));
    let release = (): void => undefined;
    const until = new Promise<void>((resolve) => (release = resolve));
    emsp.behaviour = () => ({ until, handle: true });
    await push(cpo, { method: 'POST', module: 'cdrs', path: '' }, cdr('C1'));
    await put('meanwhile');
    await emsp.waitFor((p) => p.received.length === 3, awaiting('pushes under way'));
    proxy[how]();
    emsp.behaviour = undefined;
    release();
    await eventually(async () => (await liveWorkers()) === 0, 'no live worker');
    await proxy.restore();
    await emsp.waitFor(() => nameAtReceiver() === 'meanwhile', awaiting('meanwhile'));
    await eventually(async () => (await put('after')).status === 1000, 'a write');
    await emsp.waitFor(() => nameAtReceiver() === 'after', awaiting('after'));
    const delivered = `select from cdr_delivery where state = 'delivered'`;
    await eventually(async () => (await pool.query(delivered)).rowCount === 1, 'the CDR delivered');
    expect(emsp.received.filter((r) => r.method === 'POST')).toHaveLength(1);
  },
);
