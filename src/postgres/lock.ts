import net from 'node:net';
import { Client } from 'pg';
import { anotherHub } from './errors';
import { ROLE } from './cluster';

/** PostgreSQL's port only names the socket file here. */
export const PORT = 5432;

/** Held by the hub that a cluster serves, for as long as that hub lives. */
const HUB_LOCK = 4711;

/** Whether a hub holds a server: `unknown` while it does not let us in (it starts, recovers or ends). */
export type Holder = 'hub' | 'nobody' | 'unknown';

/** What the lock needs of a pg Client or PoolClient. */
export interface Session {
  query(text: string, values: unknown[]): Promise<{ rows: { held?: boolean; place?: string }[] }>;
}

/** A new pg client, not yet connected, for one database of the server behind a socket folder. */
export function clientOf(socketDir: string, database: string, socket = new net.Socket()): Client {
  const stream = (): net.Socket => socket;
  return new Client({
    host: socketDir,
    port: PORT,
    user: ROLE,
    database,
    stream,
    connectionTimeoutMillis: 10_000,
  });
}

/**
 * Takes the lock of the hub for the life of this session, which must be the embedded database's (an outside one serves
 * several processes).
 * @throws EmbeddedError anotherHub, when another session holds it
 */
export async function holdHubLock(client: Session): Promise<void> {
  const text = "select pg_try_advisory_lock($1) as held, current_setting('data_directory') as place";
  const { rows } = await client.query(text, [HUB_LOCK]);
  if (rows[0]?.held !== true) throw anotherHub(rows[0]?.place ?? 'this database');
}

/** Who holds the server behind a socket folder, in whichever of its databases. */
export async function holderOf(socketDir: string): Promise<Holder> {
  const client = clientOf(socketDir, 'postgres');
  client.on('error', () => undefined); // a server that ends while we ask: the query fails too
  try {
    await client.connect();
    const text = "select 1 from pg_locks where locktype = 'advisory' and objid = $1 and granted";
    return (await client.query(text, [HUB_LOCK])).rowCount ? 'hub' : 'nobody';
  } catch {
    return 'unknown';
  } finally {
    await client.end().catch(() => undefined);
  }
}
