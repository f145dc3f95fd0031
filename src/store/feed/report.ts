import type { Pool } from 'pg';
import { askPatiently } from '../bounded-client';

/** One receiver in GET /admin/api/feed. */
export interface ReceiverReport {
  partner_id: string;
  country_code: string;
  party_id: string;
  position: { xid: string; number: string };
  behind: { changes: number; seconds: number };
  full_push: boolean;
  cdrs_waiting: number;
  deliveries_failed: number;
  last_success: Date | null;
  last_error: string | null;
  last_error_at: Date | null;
  worker: string | null;
}

const READ_FEED = `
    select p.partner_id, y.country_code, y.party_id, p.xid::text as xid, p.number::text as number,
           p.full_push is not null as full_push, p.last_success, p.last_error, p.last_error_at,
           (select count(*)::int from (select 1 from change c where (c.xid, c.number) > (p.xid, p.number) limit 100000) n) as changes,
           coalesce((select extract(epoch from now() - c.at)::int from change c
                      where (c.xid, c.number) > (p.xid, p.number) order by c.xid, c.number limit 1), 0) as seconds,
           (select count(*)::int from cdr_delivery d where d.receiver = p.receiver and d.state in ('waiting', 'posting')) as cdrs_waiting,
           (select count(*)::int from failed_delivery f where f.receiver = p.receiver)
             + (select count(*)::int from cdr_delivery d where d.receiver = p.receiver and d.state in ('failed', 'uncertain')) as deliveries_failed,
           (select l.holder from lease l join worker w on w.holder = l.holder
             where l.partner_id = p.partner_id and l.until > now() and w.until > now()) as worker
      from position p join party y on y.number = p.receiver
     where $1::uuid is null or p.partner_id = $1
     order by y.number`;

/** How far each receiver is behind (of one partner, where it is given), counted up to 100,000 changes. */
export async function reportFeed(pool: Pool, partnerId: string | null): Promise<ReceiverReport[]> {
  const result = await askPatiently<
    Omit<ReceiverReport, 'position' | 'behind'> & {
      xid: string;
      number: string;
      changes: number;
      seconds: number;
    }
  >(pool, READ_FEED, [partnerId]);
  return result.rows.map(({ xid, number, changes, seconds, ...row }) => ({
    ...row,
    position: { xid, number },
    behind: { changes, seconds },
  }));
}

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
