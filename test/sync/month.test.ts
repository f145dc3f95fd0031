import type { Pool } from 'pg';
import { Upkeep } from '../../src/store/upkeep';
import {
  CPO,
  EMSP,
  EMSP2,
  eventually,
  inSync,
  location,
  push,
  startNetwork,
  tariff,
  type Joined,
  type Network,
} from '../support/network';

/* A month in small: each round is a day, made by moving everything that has a time back by one. */

const KEPT = { hours: 96, changes: 60 };
const CHANGES_A_DAY = 25;

let network: Network;
let cpo: Joined;
let steady: Joined;
let away: Joined;
let pool: Pool;

beforeEach(async () => {
  network = await startNetwork();
  cpo = await network.join({ parties: [CPO] });
  steady = await network.join({ parties: [EMSP] });
  away = await network.join({ parties: [EMSP2] });
  pool = network.hub.context.database.pool;
});
afterEach(() => network.stop());

async function aDayPasses(): Promise<void> {
  await pool.query(`update change set at = at - interval '1 day'`);
  await pool.query(`update failed_delivery set at = at - interval '1 day'`);
  await pool.query(`update finding set last_seen = last_seen - interval '1 day'`);
  await pool.query(`update callback set expires_at = expires_at - interval '1 day'`);
}

async function changesOf(day: number): Promise<void> {
  for (let n = 0; n < CHANGES_A_DAY; n++) {
    const last_updated = new Date(Date.UTC(2026, 0, day, 0, 0, n)).toISOString();
    const id = `L${n % 8}`;
    const body = location(id, { evses: 1, last_updated, fields: { name: `${day}/${n}` } });
    await push(cpo, { method: 'PUT', module: 'locations', path: `/BE/BEC/${id}` }, body);
  }
  const path = `/BE/BEC/T${day}`;
  await push(cpo, { method: 'PUT', module: 'tariffs', path }, tariff(`T${day}`));
  if (day % 2 === 0) await push(cpo, { method: 'DELETE', module: 'tariffs', path });
}

/** An open transaction of any other test on this server holds back every log for a while. */
async function steadyIsThrough(): Promise<boolean> {
  await network.hub.context.syncWorker?.save();
  const { json } = await network.hub.admin('GET', `/partners/${steady.partnerId}/sync`);
  const { changes, full_push } = json.behind as { changes: number; full_push: boolean };
  return changes === 0 && !full_push;
}

const rowsIn = async (table: string): Promise<number> =>
  (await pool.query<{ n: number }>(`select count(*)::int as n from ${table}`)).rows[0]?.n ?? -1;

test('a month of changes: tables stay bounded, and who was away for three weeks is in sync at the end', async () => {
  const upkeep = new Upkeep(pool, KEPT);
  await pool.query(
    `insert into callback (hash, kind, partner_id, target_partner, from_party, to_party, url, expires_at)
     select 'x', 'page', p.id, p.id, y.number, y.number, 'https://x', now() + interval '1 day'
       from partner p join party y on y.partner_id = p.id limit 1`,
  );
  const dropped: number[] = [];
  for (let day = 1; day <= 30; day++) {
    if (day === 4) away.behaviour = () => ({ reset: true });
    steady.behaviour = (r) => (r.body.includes('"5/') ? { http: 200, status_code: 2001 } : undefined);
    await changesOf(day);
    await eventually(steadyIsThrough, 'who is there has passed the day');
    await aDayPasses();
    dropped.push(...(await upkeep.trim()));
    // What one that is behind may hold, what came since, and what is not saved yet.
    expect(await rowsIn('change')).toBeLessThanOrEqual(KEPT.changes + 2 * (CHANGES_A_DAY + 2));
    expect(await rowsIn('failed_delivery')).toBeLessThanOrEqual(8);
  }
  expect(dropped.length).toBeGreaterThan(0);
  expect(await rowsIn('callback')).toBe(0);
  away.behaviour = undefined;
  await inSync(network.hub);
  expect(Object.fromEntries(away.stored)).toEqual(Object.fromEntries(steady.stored));
  expect([...away.stored.keys()].filter((key) => key.startsWith('tariffs'))).toHaveLength(15);
  await upkeep.trim();
  expect(await rowsIn('change')).toBe(0);
});

test('without any live receiver the log goes, too, and one that comes then gets everything', async () => {
  await changesOf(1);
  const partners = (await network.hub.admin('GET', '/partners')).json.items as { id: string; name: string }[];
  for (const { id } of partners) await network.hub.admin('POST', `/partners/${id}/suspend`);
  await new Upkeep(pool, KEPT).trim();
  expect(await rowsIn('change')).toBe(0);
  away.stored.clear();
  for (const { id } of partners) await network.hub.admin('POST', `/partners/${id}/resume`);
  await inSync(network.hub);
  expect([...away.stored.keys()].filter((key) => key.startsWith('locations'))).toHaveLength(8);
});

test('of several workers one tidies up in a minute', async () => {
  const runs = await pool.query(`update upkeep set trimmed_at = '-infinity' returning one`);
  expect(runs.rowCount).toBe(1);
  const upkeep = new Upkeep(pool, KEPT);
  const trimmed: boolean[] = [];
  for (let n = 0; n < 3; n++) {
    const before = await pool.query<{ at: string }>(`select trimmed_at::text as at from upkeep`);
    await upkeep.run();
    const after = await pool.query<{ at: string }>(`select trimmed_at::text as at from upkeep`);
    trimmed.push(before.rows[0]?.at !== after.rows[0]?.at);
  }
  expect(trimmed).toEqual([true, false, false]);
});
