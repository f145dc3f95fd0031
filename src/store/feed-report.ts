import type { Pool } from 'pg';
import { within } from './bounded-client';

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

/** An admin waits longer than a partner: receivers may be far behind, and there may be many. */
const PATIENCE_MS = 30_000;

/** How far each receiver is behind (of one partner, where it is given), counted up to 100,000 changes. */
export async function reportFeed(pool: Pool, partnerId: string | null): Promise<ReceiverReport[]> {
  const question = {
    text: `
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
     order by y.number`,
    values: [partnerId],
  };
  const result = await pool.query<
    Omit<ReceiverReport, 'position' | 'behind'> & {
      xid: string;
      number: string;
      changes: number;
      seconds: number;
    }
  >(within(PATIENCE_MS, question));
  return result.rows.map(({ xid, number, changes, seconds, ...row }) => ({
    ...row,
    position: { xid, number },
    behind: { changes, seconds },
  }));
}
