import { pino } from 'pino';
import { Pool } from 'pg';
import { Contacts } from '../../src/store/alive/contacts';
import { reportContacts, type ContactReport } from '../../src/store/alive/sql';
import { eventually } from '../support/network';
import { testDatabase } from '../support/test-database';

/* When partners called and were reached, where the database cannot store it for a while. */

const LOG = pino({ level: 'silent' });

let pool: Pool;
let contacts: Contacts;
let partner: string;

beforeAll(async () => {
  pool = new Pool((await testDatabase()).connection);
});
afterAll(() => pool.end());

beforeEach(async () => {
  const made = await pool.query<{ id: string }>(
    `insert into partner (name, status) values ('P', 'REGISTERED') returning id`,
  );
  partner = made.rows[0]?.id ?? '';
  contacts = new Contacts(pool, { log: LOG, aliveCheckS: 300 });
  contacts.follow({ registered: new Set([partner]), offline: new Set() });
});
afterEach(() => contacts.close());

/** Meanwhile contacts cannot be stored. */
async function withoutStore(act: () => Promise<void>): Promise<void> {
  await pool.query('alter table partner_contact rename to partner_contact_away');
  try {
    await act();
  } finally {
    await pool.query('alter table partner_contact_away rename to partner_contact');
  }
}

/** A round that is under way while `act` runs, and then fails. */
async function whileOneFails(act: () => void): Promise<void> {
  const client = await pool.connect();
  await client.query('begin; lock table partner_contact in access exclusive mode');
  const round = contacts.save(true);
  const waiting = `from pg_stat_activity where datname = current_database() and wait_event_type = 'Lock'`;
  const waits = async (): Promise<boolean> => (await pool.query(`select ${waiting}`)).rowCount === 1;
  try {
    await eventually(waits, 'the round waits for the table');
    act();
    await pool.query(`select pg_cancel_backend(pid) ${waiting}`);
    await round;
  } finally {
    await client.query('rollback');
    client.release();
  }
}

async function stored(): Promise<ContactReport | undefined> {
  return (await reportContacts(pool, [partner])).get(partner);
}

async function failures(): Promise<{ failures: number; failing: boolean } | undefined> {
  const { rows } = await pool.query<{ failures: number; failing: boolean }>(
    `select failures, failing_since is not null as failing from partner_contact where partner_id = $1`,
    [partner],
  );
  return rows[0];
}

/** By the clock of the database, on which contacts are stored; to the microsecond. */
async function now(): Promise<string> {
  const { rows } = await pool.query<{ now: string }>('select clock_timestamp()::text as now');
  return rows[0]?.now ?? '';
}

async function storedSince(moment: string): Promise<{ heard: boolean; success: boolean; error: boolean }> {
  const { rows } = await pool.query<{ heard: boolean; success: boolean; error: boolean }>(
    `select last_heard > $2 as heard, last_success > $2 as success, last_error_at > $2 as error
       from partner_contact where partner_id = $1`,
    [partner, moment],
  );
  return rows[0] ?? { heard: false, success: false, error: false };
}

test('what was seen while it could not be stored is stored by the next round', async () => {
  const before = await now();
  contacts.heardFrom(partner);
  contacts.reached(partner);
  contacts.failed(partner, 'refused: connect ECONNREFUSED');
  await withoutStore(() => contacts.save());
  await contacts.save();
  expect(await storedSince(before)).toEqual({ heard: true, success: true, error: true });
  expect((await stored())?.last_error).toBe('refused: connect ECONNREFUSED');
});

test('a call that could not be stored is stored by the next round, however lately another one was', async () => {
  contacts.heardFrom(partner);
  await contacts.save();
  const before = await now();
  contacts.heardFrom(partner);
  await withoutStore(() => contacts.save(true));
  await contacts.save();
  expect((await storedSince(before)).heard).toBe(true);
});

test('failures before and after a round that could not be stored are all counted', async () => {
  contacts.failed(partner, 'first');
  contacts.failed(partner, 'second');
  await withoutStore(() => contacts.save());
  contacts.failed(partner, 'third');
  await contacts.save();
  expect(await failures()).toEqual({ failures: 3, failing: true });
  expect((await stored())?.last_error).toBe('third');
});

test('a success after a round that could not be stored ends the failures before it, and keeps the error', async () => {
  contacts.failed(partner, 'refused');
  await withoutStore(() => contacts.save());
  contacts.reached(partner);
  await contacts.save();
  expect(await failures()).toEqual({ failures: 0, failing: false });
  expect(await stored()).toMatchObject({ last_error: 'refused', last_success: expect.any(Date) });
});

test('failures while a round is under way that is not stored are counted with those before it', async () => {
  contacts.failed(partner, 'first');
  await whileOneFails(() => contacts.failed(partner, 'second'));
  await contacts.save();
  expect(await failures()).toEqual({ failures: 2, failing: true });
  expect((await stored())?.last_error).toBe('second');
});

test('a success while a round is under way that is not stored ends the failures before it', async () => {
  contacts.heardFrom(partner);
  contacts.failed(partner, 'refused');
  await whileOneFails(() => contacts.reached(partner));
  await contacts.save();
  expect(await failures()).toEqual({ failures: 0, failing: false });
  expect(await stored()).toMatchObject({
    last_heard: expect.any(Date),
    last_success: expect.any(Date),
    last_error: 'refused',
  });
});

test('several rounds that cannot be stored lose nothing either', async () => {
  await withoutStore(async () => {
    contacts.heardFrom(partner);
    await contacts.save(true);
    contacts.failed(partner, 'refused');
    await contacts.save(true);
    contacts.reached(partner);
    await contacts.save(true);
  });
  await contacts.save();
  expect(await stored()).toMatchObject({
    last_heard: expect.any(Date),
    last_success: expect.any(Date),
    last_error: 'refused',
  });
});

test('news of a partner is told once it is stored', async () => {
  const told: string[] = [];
  contacts.onNews((partners) => told.push(...partners));
  contacts.failed(partner, 'refused');
  await withoutStore(async () => {
    await contacts.save();
    expect(told).toEqual([]);
  });
  await contacts.save();
  expect(told).toEqual([partner]);
});

test('what could not be stored is stored at the end of the process', async () => {
  contacts.heardFrom(partner);
  await withoutStore(() => contacts.save(true));
  await contacts.close();
  expect((await stored())?.last_heard).toEqual(expect.any(Date));
});
