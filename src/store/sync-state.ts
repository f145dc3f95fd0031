import type { Pool } from 'pg';

/** What is open towards a partner beside its places in the change log. */
export interface OpenWork {
  /** Objects that it refused, and CDRs. */
  deliveries_failed: number;
  cdrs_waiting: number;
  /** Posted, the answer lost, refused when posted again. */
  cdrs_uncertain: number;
  /** Parties whose ClientInfo it does not know yet as it is. */
  client_info: number;
  /** The oldest of all that is open, the change log included. */
  since: Date | null;
}

const CDRS = `cdr_delivery d join party y on y.number = d.receiver where y.partner_id = $1 and d.state`;
const CHANGES = `from position p, lateral (
  select c.at from change c where (c.xid, c.number) > (p.xid, p.number) order by c.xid, c.number limit 1) c
  where p.partner_id = $1`;

/** Reads it by the database's clock. `wantsClientInfo`: the partner has a place for ClientInfo. */
export async function readOpenWork(
  pool: Pool,
  partnerId: string,
  wantsClientInfo: boolean,
): Promise<OpenWork> {
  const { rows } = await pool.query<OpenWork>(
    `with failed as (
       select f.at from failed_delivery f join party y on y.number = f.receiver where y.partner_id = $1
       union all select d.updated_at from ${CDRS} = 'failed'),
     waiting as (select d.created_at as at from ${CDRS} in ('waiting', 'posting')),
     uncertain as (select d.updated_at as at from ${CDRS} = 'uncertain'),
     info as (
       select y.last_updated as at from party y, client_info_position p
        where $2 and p.partner_id = $1 and y.info_version > p.version and y.partner_id is distinct from $1)
     select (select count(*)::int from failed) as deliveries_failed,
            (select count(*)::int from waiting) as cdrs_waiting,
            (select count(*)::int from uncertain) as cdrs_uncertain,
            (select count(*)::int from info) as client_info,
            (select min(at) from (
               select at from failed union all select at from waiting union all select at from uncertain
               union all select at from info union all select c.at ${CHANGES}) open) as since`,
    [partnerId, wantsClientInfo],
  );
  const row = rows[0];
  if (!row) throw new Error('no answer to a count');
  return row;
}
