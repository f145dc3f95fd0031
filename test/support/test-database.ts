import { randomUUID } from 'node:crypto';
import { Client } from 'pg';

/** The migrated database that every test database is a copy of. */
export const TEMPLATE = 'tpl';

/** How to connect to a database of the test server. */
export interface TestConnection {
  host: string;
  port: number;
  user: string;
  database: string;
}

/** A database of its own; it need not be dropped, as the server goes with the test run. */
export interface TestDatabase {
  connection: TestConnection;
  /** For what takes a DATABASE_URL. */
  url: string;
  drop(): Promise<void>;
}

/** Two workers may not copy one template at once. */
const COPY_LOCK = 1;

/** Makes a migrated, empty database for one test file. */
export async function testDatabase(): Promise<TestDatabase> {
  const database = `t_${randomUUID().replaceAll('-', '')}`;
  await onServer(async (client) => {
    await client.query('select pg_advisory_lock($1)', [COPY_LOCK]);
    await client.query(`create database ${database} template ${TEMPLATE} strategy file_copy`);
  });
  const connection = { ...serverOptions(), database };
  const drop = (): Promise<void> =>
    onServer(async (client) => void (await client.query(`drop database if exists ${database} with (force)`)));
  return { connection, url: urlOf(connection), drop };
}

/** The connection as a URL: the socket folder is its host, percent-encoded. */
export function urlOf({ host, port, user, database }: TestConnection): string {
  return `postgresql://${user}@${encodeURIComponent(host)}:${port}/${database}`;
}

function serverOptions(): Omit<TestConnection, 'database'> {
  const text = process.env['TEST_SERVER'];
  if (text === undefined)
    throw new Error('the test server is not running: tests are run by jest, see global-setup.ts');
  return JSON.parse(text) as Omit<TestConnection, 'database'>;
}

async function onServer(work: (client: Client) => Promise<void>): Promise<void> {
  const client = new Client({ ...serverOptions(), database: 'postgres' });
  await client.connect();
  try {
    await work(client);
  } finally {
    await client.end();
  }
}
