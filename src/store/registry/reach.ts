import type { PoolClient } from 'pg';

/** A platform's live parties become CONNECTED or OFFLINE. */
export interface ReachChange {
  partnerId: string;
  status: 'CONNECTED' | 'OFFLINE';
  /** It calls the hub although it cannot be reached. */
  calling: boolean;
  /** The worker that says so: it must still lease the platform. */
  holder: string;
}

/**
 * Within the transaction of Registry.write, the partner's row locked. What failed before no longer counts.
 * @returns whether anything changed.
 */
export async function setReach(client: PoolClient, change: ReachChange): Promise<boolean> {
  const { partnerId, status, calling, holder } = change;
  const { rowCount } = await client.query(
    `update party set status = $2, info_version = null
      where partner_id = $1 and status = $3
        and exists (select 1 from lease join worker using (holder) where partner_id = $1 and holder = $4
                     and lease.until > clock_timestamp() and worker.until > clock_timestamp())`,
    [partnerId, status, status === 'OFFLINE' ? 'CONNECTED' : 'OFFLINE', holder],
  );
  if (!rowCount) return false;
  await client.query(
    `insert into partner_contact (partner_id, calling) values ($1, $2)
     on conflict (partner_id) do update set calling = excluded.calling, failures = 0, failing_since = null`,
    [partnerId, calling],
  );
  return true;
}
