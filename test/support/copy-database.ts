import { Client } from 'pg';
import type { TestConnection } from './test-database';

/**
 * What pg_dump and psql do with the data (the embedded server has no pg_dump): every row of every table, as it is, in
 * a database that is migrated but empty.
 */
export async function copyDatabase(from: TestConnection, to: TestConnection): Promise<void> {
  const [source, target] = [new Client(from), new Client(to)];
  await Promise.all([source.connect(), target.connect()]);
  try {
    await target.query(`set session_replication_role = replica`); // no foreign keys while rows come
    for (const table of await tablesOf(source)) {
      const { rows } = await source.query<{ all: string }>(
        `select coalesce(json_agg(t), '[]')::text as all from ${table} t`,
      );
      await target.query(`delete from ${table}`);
      await target.query(
        `insert into ${table} overriding system value select * from json_populate_recordset(null::${table}, $1)`,
        [rows[0]?.all ?? '[]'],
      );
    }
    await continueNumbers(target);
  } finally {
    await Promise.all([source.end(), target.end()]);
  }
}

async function tablesOf(client: Client): Promise<string[]> {
  const { rows } = await client.query<{ name: string }>(
    `select quote_ident(table_name) as name from information_schema.tables
      where table_schema = 'public' and table_type = 'BASE TABLE'`,
  );
  return rows.map((row) => row.name);
}

async function continueNumbers(client: Client): Promise<void> {
  const { rows } = await client.query<{ table: string; column: string }>(
    `select quote_ident(table_name) as table, column_name as column from information_schema.columns
      where table_schema = 'public' and is_identity = 'YES'`,
  );
  for (const { table, column } of rows) {
    await client.query(
      `select setval(pg_get_serial_sequence('${table}', '${column}'), coalesce(max(${column}), 1)) from ${table}`,
    );
  }
}
