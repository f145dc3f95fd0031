import { Pool } from 'pg';
import { openDatabase, type Database } from '../../src/store/database';
import { readGaps } from '../../src/store/gaps/report';
import { SESSION_EXAMPLES } from '../../src/store/gaps/sql';
import { testDatabase } from '../support/test-database';
import { eventually } from '../support/network';

/* What the gap report costs on many gaps: 20,000 of one CPO, with a hundred eMSPs. */

const GAPS = 20_000;
const EMSPS = 100;
const SHOWN = 10;

let database: Database;
let other: Pool;
let parties: number[];

beforeAll(async () => {
  const { connection } = await testDatabase();
  database = await openDatabase(connection);
  other = new Pool(connection);
  const made = await other.query<{ number: number }>(
    `insert into party (country_code, party_id) select 'NL', 'P' || n from generate_series(0, $1) n returning number`,
    [EMSPS],
  );
  parties = made.rows.map(({ number }) => number);
  await other.query(
    `with made as (
       insert into head (owner, counterpart, module, key, sent_id)
       select ($1::int[])[1], ($1::int[])[2 + n % $2::int], 3, '3/' || n, 'S' || n from generate_series(1, $3) n
       returning id, owner, counterpart, sent_id)
     insert into session_end (head_id, owner, counterpart, key, version, state, ended_at)
     select id, owner, counterpart, sent_id, 1, 'ended', now() - id * interval '1 minute' - interval '1 day' from made`,
    [parties, EMSPS, GAPS],
  );
  await other.query('vacuum analyze session_end, head');
});
afterAll(() => Promise.all([other.end(), database.close()]));

interface Plan {
  'Relation Name'?: string;
  'Actual Rows': number;
  'Actual Loops': number;
  'Rows Removed by Filter'?: number;
  Plans?: Plan[];
}

/** Rows of a table that a plan looked at. */
function looked(plan: Plan, table: string): number {
  const own =
    plan['Relation Name'] === table ? plan['Actual Rows'] + (plan['Rows Removed by Filter'] ?? 0) : 0;
  const below = (plan.Plans ?? []).map((inner) => looked(inner, table));
  return own * plan['Actual Loops'] + below.reduce((sum, rows) => sum + rows, 0);
}

test('of each pair no more gaps are read than are shown', async () => {
  const [cpo, ...emsps] = parties;
  const { rows } = await database.pool.query<{ 'QUERY PLAN': { Plan: Plan }[] }>(
    `explain (analyze, format json) ${SESSION_EXAMPLES}`,
    [new Date(), emsps.map(() => cpo), emsps, SHOWN],
  );
  const plan = rows[0]?.['QUERY PLAN'][0]?.Plan;
  expect(plan && looked(plan, 'session_end')).toBe(EMSPS * SHOWN);
});

async function hasWaited(): Promise<boolean> {
  const found = await other.query(`select from pg_stat_activity
    where wait_event_type = 'Lock' and query like '%session_end%' and now() - query_start > interval '5.5 s'`);
  return found.rowCount === 1;
}

test('a report that takes longer than other statements may is waited for', async () => {
  const client = await other.connect();
  await client.query('begin; lock table session_end');
  const report = readGaps(database.pool, { olderThanS: 60, examples: SHOWN, shown: EMSPS });
  try {
    await Promise.race([eventually(hasWaited, 'a long wait'), report]); // where it is cut off, that is told
  } finally {
    await client.query('rollback');
    client.release();
  }
  const { pairs, sessions } = await report;
  expect(pairs).toHaveLength(EMSPS);
  expect(pairs.reduce((sum, pair) => sum + pair.sessions, 0)).toBe(GAPS);
  for (const examples of sessions) expect(examples).toHaveLength(SHOWN);
  const [first] = sessions;
  const ends = first?.map(({ ended_at }) => ended_at.getTime());
  expect(ends).toEqual(ends?.toSorted((a, b) => a - b));
});
