import type { PoolClient } from 'pg';
import { FULL_PUSH_ANEW } from './sql/full-push-anew';

/** Module number of a change that concerns all objects of its owner. */
const ALL_OF_OWNER = 0;

/**
 * To be called within the transaction that makes parties visible (registered, registered again, resumed, moved):
 * what they own is worked off at all receivers like a full push, and they as receivers get a full push of what
 * they may see. Their place in the feed is taken before the commit, so nothing written meanwhile is missed.
 */
export async function announceParties(
  client: PoolClient,
  numbers: readonly number[],
  correlationId: string,
): Promise<void> {
  if (numbers.length === 0) return;
  await client.query(
    `insert into change (module, owner, correlation_id) select ${ALL_OF_OWNER}, n, $2 from unnest($1::int[]) n`,
    [numbers, correlationId],
  );
  await client.query(
    `insert into position (receiver, partner_id, xid, number, full_push, full_push_since)
     select number, partner_id, pg_snapshot_xmin(pg_current_snapshot()), 0, 0, '0' from party
      where number = any($1::int[]) and partner_id is not null
     on conflict (receiver) do update set partner_id = excluded.partner_id, ${FULL_PUSH_ANEW}`,
    [numbers],
  );
}
