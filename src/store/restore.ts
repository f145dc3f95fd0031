import type { PoolClient } from 'pg';
import type { Logger } from 'pino';
import type { Database } from './database';
import { FULL_PUSH_ANEW } from './full-push';

/*
 * A database that was restored is older than the world, and one that was restored into another server may hold
 * transaction ids that this server has not reached: the feed would wait for them for years. Both are noticed at start,
 * before anything is sent, and repaired in one transaction (docs/adr/0014).
 */

/** Why a start treats the database as restored. */
export type RestoreReason =
  | { kind: 'said'; name: string }
  | { kind: 'other server'; known: string; found: string }
  | { kind: 'ids ahead'; highest: string; next: string };

interface Found {
  system: string | null;
  known: string | null;
  restored: string | null;
  highest: string | null;
  next: string;
}

/** Of all processes that start at once one repairs, the others wait for it. */
const FIND = `
  select u.system_identifier as known, u.restored, h.highest::text as highest, h.next::text as next
    from upkeep u, lateral (
      select greatest((select max(xid) from change), (select max(xid) from position)) as highest,
             pg_snapshot_xmax(pg_current_snapshot()) as next) h for update of u`;
const SYSTEM = `select system_identifier::text as system from pg_control_system()`;

/** Nothing of the log is needed where everybody gets a full push. */
const REPAIR = [
  `delete from change`,
  `update position set ${FULL_PUSH_ANEW}`,
  `update client_info_position set version = 0`,
  `update cdr_delivery set state = 'posting', updated_at = now() where state = 'waiting'`,
];
const NOTE = `
  update upkeep set system_identifier = coalesce($1, system_identifier), restored = coalesce($2, restored),
         restored_at = case when $3 then now() else restored_at end`;

/** Some hosts do not let it be read. */
async function systemOf(client: PoolClient): Promise<string | null> {
  await client.query('savepoint system');
  try {
    return (await client.query<{ system: string }>(SYSTEM)).rows[0]?.system ?? null;
  } catch {
    await client.query('rollback to savepoint system');
    return null;
  }
}

/** Pure: what the database and the operator say. `restored` is a name that each restore is given once. */
function restoreReason(found: Found, restored: string | undefined): RestoreReason | undefined {
  if (found.highest !== null && BigInt(found.highest) >= BigInt(found.next))
    return { kind: 'ids ahead', highest: found.highest, next: found.next };
  if (found.system !== null && found.known !== null && found.system !== found.known)
    return { kind: 'other server', known: found.known, found: found.system };
  if (restored !== undefined && restored !== found.restored) return { kind: 'said', name: restored };
  return undefined;
}

async function notice(client: PoolClient, restored: string | undefined): Promise<RestoreReason | undefined> {
  const system = await systemOf(client);
  const row = (await client.query<Omit<Found, 'system'>>(FIND)).rows[0];
  if (!row) throw new Error('the table upkeep has lost its row');
  const reason = restoreReason({ ...row, system }, restored);
  if (reason) for (const statement of REPAIR) await client.query(statement);
  await client.query(NOTE, [system, restored ?? null, reason !== undefined]);
  return reason;
}

/**
 * To be called at start, migrated, before anything is served or sent. Where the database was restored: everybody gets
 * a full push, and CDRs that were not delivered are asked for before they are posted.
 * @param restored RESTORED: the operator says so, once per name
 */
export async function noticeRestore(
  database: Database,
  options: { restored: string | undefined; log: Logger },
): Promise<RestoreReason | undefined> {
  const client = await database.pool.connect();
  try {
    await client.query('begin');
    const reason = await notice(client, options.restored);
    await client.query('commit');
    if (reason) options.log.warn({ reason }, 'THE DATABASE WAS RESTORED: all receivers get a full push');
    return reason;
  } catch (error) {
    await client.query('rollback').catch(() => undefined);
    throw error;
  } finally {
    client.release();
  }
}
