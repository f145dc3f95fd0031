import type { Pool } from 'pg';
import type { ReceiverAnswer } from '../../domain/push-verdict';
import { moduleName } from '../../ocpi/versions';

/*
 * What became of deliveries, as an admin sees it. CDRs have a row each, other objects only where they failed: the ids
 * tell the two apart. A list shows the objects first, then the CDRs, the newest of each first.
 */

export const DELIVERY_STATES = ['failed', 'uncertain', 'waiting', 'posting', 'delivered'] as const;
export type DeliveryState = (typeof DELIVERY_STATES)[number];

/** One row of GET /admin/api/deliveries. `id` tells CDRs (`cdr-…`) and other objects (`obj-…`) apart. */
export interface DeliveryReport extends ReceiverAnswer {
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

/** Which deliveries; what is undefined does not count. */
export interface DeliveryFilter {
  partner?: string | undefined;
  /** The number of a module. */
  module?: number | undefined;
  ids?: readonly string[] | undefined;
}

export interface DeliveryQuestion extends DeliveryFilter {
  state: DeliveryState;
  /** Half-open, by when it changed last. */
  from?: Date | undefined;
  to?: Date | undefined;
  /** The id of the last one of the page before. */
  after?: string | undefined;
  limit: number;
}

const KINDS = ['obj', 'cdr'] as const;
type Kind = (typeof KINDS)[number];

/** Kind and number of a delivery's id; undefined where it is none. */
export function deliveryId(id: string): { kind: Kind; number: string } | undefined {
  const found = /^(cdr|obj)-(\d{1,18})$/.exec(id);
  const kind = KINDS.find((k) => k === found?.[1]);
  return kind && found?.[2] ? { kind, number: found[2] } : undefined;
}

const NO_ANSWER = { http: null, status_code: null, status_message: null, body: null };

const COLUMNS = `h.module, h.sent_id as object_id, o.country_code || '/' || o.party_id as owner,
  r.country_code || '/' || r.party_id as receiver, r.partner_id`;
const JOINS = `join head h on h.id = d.head_id join party o on o.number = h.owner join party r on r.number = d.receiver`;

/** $1 state, $2 partner, $3 module, $4 from, $5 to, $6 after, $7 limit */
const where = (state: string, at: string): string =>
  `where ${state} = $1 and ($2::uuid is null or r.partner_id = $2) and ($3::smallint is null or h.module = $3)
     and ($4::timestamptz is null or ${at} >= $4) and ($5::timestamptz is null or ${at} < $5)
     and ($6::bigint is null or d.id < $6) order by d.id desc limit $7`;

const LISTS: Record<Kind, string> = {
  obj: `select 'obj-' || d.id as id, 'failed' as state, ${COLUMNS}, nullif(d.part, '') as part, d.attempts, d.error, d.at,
               null as location_url, d.answer
          from failed_delivery d ${JOINS} ${where(`'failed'`, 'd.at')}`,
  cdr: `select 'cdr-' || d.id as id, d.state, ${COLUMNS}, null as part, d.attempts, d.error, d.updated_at as at,
               d.location_url, d.answer
          from cdr_delivery d ${JOINS} ${where('d.state', 'd.updated_at')}`,
};

interface Row extends Omit<DeliveryReport, keyof ReceiverAnswer | 'module'> {
  module: number;
  answer: ReceiverAnswer | null;
}

const reportOf = ({ answer, module, ...row }: Row): DeliveryReport => ({
  ...row,
  module: moduleName(module),
  ...(answer ?? { ...NO_ANSWER, request_id: '', correlation_id: '' }),
});

/** The deliveries that are asked for, at most `limit`. */
export async function listDeliveries(pool: Pool, question: DeliveryQuestion): Promise<DeliveryReport[]> {
  const { state, partner, module, from, to, after, limit } = question;
  const last = after === undefined ? undefined : deliveryId(after);
  const kinds = KINDS.slice(last ? KINDS.indexOf(last.kind) : 0);
  const found: Row[] = [];
  for (const kind of kinds) {
    const behind = last?.kind === kind ? last.number : null;
    const values = [state, partner, module, from, to, behind, limit - found.length];
    if (found.length < limit) found.push(...(await pool.query<Row>(LISTS[kind], values)).rows);
  }
  return found.map(reportOf);
}

/** $1 partner, $2 module, $3 numbers */
const MATCHING = `($1::uuid is null or y.partner_id = $1) and ($2::smallint is null or h.module = $2)
  and ($3::bigint[] is null or d.id = any($3))`;

const RETRIES: Record<Kind, string> = {
  obj: `with gone as (
          delete from failed_delivery d using head h, party y
           where h.id = d.head_id and y.number = d.receiver and ${MATCHING}
          returning d.receiver, d.head_id, d.part, y.partner_id),
             again as (
          insert into change (head_id, version, owner, module, part, receiver, correlation_id)
          select h.id, s.version, h.owner, h.module, nullif(g.part, ''), g.receiver, gen_random_uuid()::text
            from gone g join head h on h.id = g.head_id join head_state s on s.head_id = h.id)
        select partner_id from gone`,
  cdr: `with again as (
          update cdr_delivery d set state = case when d.state = 'uncertain' then 'posting' else 'waiting' end,
                 updated_at = now()
            from head h, party y
           where h.id = d.head_id and y.number = d.receiver and d.state in ('failed', 'uncertain') and ${MATCHING}
          returning d.head_id, d.receiver, y.partner_id),
             told as (
          insert into change (head_id, version, owner, module, receiver, correlation_id)
          select h.id, s.version, h.owner, h.module, a.receiver, gen_random_uuid()::text
            from again a join head h on h.id = a.head_id join head_state s on s.head_id = h.id)
        select partner_id from again`,
};

/** Sends failed and uncertain deliveries again. @returns the partner of each */
export async function retryDeliveries(pool: Pool, filter: DeliveryFilter): Promise<string[]> {
  const partners: string[] = [];
  for (const kind of KINDS) {
    const numbers = filter.ids?.map(deliveryId).filter((id) => id?.kind === kind);
    if (numbers?.length === 0) continue;
    const values = [filter.partner, filter.module, numbers?.map((id) => id?.number)];
    const { rows } = await pool.query<{ partner_id: string }>(RETRIES[kind], values);
    partners.push(...rows.map((row) => row.partner_id));
  }
  return partners;
}
