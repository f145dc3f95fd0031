import { getMetadataArgsStorage } from 'typeorm';
import { Client } from 'pg';
import { migrations } from '../../migrations';
import { ConfigError } from '../config';
import { entities, type Connection } from './database';
import { explained } from './database-fault';

/*
 * A look at the database before anything is done there, which changes nothing: is it new enough, may we write, how
 * much is to be migrated. A start refuses what is of no use; `npm run doctor` shows all of it.
 */

/** The oldest PostgreSQL that has what the hub uses, as its server_version_num. */
const OLDEST = 150_000;
const CONNECT_MS = 10_000;

/** What a database says about itself and about us. */
export interface DatabaseView {
  version: string;
  versionNumber: number;
  user: string;
  /** In which tables are made; null where we may use none. */
  schema: string | null;
  mayCreate: boolean;
  standby: boolean;
  /** Milliseconds by which its clock is ahead of ours. */
  clockAheadMs: number;
  /** Migrations that a start would apply. */
  pending: number;
  /** Tables of the hub that we may not read and write. */
  closedTables: readonly string[];
  /** Proof of the SECRET_KEY that is in use there (store/vault.ts). */
  proof: Buffer | undefined;
}

const VIEW = `
  select current_setting('server_version') as version, current_user as "user", current_schema() as schema,
         current_setting('server_version_num')::int as "versionNumber", pg_is_in_recovery() as standby,
         coalesce(has_schema_privilege(current_schema(), 'CREATE'), false) as "mayCreate",
         (extract(epoch from clock_timestamp()) * 1000)::float8 as now`;
/** $1 names of tables */
const CLOSED = `
  select name from unnest($1::text[]) as name
   where not (has_table_privilege(to_regclass(name), 'SELECT') and has_table_privilege(to_regclass(name), 'INSERT')
          and has_table_privilege(to_regclass(name), 'UPDATE') and has_table_privilege(to_regclass(name), 'DELETE'))`;
const IS_THERE = `select to_regclass($1) is not null as there`;

type Row = Omit<DatabaseView, 'clockAheadMs' | 'pending' | 'closedTables' | 'proof'> & { now: number };

async function view(client: Client): Promise<DatabaseView> {
  const asked = Date.now();
  const row = (await client.query<Row>(VIEW)).rows[0];
  if (!row) throw new Error('no answer to a question of one row');
  const { now, ...said } = row;
  const clockAheadMs = Math.round(now - (asked + Date.now()) / 2);
  const closedTables = await closed(client);
  return {
    ...said,
    clockAheadMs,
    closedTables,
    pending: migrations.length - (closedTables.includes('migrations') ? 0 : await applied(client)),
    proof: closedTables.length === 0 ? await proofIn(client) : undefined,
  };
}

async function isThere(client: Client, table: string): Promise<boolean> {
  return (await client.query<{ there: boolean }>(IS_THERE, [table])).rows[0]?.there === true;
}

async function closed(client: Client): Promise<string[]> {
  const ours = new Set(Object.values(entities));
  const tables = getMetadataArgsStorage().tables.filter(
    ({ target }) => typeof target === 'function' && ours.has(target),
  );
  const names = [...tables.flatMap(({ name }) => name ?? []), 'migrations'];
  return (await client.query<{ name: string }>(CLOSED, [names])).rows.map(({ name }) => name);
}

async function applied(client: Client): Promise<number> {
  if (!(await isThere(client, 'migrations'))) return 0;
  const { rows } = await client.query<{ name: string }>('select name from migrations');
  const known = new Set(migrations.map(({ name }) => name));
  return rows.filter(({ name }) => known.has(name)).length;
}

async function proofIn(client: Client): Promise<Buffer | undefined> {
  if (!(await isThere(client, 'hub_key'))) return undefined;
  return (await client.query<{ proof: Buffer }>('select proof from hub_key')).rows[0]?.proof;
}

/** Looks at a database. @throws ConfigError that names DATABASE_URL and what to do, where there is none to look at */
export async function lookAt(connection: Connection): Promise<DatabaseView> {
  const settings = { application_name: 'ocpi-hub look', connectionTimeoutMillis: CONNECT_MS };
  const target = 'url' in connection ? { connectionString: connection.url } : connection;
  const client = new Client({ ...target, ...settings, query_timeout: CONNECT_MS });
  client.on('error', () => undefined); // the statement under way rejects too
  try {
    await client.connect();
    return await view(client);
  } catch (error) {
    throw explained(error, connection);
  } finally {
    void client.end().catch(() => undefined);
  }
}

/** Pure: why the hub cannot use a database of this version; undefined where it can. */
export function versionFault({ version, versionNumber }: DatabaseView): string | undefined {
  if (versionNumber >= OLDEST) return undefined;
  return `PostgreSQL ${version} is too old: the hub needs ${OLDEST / 10_000} or newer`;
}

/** Pure: what the user of the hub may not do there, with the remedy; undefined where it may do all. */
export function rightsFault(seen: DatabaseView): string | undefined {
  const { user, schema, pending, mayCreate, standby, closedTables } = seen;
  if (standby) return 'the server is a standby and takes no writes: name the primary';
  const grant = (rights: string, on: string): string =>
    `GRANT ${rights} ON ${on} ${schema ?? 'public'} TO "${user}"`;
  const all = grant('SELECT, INSERT, UPDATE, DELETE', 'ALL TABLES IN SCHEMA');
  if (closedTables.length > 0)
    return `user "${user}" may not use ${closedTables.join(', ')}: as the owner run ${all}`;
  if (pending === 0 || mayCreate) return undefined;
  return `user "${user}" may not make tables: as the owner run ${grant('USAGE, CREATE', 'SCHEMA')}`;
}

/** Before the first change. @throws ConfigError that names DATABASE_URL and what to do */
export async function requireUsable(connection: Connection): Promise<void> {
  const seen = await lookAt(connection);
  const fault = versionFault(seen) ?? rightsFault(seen);
  if (fault !== undefined) throw new ConfigError('DATABASE_URL', fault);
}
