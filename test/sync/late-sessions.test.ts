import { Pool } from 'pg';
import { Upkeep } from '../../src/store/upkeep';
import {
  CPO,
  EMSP,
  eventually,
  location,
  push,
  session,
  startNetwork,
  type Joined,
  type Network,
} from '../support/network';

/*
 * A CPO may tell of a session days late: its last_updated then lies before the last success of a receiver that was away
 * when it came. The full push that brings this receiver back to date must hold it all the same.
 */
const OLD = { start_date_time: '2020-01-01T00:00:00Z', last_updated: '2020-01-01T00:00:00Z' };

let network: Network;
let cpo: Joined;
let emsp: Joined;
let pool: Pool;

const times = (id: string): number => emsp.received.filter((r) => r.path.endsWith(`/${id}`)).length;
const late = (id: string): ReturnType<typeof push> =>
  push(cpo, { method: 'PUT', module: 'sessions', path: `/BE/BEC/${id}` }, session(id, OLD));
const arrived = (id: string): Promise<void> =>
  eventually(() => emsp.stored.has(`sessions/BE/BEC/${id}`), `${id} at the eMSP`);

beforeEach(async () => {
  network = await startNetwork();
  const { connection } = network.hub;
  pool = new Pool('url' in connection ? { connectionString: connection.url } : connection);
  cpo = await network.join({ parties: [CPO] });
  emsp = await network.join({ parties: [EMSP] });
  await late('BEFORE');
  await late('LAST');
  await arrived('BEFORE');
  await arrived('LAST');
  await eventually(async () => {
    const { rows } = await pool.query(`select from position p join party y on y.number = p.receiver
      where y.party_id = 'TNM' and last_success is not null and full_push is null
        and (p.xid, p.number) >= (select xid, number from change order by xid desc, number desc limit 1)`);
    return rows.length > 0;
  }, 'its place is saved');
});
afterEach(async () => {
  await pool.end();
  await network.stop();
});

const fullPushes = (since: number): string[] =>
  emsp.received
    .slice(since)
    .map((r) => String(r.headers['x-correlation-id']))
    .filter((id) => id.startsWith('full-push-'));

test('a session that is told late reaches an eMSP that was suspended meanwhile, and what it had is not sent again', async () => {
  await network.hub.admin('POST', `/partners/${emsp.partnerId}/suspend`);
  expect((await late('LATE')).http).toBe(201);
  await network.hub.admin('POST', `/partners/${emsp.partnerId}/resume`);
  await arrived('LATE');
  expect(times('BEFORE')).toBe(1);
});

test('a session that is told late reaches an eMSP that was dropped to a full push', async () => {
  emsp.behaviour = () => ({ http: 401, status_code: 2001 });
  await late('LATE');
  for (let i = 0; i < 5; i++)
    await push(
      cpo,
      { method: 'PUT', module: 'locations', path: `/BE/BEC/LOC${i}` },
      location(`LOC${i}`, { evses: 1 }),
    );
  expect(await new Upkeep(pool, { hours: 168, changes: 1 }).trim()).not.toEqual([]);
  const before = emsp.received.length;
  await eventually(() => fullPushes(before).length > 0, 'the worker knows of the full push');
  emsp.behaviour = undefined;
  await arrived('LATE');
});

test('a push from scratch that begins anew after its first success still holds every session', async () => {
  emsp.behaviour = () => ({ http: 401, status_code: 2001 });
  emsp.stored.clear();
  const before = emsp.received.length;
  await network.hub.admin('POST', `/partners/${emsp.partnerId}/push`);
  await eventually(() => fullPushes(before).length > 0, 'the push from scratch has begun');
  // as a process finds it that goes on with what another one had begun
  await pool.query(`update position set fence = fence + 1, last_success = now() where full_push is not null`);
  await eventually(() => new Set(fullPushes(before)).size > 1, 'it has begun anew');
  emsp.behaviour = undefined;
  await arrived('BEFORE');
  await arrived('LAST');
});
