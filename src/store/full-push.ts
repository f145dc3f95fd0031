import type { PoolClient, Pool } from 'pg';

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

/**
 * Has all of a partner's parties brought up to date from scratch: a full push of what each may see. Their places in
 * the feed stay, so that nothing between place and horizon is missed; the raised fence ends whoever pushes now, and
 * without a last success every session is pushed, not only those changed since. What a comparison found is void.
 * @returns the numbers of the receivers
 */
export async function requestFullPush(pool: Pool, partnerId: string): Promise<number[]> {
  const { rows } = await pool.query<{ receiver: number }>(
    `with voided as (update drift_report set repaired = true where partner_id = $1 and not repaired)
     insert into position (receiver, partner_id, xid, number, full_push, full_push_since)
     select number, partner_id, pg_snapshot_xmin(pg_current_snapshot()), 0, 0, '0' from party
      where partner_id = $1 and status in ('CONNECTED', 'OFFLINE') order by number
     on conflict (receiver) do update set full_push = 0, fence = position.fence + 1, last_success = null,
       full_push_since = '0'
     returning receiver`,
    [partnerId],
  );
  return rows.map((row) => row.receiver);
}

/**
 * What is set of positions whose receivers get a full push, from the horizon of this moment; the raised fence ends
 * whoever pushes now. One that begins anew before it ended still holds what was written since it first began.
 */
export const FULL_PUSH_ANEW = `
  xid = pg_snapshot_xmin(pg_current_snapshot()), number = 0, full_push = 0, fence = position.fence + 1,
  full_push_since = case when position.full_push is null then position.xid else position.full_push_since end`;
