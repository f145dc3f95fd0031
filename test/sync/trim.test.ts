import { Pool } from 'pg';
import { Upkeep } from '../../src/store/upkeep';
import { testDatabase } from '../support/test-database';

let pool: Pool;
const receivers: number[] = [];

beforeAll(async () => {
  pool = new Pool((await testDatabase()).connection);
  for (const name of ['AAA', 'BBB', 'OFF']) {
    const suspended = name === 'OFF';
    const { rows } = await pool.query<{ number: number; id: string }>(
      `with p as (insert into partner (name, status, suspended) values ($1, 'REGISTERED', $2) returning id)
       insert into party (country_code, party_id, partner_id, roles, status)
       select 'NL', $1, id, '{EMSP}', case when $2 then 'SUSPENDED' else 'CONNECTED' end from p
       returning number, partner_id as id`,
      [name, suspended],
    );
    const row = rows[0];
    if (!row) throw new Error('no party');
    receivers.push(row.number);
    await pool.query(`insert into position (receiver, partner_id, xid, number) values ($1, $2, '0', 0)`, [
      row.number,
      row.id,
    ]);
  }
  await pool.query(
    `insert into change (module, owner, head_id, correlation_id) select 1, $1, n, 'c' from generate_series(1, 10) n`,
    [receivers[0]],
  );
});
afterAll(() => pool.end());

/** Moves a receiver behind its nth change. */
const pass = (receiver: number | undefined, n: number): Promise<unknown> =>
  pool.query(
    `update position p set xid = c.xid, number = c.number from change c where c.head_id = $2 and p.receiver = $1`,
    [receiver, n],
  );
const left = async (): Promise<number> =>
  (await pool.query<{ n: number }>('select count(*)::int as n from change')).rows[0]?.n ?? -1;

test('changes go once every live receiver has passed them, and not before; a suspended one holds nothing', async () => {
  const store = new Upkeep(pool, { hours: 168, changes: 1_000_000 });
  await store.trim();
  expect(await left()).toBe(10);
  await pass(receivers[0], 8);
  await store.trim();
  expect(await left()).toBe(10);
  await pass(receivers[1], 6);
  await store.trim();
  expect(await left()).toBe(4);
});
