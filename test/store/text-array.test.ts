import { Client } from 'pg';
import { textArray } from '../../src/store/write-lane/text-array';
import { testDatabase } from '../support/test-database';

let client: Client;

beforeAll(async () => {
  const { connection } = await testDatabase();
  client = new Client(connection);
  await client.connect();
});

afterAll(() => client.end());

test.each([
  [[]],
  [['']],
  [['a', null, 'b']],
  [['"', '\\', '{"a":"\\"b\\""}', '{}', 'NULL', ' , ']],
  [['€ 𝄞 ü', '\n\t\u0001', 'x'.repeat(100_000)]],
])('texts reach the database as they are: %j', async (values) => {
  const { rows } = await client.query<{ list: string[] }>('select $1::text[] as list', [textArray(values)]);
  expect(rows[0]?.list).toEqual(values);
});
