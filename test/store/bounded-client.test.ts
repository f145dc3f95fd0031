import { openDatabase, type Database } from '../../src/store/database';
import { within } from '../../src/store/bounded-client';
import { testDatabase } from '../support/test-database';

/* No statement is waited for without end. */

let database: Database;
beforeAll(async () => {
  database = await openDatabase((await testDatabase()).connection, 1);
});
afterAll(() => database.close());

const pid = async (): Promise<number | undefined> =>
  (await database.pool.query<{ pid: number }>('select pg_backend_pid() as pid')).rows[0]?.pid;

test('a statement that takes longer than it says is cut off with its connection; the next one has another', async () => {
  const before = await pid();
  const slow = within(100, { text: 'select pg_sleep(60)' });
  await expect(database.pool.query(slow)).rejects.toThrow(/terminated/);
  expect(await pid()).not.toBe(before);
});

test('a limit is that of one statement: the next on the same connection has its own', async () => {
  const before = await pid();
  await database.pool.query(within(20, { text: 'select 1' }));
  await database.pool.query('select pg_sleep(0.1)');
  expect(await pid()).toBe(before);
});
