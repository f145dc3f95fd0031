import type { Pool } from 'pg';

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
