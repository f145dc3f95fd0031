import type { Pool } from 'pg';

export interface CdrDelivery {
  id: string;
  head_id: string;
  receiver: number;
  state: 'waiting' | 'posting';
  attempts: number;
  correlation_id: string;
  owner: number;
  sent_id: string;
  text: string;
}

/**
 * The way of each CDR to its eMSP: one row, written with the CDR. Waiting; intent before the POST (`posting`), its
 * Location after. Money: a row never goes back to waiting once an answer may have been lost.
 */
export class CdrDeliveries {
  constructor(private readonly pool: Pool) {}

  /** The oldest open ones of a receiver. */
  async open(receiver: number, limit: number): Promise<CdrDelivery[]> {
    const result = await this.pool.query<CdrDelivery>({
      name: 'open_cdr_deliveries',
      text: `select d.id::text as id, d.head_id::text as head_id, d.receiver, d.state, d.attempts, d.correlation_id,
                    h.owner, h.sent_id, t.text
               from cdr_delivery d join head h on h.id = d.head_id join object_text t on t.head_id = d.head_id
              where d.receiver = $1 and d.state in ('waiting', 'posting') order by d.id limit $2`,
      values: [receiver, limit],
    });
    return result.rows;
  }

  /** Intent: from now on the receiver may have it. */
  async intend(id: string): Promise<void> {
    await this.pool.query({
      name: 'intend_cdr',
      text: `update cdr_delivery set state = 'posting', attempts = attempts + 1, updated_at = now() where id = $1`,
      values: [id],
    });
  }

  async delivered(id: string, location_url: string | null): Promise<void> {
    await this.pool.query({
      name: 'delivered_cdr',
      text: `update cdr_delivery set state = 'delivered', location_url = $2, error = null, updated_at = now() where id = $1`,
      values: [id, location_url],
    });
  }

  async ended(id: string, state: 'waiting' | 'failed' | 'uncertain', error: string): Promise<void> {
    await this.pool.query({
      name: 'ended_cdr',
      text: `update cdr_delivery set state = $2, error = $3, updated_at = now() where id = $1`,
      values: [id, state, error],
    });
  }

  async noted(id: string, error: string): Promise<void> {
    await this.pool.query({
      name: 'noted_cdr',
      text: `update cdr_delivery set error = $2, updated_at = now() where id = $1`,
      values: [id, error],
    });
  }

  /** An earlier Location of this receiver that holds the id of its CDR: it shows where others would be. */
  async exampleLocation(receiver: number): Promise<{ location_url: string; sent_id: string } | undefined> {
    const result = await this.pool.query<{ location_url: string; sent_id: string }>({
      name: 'example_cdr_location',
      text: `select d.location_url, h.sent_id from cdr_delivery d join head h on h.id = d.head_id
              where d.receiver = $1 and d.state = 'delivered' and d.location_url is not null
              order by d.id desc limit 1`,
      values: [receiver],
    });
    return result.rows[0];
  }
}
