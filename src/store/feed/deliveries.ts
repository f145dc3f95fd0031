import type { Pool, PoolClient } from 'pg';
import { moduleName } from '../../ocpi/versions';

export const DELIVERY_STATES = ['failed', 'uncertain', 'waiting', 'posting', 'delivered'] as const;
export type DeliveryState = (typeof DELIVERY_STATES)[number];

/** One row of GET /admin/api/deliveries. `id` tells CDRs (`cdr-…`) and other objects (`obj-…`) apart. */
export interface DeliveryReport {
  id: string;
  state: DeliveryState;
  module: string;
  object_id: string;
  part: string | null;
  owner: string;
  receiver: string;
  partner_id: string | null;
  attempts: number;
  error: string | null;
  at: Date;
  location_url: string | null;
}

const COLUMNS = `h.module, h.sent_id as object_id, o.country_code || '/' || o.party_id as owner,
  r.country_code || '/' || r.party_id as receiver, r.partner_id`;
const JOINS = `join head h on h.id = d.head_id join party o on o.number = h.owner join party r on r.number = d.receiver`;

type Row = Omit<DeliveryReport, 'module'> & { module: number };

/** The deliveries in a state, newest first, at most `limit`. */
export async function listDeliveries(
  pool: Pool,
  state: DeliveryState,
  limit: number,
): Promise<DeliveryReport[]> {
  const cdrs = await pool.query<Row>(
    `select 'cdr-' || d.id as id, d.state, ${COLUMNS}, null as part, d.attempts, d.error, d.updated_at as at, d.location_url
       from cdr_delivery d ${JOINS} where d.state = $1 order by d.id desc limit $2`,
    [state, limit],
  );
  const objects = await pool.query<Row>(
    `select 'obj-' || d.id as id, 'failed' as state, ${COLUMNS}, nullif(d.part, '') as part, d.attempts, d.error, d.at,
            null as location_url
       from failed_delivery d ${JOINS} where $1 = 'failed' order by d.id desc limit $2`,
    [state, limit],
  );
  return [...objects.rows, ...cdrs.rows].map((row) => ({
    ...row,
    module: moduleName(row.module),
  }));
}

async function retryObject(client: PoolClient, id: string): Promise<string | undefined> {
  const result = await client.query<{ partner_id: string }>(
    `with gone as (delete from failed_delivery where id = $1 returning receiver, head_id, part),
          again as (
            insert into change (head_id, version, owner, module, part, receiver, correlation_id)
            select h.id, s.version, h.owner, h.module, nullif(g.part, ''), g.receiver, gen_random_uuid()::text
              from gone g join head h on h.id = g.head_id join head_state s on s.head_id = h.id)
     select y.partner_id from gone g join party y on y.number = g.receiver`,
    [id],
  );
  return result.rows[0]?.partner_id;
}

async function retryCdr(client: PoolClient, id: string): Promise<string | undefined> {
  const result = await client.query<{ partner_id: string }>(
    `with again as (
       update cdr_delivery d set state = case when d.state = 'uncertain' then 'posting' else 'waiting' end, updated_at = now()
        where d.id = $1 and d.state in ('failed', 'uncertain') returning d.head_id, d.receiver),
          told as (
       insert into change (head_id, version, owner, module, receiver, correlation_id)
       select h.id, s.version, h.owner, h.module, a.receiver, gen_random_uuid()::text from again a join head h on h.id = a.head_id join head_state s on s.head_id = h.id)
     select y.partner_id from again a join party y on y.number = a.receiver`,
    [id],
  );
  return result.rows[0]?.partner_id;
}

/** Sends a failed delivery again; answers the partner that it goes to, undefined where there is no such delivery. */
export async function retryDelivery(pool: Pool, id: string): Promise<string | undefined> {
  const found = /^(cdr|obj)-(\d{1,18})$/.exec(id);
  if (!found?.[2]) return undefined;
  const client = await pool.connect();
  try {
    return found[1] === 'cdr' ? await retryCdr(client, found[2]) : await retryObject(client, found[2]);
  } finally {
    client.release();
  }
}
