import { execFileSync } from 'node:child_process';
import path from 'node:path';
import { Pool } from 'pg';
import { stringValue } from '../../src/domain/json/json-text';
import { takeWhole } from '../../src/hub/objects/decide-flat';
import { sessions } from '../../src/ocpi/v2_2_1/sessions/module';
import { Objects } from '../../src/store/objects/objects';
import type { StoredObject } from '../../src/store/objects/types';
import type { OtherWrite } from '../support/other-writer';
import { testDatabase, type TestConnection } from '../support/test-database';

/* Another process writes an object between the moment at which a write on it is decided and that at which it is stored. */

const SUPPORT = path.join(__dirname, '../support');
/** SQLSTATE of a lock that was not had in time. */
const LOCKED = '55P03';

let connection: TestConnection;
let pool: Pool;
let objects: Objects;
let owner: number;

beforeAll(async () => {
  ({ connection } = await testDatabase());
  pool = new Pool(connection);
  objects = new Objects(pool, () => undefined);
  const made = await pool.query<{ number: number }>(
    `insert into party (country_code, party_id) values ('BE', 'BEC') returning number`,
  );
  owner = made.rows[0]?.number ?? 0;
});

afterAll(async () => {
  await objects.close();
  await pool.end();
});

const at = (second: number): string => new Date(Date.UTC(2026, 0, 1, 0, 0, second)).toISOString();

/** While it runs nothing goes on here: it lies between a decision and its write. */
function anotherProcessWrites(id: string, last_updated: string): string {
  const write: OtherWrite = { connection, owner, id, last_updated };
  const args = ['-r', path.join(SUPPORT, 'register.cjs'), path.join(SUPPORT, 'other-writer.ts')];
  return execFileSync(process.execPath, [...args, JSON.stringify(write)], { encoding: 'utf8' }).trim();
}

/** A PUT of a session. `meanwhile` runs after each decision on it, before that is stored; told what was there. */
const put = (
  id: string,
  last_updated: string,
  meanwhile: (current: StoredObject) => void = () => undefined,
): Promise<string> =>
  objects.transact(
    { module: sessions, owner, key: id, id },
    { wantText: false, correlation_id: 'c' },
    (current) => {
      const decision = takeWhole(JSON.stringify({ id, last_updated }), {}, current);
      meanwhile(current);
      return decision;
    },
  );

async function stored(id: string): Promise<string | undefined> {
  const found = await objects.read({ module: sessions, owner, key: id });
  return found && stringValue(found.text, 'last_updated');
}

/** Rows of the change log. */
async function changesOf(id: string): Promise<number> {
  const { rows } = await pool.query<{ count: number }>(
    `select count(*)::int as count from change c join head h on h.id = c.head_id where h.sent_id = $1`,
    [id],
  );
  return rows[0]?.count ?? 0;
}

test('a write that lost three races is decided again with its object locked, and then nobody is faster', async () => {
  await put('LOCK', at(0));
  const seen: string[] = [];
  const others: string[] = [];
  await put('LOCK', at(9), (current) => {
    seen.push(current.last_updated);
    others.push(anotherProcessWrites('LOCK', at(seen.length)));
  });
  expect(others).toEqual(['stored', 'stored', 'stored', LOCKED]);
  expect(seen).toEqual([at(0), at(1), at(2), at(3)]);
  expect(await stored('LOCK')).toBe(at(9));
  expect(await changesOf('LOCK')).toBe(5);
});

test('after a write with its object locked, others write that object again', async () => {
  await put('FREE', at(0));
  let rounds = 0;
  await put('FREE', at(9), () => {
    if (rounds++ < 3) anotherProcessWrites('FREE', at(rounds));
  });
  expect(rounds).toBe(4);
  expect(anotherProcessWrites('FREE', at(10))).toBe('stored');
  expect(await stored('FREE')).toBe(at(10));
  await put('FREE', at(11));
  expect(await stored('FREE')).toBe(at(11));
});

test('a write that lost its race against a newer one is stale: the newer one stays', async () => {
  await put('STALE', at(0));
  let rounds = 0;
  const answer = await put('STALE', at(1), () => {
    if (rounds++ === 0) anotherProcessWrites('STALE', at(5));
  });
  expect([answer, rounds]).toEqual(['stale', 2]);
  expect(await stored('STALE')).toBe(at(5));
  expect(await changesOf('STALE')).toBe(2);
});

test('a write that makes an object which another process makes first is decided again on that', async () => {
  const existed: boolean[] = [];
  const answer = await put('MADE', at(9), (current) => {
    existed.push(current.exists);
    if (existed.length === 1) anotherProcessWrites('MADE', at(1));
  });
  expect([answer, existed]).toEqual(['updated', [false, true]]);
  expect(await stored('MADE')).toBe(at(9));
});

test('what is written beside a locked object and has lost its own race is decided again too', async () => {
  await put('HELD', at(0));
  await put('BESIDE', at(0));
  const seen: string[] = [];
  let beside: Promise<string> | undefined;
  let rounds = 0;
  await put('HELD', at(9), () => {
    rounds++;
    if (rounds <= 3) anotherProcessWrites('HELD', at(rounds));
    if (rounds !== 3) return;
    anotherProcessWrites('BESIDE', at(1)); // newer than what is remembered of it here
    beside = put('BESIDE', at(9), (current) => void seen.push(current.last_updated));
  });
  expect(await beside).toBe('updated');
  expect(seen).toEqual([at(0), at(1)]);
  expect([await stored('HELD'), await stored('BESIDE')]).toEqual([at(9), at(9)]);
});
