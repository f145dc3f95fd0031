import fs from 'node:fs';
import os from 'node:os';
import path from 'node:path';
import { Pool, type PoolClient } from 'pg';
import { migrate } from '../../src/store/database';
import { startEmbedded, type EmbeddedPostgres } from '../../src/postgres';
import { FeedStore, type Change } from '../../src/store/feed/feed-store';
import { ChangeLog } from '../../src/sync/feed/change-log';

/* On a server of its own: an open write stops the feed of every database beside it. */

let server: EmbeddedPostgres;
let pool: Pool;
let owner: number;

beforeAll(async () => {
  const dir = fs.mkdtempSync(path.join(os.tmpdir(), 'hub-test-'));
  fs.chmodSync(dir, 0o755);
  server = await startEmbedded({ dataDir: dir, durable: false });
  const connection = { host: server.host, port: server.port, user: server.user, database: server.database };
  await migrate(connection);
  pool = new Pool({ ...connection, max: 20 });
  pool.on('error', () => undefined);
  const row = await pool.query<{ number: number }>(
    `insert into party (country_code, party_id) values ('NL', 'ABC') returning number`,
  );
  owner = row.rows[0]?.number ?? 0;
});

afterAll(async () => {
  await pool.end();
  await server.stop();
});

async function reader(): Promise<ChangeLog> {
  const reading = new ChangeLog(new FeedStore(pool), () => Promise.resolve());
  await reading.start();
  return reading;
}

/** Begins a write and takes its transaction id, without a change row yet. */
async function begin(): Promise<PoolClient> {
  const client = await pool.connect();
  await client.query('begin; select pg_current_xact_id()');
  return client;
}

const change = (client: PoolClient | Pool, name: string): Promise<unknown> =>
  client.query(
    `insert into change (module, owner, part, head_id, correlation_id) values (1, $1, $2, 1, 'c')`,
    [owner, name],
  );

async function commit(client: PoolClient): Promise<void> {
  await client.query('commit');
  client.release();
}

async function readAll(
  reading: ChangeLog,
  after: { xid: number; number: number },
): Promise<{ names: string[]; end: { xid: number; number: number } }> {
  await reading.advance();
  const changes: Change[] = await reading.after(after, 1000);
  const last = changes.at(-1);
  return { names: changes.map((c) => c.part ?? ''), end: last ?? after };
}

test('a change that took its number first and committed last is not lost', async () => {
  const reading = await reader();
  const start = await new FeedStore(pool).horizon();
  const early = await begin();
  const late = await begin();
  await change(early, 'number 1, commits last');
  await change(late, 'number 2, commits first');
  await commit(late);
  const first = await readAll(reading, { xid: start.xid - 1, number: Number.MAX_SAFE_INTEGER });
  await commit(early);
  const second = await readAll(reading, first.end);
  expect([...first.names, ...second.names].sort()).toEqual([
    'number 1, commits last',
    'number 2, commits first',
  ]);
});

test('a change of a later transaction that holds the lower number is not lost', async () => {
  const reading = await reader();
  const start = await new FeedStore(pool).horizon();
  const early = await begin();
  const late = await begin();
  await change(late, 'later transaction, lower number');
  await commit(late);
  const blocked = await readAll(reading, { xid: start.xid - 1, number: Number.MAX_SAFE_INTEGER });
  expect(blocked.names).toEqual([]);
  await change(early, 'earlier transaction, higher number');
  await commit(early);
  const { names } = await readAll(reading, blocked.end);
  expect(names).toEqual(['earlier transaction, higher number', 'later transaction, lower number']);
});

test('many writers that commit in random order lose nothing', async () => {
  const reading = await reader();
  const start = await new FeedStore(pool).horizon();
  let end = { xid: start.xid - 1, number: Number.MAX_SAFE_INTEGER };
  const seen: string[] = [];
  const written: string[] = [];
  for (let round = 0; round < 30; round++) {
    const writers = await Promise.all(Array.from({ length: 6 }, begin));
    for (const [i, writer] of writers.toReversed().entries()) {
      written.push(`${round}/${i}`);
      await change(writer, `${round}/${i}`);
    }
    for (const writer of writers.sort(() => (round % 2 === 0 ? -1 : 1))) {
      await commit(writer);
      const read = await readAll(reading, end);
      seen.push(...read.names);
      end = read.end;
    }
  }
  expect(seen.sort()).toEqual(written.sort());
});
