import type { Pool, QueryResult, QueryResultRow } from 'pg';
import { within } from './bounded-client';
import { TRIM_CALLBACKS, TRIM_ROUTES } from './sql/callbacks';
import * as sql from './sql/upkeep';

/** How much of the change log is kept for a receiver that is behind. */
export interface Retention {
  hours: number;
  changes: number;
}

const EVERY_S = 60;
const BATCH = 20_000;
/** Nobody waits for upkeep: a statement on a log of millions may take its time. */
const PATIENCE_MS = 120_000;
/** Refused objects and findings that nothing renewed are forgotten after so many days. */
const KEPT_DAYS = 90;

interface Place {
  xid: string;
  number: string;
}

/** Removes what is passed or expired, in one process a minute. */
export class Upkeep {
  constructor(
    private readonly pool: Pool,
    private readonly retention: Retention,
  ) {}

  /** Answers the receivers that are to get a full push, as the log is not kept for them. */
  async run(): Promise<number[]> {
    const claim = await this.ask(sql.CLAIM_UPKEEP, [EVERY_S]);
    return claim.rowCount ? this.trim() : [];
  }

  /** The same at once, whoever did it last. */
  async trim(): Promise<number[]> {
    await this.trimChanges();
    const dropped = await this.dropBehind();
    if (dropped.length > 0) await this.trimChanges();
    await this.ask(TRIM_CALLBACKS.text);
    await this.ask(TRIM_ROUTES.text);
    await this.ask(sql.TRIM_FAILED, [KEPT_DAYS]);
    await this.ask(sql.TRIM_FINDINGS, [KEPT_DAYS]);
    await this.ask(sql.TRIM_LEASES);
    return dropped;
  }

  private async trimChanges(): Promise<void> {
    let removed = BATCH;
    while (removed === BATCH) removed = (await this.ask(sql.TRIM_CHANGES, [BATCH])).rowCount ?? 0;
  }

  private async dropBehind(): Promise<number[]> {
    const receivers = new Set<number>();
    const cuts = [
      await this.ask<Place>(sql.CUT_BY_COUNT, [this.retention.changes]),
      await this.ask<Place>(sql.CUT_BY_AGE, [this.retention.hours]),
    ];
    for (const cut of cuts.flatMap((result) => result.rows)) {
      const { rows } = await this.ask<{ receiver: number }>(sql.DROP_BEHIND, [cut.xid, cut.number]);
      for (const { receiver } of rows) receivers.add(receiver);
    }
    return [...receivers];
  }

  private ask<T extends QueryResultRow>(text: string, values: unknown[] = []): Promise<QueryResult<T>> {
    return this.pool.query<T>(within(PATIENCE_MS, { text, values }));
  }
}
