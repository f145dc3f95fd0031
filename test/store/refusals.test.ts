import { pino } from 'pino';
import { Pool } from 'pg';
import { Refusals } from '../../src/hub/credentials/refusals';
import { withoutTokens } from '../../src/partners/without-token';
import { Contacts } from '../../src/store/alive/contacts';
import { reportContacts } from '../../src/store/alive/sql';
import { eventually } from '../support/network';
import { testDatabase } from '../support/test-database';

/* Who repeats a refused call a thousand times costs neither a log nor a database. */

let pool: Pool;
let partner: { id: string; name: string };
let contacts: Contacts;
let refusals: Refusals;
let lines: Record<string, unknown>[];

beforeAll(async () => {
  pool = new Pool((await testDatabase()).connection);
  await pool.query(`
    create table written (partner uuid);
    create function count_writes() returns trigger language plpgsql as $$
      begin insert into written values (new.partner_id); return new; end $$;
    create trigger counted after insert or update on partner_contact for each row execute function count_writes()`);
});
afterAll(() => pool.end());

beforeEach(async () => {
  const made = await pool.query<{ id: string }>(`insert into partner (name) values ('P') returning id`);
  partner = { id: made.rows[0]?.id ?? '', name: 'P' };
  lines = [];
  const write = (line: string): void => void lines.push(JSON.parse(line) as Record<string, unknown>);
  const log = pino({ level: 'warn' }, { write });
  contacts = new Contacts(pool, { log, aliveCheckS: 300 });
  refusals = new Refusals(contacts, log);
});
afterEach(() => contacts.close());

const note = (reason: string): void =>
  refusals.note({ partner, kind: 'token', reason, correlation_id: 'c1', address: '192.0.2.1' });

async function lastError(): Promise<unknown> {
  return (await reportContacts(pool, [partner.id])).get(partner.id)?.last_error;
}

async function writes(): Promise<number> {
  const found = await pool.query('select 1 from written where partner = $1', [partner.id]);
  return found.rowCount ?? 0;
}

it('the first of a partner that is not registered is stored by itself, and is one line', async () => {
  note('dead');
  await eventually(async () => (await lastError()) === 'token: dead', 'the last error');
  expect(lines).toEqual([
    expect.objectContaining({
      level: 40,
      partner: partner.id,
      name: 'P',
      kind: 'token',
      reason: 'dead',
      correlation_id: 'c1',
      address: '192.0.2.1',
    }),
  ]);
});

it('a flood is one line for each of the first ten texts, and one write in two seconds', async () => {
  const started = performance.now();
  for (let n = 0; n < 300; n++) {
    note(`dead ${n % 30}`);
    await contacts.save();
  }
  const most = 1 + Math.floor((performance.now() - started) / 2000);
  expect(await writes()).toBeLessThanOrEqual(most);
  expect(new Set(lines.map(({ reason }) => reason)).size).toBeGreaterThanOrEqual(10);
  expect(lines.length).toBeLessThanOrEqual(10 * most);
  await contacts.save(true);
  expect(await lastError()).toBe('token: dead 29');
});

it('what the database cannot store, and more than it should, is left out', async () => {
  note(`a\0b${'x'.repeat(1000)}`);
  await contacts.save(true);
  expect(await lastError()).toMatch(/^token: abx{480,500}$/);
});

it.each([
  ['got abcdefghijkl', 'got ***'],
  ['got YWJjZGVmZ2hpamts=', 'got ***='],
  ['got "abcdefghij', 'got "***'],
  ['got abcdefg', 'got abcdefg'],
])('words of a partner without a token of the hub: %s', (words, left) => {
  expect(withoutTokens(words, ['abcdefghijkl', ''])).toBe(left);
});
