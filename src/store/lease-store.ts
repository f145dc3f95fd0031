import { Pool, type QueryResultRow } from 'pg';
import type { DataSource } from 'typeorm';
import { BoundedClient, within } from './bounded-client';
import { ownConnection } from './own-connection';
import * as sql from './sql/leases';

export interface LeaseRow {
  partner_id: string;
  /** Taken just now from a worker that did not give it back. */
  abandoned: boolean;
}

/** A database that does not answer is as good as none: the next try opens another connection. */
const ANSWER_MS = 3000;
/** How far ahead a heartbeat may end by the database's clock, beyond its own length, before that clock went back. */
const CLOCK_SLACK_S = 10;

/**
 * Workers and their leases of platforms, by the database's clock. On connections of its own: a heartbeat must not wait
 * for whatever else keeps the pool busy.
 */
export class LeaseStore {
  private readonly pool: Pool;

  /** @param seconds for how long a heartbeat makes a worker live */
  constructor(
    dataSource: DataSource,
    private readonly seconds: number,
  ) {
    const settings = { application_name: 'ocpi-hub leases', connectionTimeoutMillis: ANSWER_MS };
    this.pool = new Pool({ ...ownConnection(dataSource, settings), Client: BoundedClient, max: 2 });
    this.pool.on('error', () => undefined); // an idle connection broke: the next query opens another
  }

  /** A worker that is new to the database. */
  async begin(holder: string): Promise<void> {
    await this.ask(sql.BEGIN_WORKER, [holder, this.seconds]);
  }

  /** False where the worker was dead already. */
  async beat(holder: string): Promise<boolean> {
    return (await this.ask(sql.HEARTBEAT, [holder, this.seconds])).length > 0;
  }

  /** Takes what nobody holds; answers everything that is this worker's. */
  async take(holder: string): Promise<LeaseRow[]> {
    await this.ask(sql.BURY_WORKERS, [this.seconds + CLOCK_SLACK_S]);
    const taken = await this.ask<LeaseRow>(sql.TAKE_LEASES, [holder]);
    const abandoned = new Set(taken.filter((row) => row.abandoned).map((row) => row.partner_id));
    const ours = await this.ask<LeaseRow>(sql.READ_LEASES, [holder]);
    return ours.map(({ partner_id }) => ({ partner_id, abandoned: abandoned.has(partner_id) }));
  }

  async release(holder: string): Promise<void> {
    await this.ask(sql.RELEASE_LEASES, [holder]);
  }

  async close(): Promise<void> {
    await this.pool.end();
  }

  private async ask<T extends QueryResultRow>(
    statement: { name: string; text: string },
    values: unknown[],
  ): Promise<T[]> {
    return (await this.pool.query<T>(within(ANSWER_MS, { ...statement, values }))).rows;
  }
}
