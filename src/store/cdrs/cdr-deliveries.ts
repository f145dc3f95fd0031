import type { Pool } from 'pg';
import type { ReceiverAnswer } from '../../domain/push-verdict';

/*
 * One row per CDR and receiver says how far its delivery got: waiting, posting, delivered, failed, or uncertain. The
 * intent is stored before the POST and the outcome after it, so that a crash never posts a CDR twice without asking
 * first.
 */

export interface CdrDeliveryRow {
  id: string;
  head_id: string;
  receiver: number;
  state: 'waiting' | 'posting';
  attempts: number;
  correlation_id: string;
  owner: number;
  sent_id: string;
  text: string;
  /** The receiver may have it: it was posted and the answer is lost, or it is older than a restored database. */
  ask: boolean;
}

/** An attempt at a delivery that this process made its own. */
export interface CdrAttempt {
  id: string;
  attempts: number;
}

/** CPOs' clocks may be behind: CDRs of this long after a restore count as older than it. */
const RESTORE_MARGIN = `interval '1 hour'`;

/**
 * The way of each CDR to its eMSP: one row, written with the CDR. Waiting; intent before the POST (`posting`), its
 * Location after. Money: a row never goes back to waiting once an answer may have been lost, and an attempt is made by
 * the one worker that raised its number.
 */
export class CdrDeliveries {
  constructor(private readonly pool: Pool) {}

  /** The oldest open ones of a receiver but for those that rest. */
  async open(receiver: number, limit: number, resting: readonly string[] = []): Promise<CdrDeliveryRow[]> {
    const result = await this.pool.query<CdrDeliveryRow>({
      name: 'open_cdr_deliveries',
      text: `select d.id::text as id, d.head_id::text as head_id, d.receiver, d.state, d.attempts, d.correlation_id,
                    h.owner, h.sent_id, t.text,
                    d.state = 'posting' or coalesce(s.last_updated < u.restored_at + ${RESTORE_MARGIN}, false) as ask
               from cdr_delivery d join head h on h.id = d.head_id join object_text t on t.head_id = d.head_id
               join head_state s on s.head_id = d.head_id cross join upkeep u
              where d.receiver = $1 and d.state in ('waiting', 'posting') and d.id <> all($3::bigint[])
              order by d.id limit $2`,
      values: [receiver, limit, resting],
    });
    return result.rows;
  }

  /**
   * Intent: from now on the receiver may have it. undefined: somebody else made an attempt since it was read, or this
   * worker does not lease the platform any more.
   */
  async intend(delivery: CdrDeliveryRow, holder: string): Promise<CdrAttempt | undefined> {
    const result = await this.pool.query<CdrAttempt>({
      name: 'intend_cdr',
      text: `update cdr_delivery d
                set state = 'posting', attempts = d.attempts + 1, holder = $3::uuid, updated_at = now()
              where d.id = $1 and d.attempts = $2 and d.state in ('waiting', 'posting')
                and exists (select from party y join lease l on l.partner_id = y.partner_id
                              join worker w on w.holder = l.holder
                             where y.number = d.receiver and l.holder = $3::uuid and w.until > now())
             returning d.id::text as id, d.attempts`,
      values: [delivery.id, delivery.attempts, holder],
    });
    return result.rows[0];
  }

  /** The receiver said that it has it: true whoever asked, and whatever was thought meanwhile. */
  async delivered(id: string, location_url: string | null): Promise<void> {
    await this.pool.query({
      name: 'delivered_cdr',
      text: `update cdr_delivery set state = 'delivered', location_url = $2, error = null, answer = null, holder = null,
                    correlation_id = '', updated_at = now() where id = $1 and state <> 'delivered'`,
      values: [id, location_url],
    });
  }

  /** How the attempt ended, unless another one has begun. */
  async ended(
    { id, attempts }: CdrAttempt,
    how: { state: 'waiting' | 'failed' | 'uncertain'; error: string; told: ReceiverAnswer | undefined },
  ): Promise<void> {
    await this.pool.query({
      name: 'ended_cdr',
      text: `update cdr_delivery set state = $2, error = $3, answer = $5, holder = null, updated_at = now()
              where id = $1 and state = 'posting' and attempts = $4`,
      values: [id, how.state, how.error, attempts, how.told],
    });
  }

  /** It stays open. */
  async noted(id: string, error: string): Promise<void> {
    await this.pool.query({
      name: 'noted_cdr',
      text: `update cdr_delivery set error = $2, updated_at = now()
              where id = $1 and state in ('waiting', 'posting')`,
      values: [id, error],
    });
  }

  /** A late Location of this receiver, of this owner's CDRs if there is one: it shows where others would be. */
  async exampleLocation(
    receiver: number,
    owner: number,
  ): Promise<{ location_url: string; sent_id: string; owner: number } | undefined> {
    const result = await this.pool.query<{ location_url: string; sent_id: string; owner: number }>({
      name: 'example_cdr_location',
      text: `select location_url, sent_id, owner from (
               select d.id, d.location_url, h.sent_id, h.owner from cdr_delivery d join head h on h.id = d.head_id
                where d.receiver = $1 and d.state = 'delivered' and d.location_url is not null
                order by d.id desc limit 200) late
              order by owner = $2 desc, id desc limit 1`,
      values: [receiver, owner],
    });
    return result.rows[0];
  }
}
