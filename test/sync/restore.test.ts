import { Pool } from 'pg';
import { migrate } from '../../src/store/database';
import { SimulatedPlatform } from '../../src/simulator/simulated-platform';
import { copyDatabase } from '../support/copy-database';
import type { HubProcess } from '../support/hub-process';
import { adminOf, hubProcesses, joinHub, type HubProcesses } from '../support/hub-processes';
import { awaiting, cdr, CPO, EMSP, eventually, location, push } from '../support/network';
import { testDatabase, urlOf, type TestConnection, type TestDatabase } from '../support/test-database';
import { testServer } from '../support/test-server';

/* Databases that were restored: in their own server, and in another one. */

let database: TestDatabase;
let cpo: SimulatedPlatform;
let emsp: SimulatedPlatform;
const ends: (() => Promise<unknown>)[] = [];

beforeEach(async () => {
  database = await testDatabase();
  cpo = await new SimulatedPlatform({ parties: [CPO] }).start();
  emsp = await new SimulatedPlatform({ parties: [EMSP] }).start();
});

afterEach(async () => {
  for (const end of ends.splice(0).toReversed()) await end();
  await Promise.all([cpo.stop(), emsp.stop()]);
});

async function hubsOn(url: string): Promise<HubProcesses> {
  const hubs = await hubProcesses({ url });
  ends.push(() => hubs.end());
  return hubs;
}

function poolOn(connection: TestConnection): Pool {
  const pool = new Pool(connection);
  pool.on('error', () => undefined);
  ends.push(() => pool.end());
  return pool;
}

async function anotherServer(): Promise<TestConnection> {
  const { server, dispose } = await testServer('restored');
  ends.push(dispose);
  const { host, port, user } = server;
  const connection = { host, port, user, database: 'restored' };
  await migrate(connection);
  return connection;
}

const put = (id: string): ReturnType<typeof push> =>
  push(cpo, { method: 'PUT', module: 'locations', path: `/BE/BEC/${id}` }, location(id, { evses: 1 }));
const post = (id: string): ReturnType<typeof push> =>
  push(cpo, { method: 'POST', module: 'cdrs', path: '' }, cdr(id));

const has = (...keys: string[]): Promise<void> =>
  emsp.waitFor((p) => keys.every((key) => p.stored.has(key)), awaiting(keys.join()));
const hasLocations = (...ids: string[]): Promise<void> => has(...ids.map((id) => `locations/BE/BEC/${id}`));

const inState = (hub: HubProcess, id: string, state: string): Promise<void> =>
  eventually(
    async () => JSON.stringify(await adminOf(hub, 'GET', `/deliveries?state=${state}`)).includes(`"${id}"`),
    `${id} ${state}`,
  );

/** A hub that has delivered L1, L2 and C1, and holds C2 for an eMSP that does not answer. */
async function anHubAtWork(hubs: HubProcesses): Promise<HubProcess> {
  const hub = await hubs.start();
  await joinHub(hub, cpo);
  await joinHub(hub, emsp);
  await put('L1');
  await put('L2');
  await post('C1');
  await hasLocations('L1', 'L2');
  await inState(hub, 'C1', 'delivered');
  return hub;
}

/** Backs up while C2 waits, then lets the hub deliver it: the backup does not know. */
async function backedUpBeforeC2(hub: HubProcess, backup: () => Promise<void>): Promise<void> {
  emsp.behaviour = (r) => (r.method === 'POST' ? { http: 401, status_code: 2001 } : undefined);
  await post('C2');
  await emsp.waitFor((p) => p.received.some((r) => r.body.includes('"C2"')), awaiting('a try'));
  await inState(hub, 'C2', 'waiting');
  await backup();
  emsp.behaviour = undefined;
  await inState(hub, 'C2', 'delivered');
  await hub.kill();
}

const postsOfC2 = (): number =>
  emsp.received.filter((r) => r.method === 'POST' && r.body.includes('"C2"')).length;

/** Positions are saved some seconds after the pushes. */
const positionsBeyond = (pool: Pool, xid: string | undefined): Promise<void> =>
  eventually(async () => {
    const query = `select coalesce(max(xid) >= ($1::bigint + 20000)::text::xid8, false) as saved from position`;
    return (await pool.query<{ saved: boolean }>(query, [xid])).rows[0]?.saved === true;
  }, 'positions saved');

test('a dump in a server whose transaction ids are behind: noticed at start, and the feed goes on', async () => {
  const source = poolOn(database.connection);
  const hub = await anHubAtWork(await hubsOn(database.url));
  const before = (await source.query<{ xid: string }>('select pg_current_xact_id()::text as xid')).rows[0]
    ?.xid;
  await source.query(
    `do $$ begin for i in 1..20000 loop perform pg_current_xact_id(); commit; end loop; end $$`,
  );
  await put('L3'); // a change row and positions of a time that the other server has not reached
  await hasLocations('L3');
  await positionsBeyond(source, before);
  const target = await anotherServer();
  await backedUpBeforeC2(hub, () => copyDatabase(database.connection, target));
  const behind = await poolOn(target).query<{ behind: boolean }>(
    `select max(xid) > pg_snapshot_xmax(pg_current_snapshot()) as behind from position`,
  );
  expect(behind.rows[0]?.behind).toBe(true);
  emsp.stored.delete('locations/BE/BEC/L1');
  const posts = postsOfC2();
  const port = new URL(hub.url).port;
  const restored = await (await hubsOn(urlOf(target))).start({ PORT: port, PUBLIC_URL: hub.url });
  await hasLocations('L1', 'L2', 'L3');
  await put('L4');
  await hasLocations('L4');
  await inState(restored, 'C2', 'delivered');
  expect(postsOfC2()).toBe(posts);
  expect(emsp.received.filter((r) => r.method === 'GET').map((r) => r.segments.at(-1))).toEqual(['C2']);
});

test('an older database that the operator says was restored: current state again, CDRs are asked for first, once per name', async () => {
  const hubs = await hubsOn(database.url);
  const hub = await anHubAtWork(hubs);
  const backup = await testDatabase();
  await backedUpBeforeC2(hub, () => copyDatabase(database.connection, backup.connection));
  emsp.stored.delete('locations/BE/BEC/L1');
  const posts = postsOfC2();
  const env = { PORT: new URL(hub.url).port, PUBLIC_URL: hub.url, RESTORED: '2026-01-01' };
  const again = await hubsOn(backup.url);
  const restored = await again.start(env);
  await hasLocations('L1');
  await inState(restored, 'C2', 'delivered');
  expect(postsOfC2()).toBe(posts);
  const fences = async (): Promise<unknown[]> =>
    (await poolOn(backup.connection).query(`select receiver, fence from position order by receiver`)).rows;
  const before = await fences();
  await restored.kill();
  await again.start(env);
  expect(await fences()).toEqual(before);
});

test('a CDR that comes after a restore but is older than it is asked for before it is posted', async () => {
  const hubs = await hubsOn(database.url);
  const hub = await anHubAtWork(hubs);
  await hub.kill();
  emsp.stored.set('cdrs/BE/BEC/C3', JSON.parse(JSON.stringify(cdr('C3')))); // delivered by the hub before its database was restored
  const env = { PORT: new URL(hub.url).port, PUBLIC_URL: hub.url, RESTORED: 'today' };
  const restored = await hubs.start(env);
  await post('C3');
  await inState(restored, 'C3', 'delivered');
  expect(emsp.received.filter((r) => r.body.includes('"C3"'))).toEqual([]);
});
