import type { Pool } from 'pg';
import { asking } from './bounded-client';
import { TRIM_PROXIED_URLS, TRIM_ROUTES } from './relay/sql';
import { TRIM_WANTED } from './pull/wanted-parties';
import { FULL_PUSH_ANEW } from './full-push';

/** How much of the change log is kept for a receiver that is behind. */
export interface Retention {
  hours: number;
  changes: number;
}

const EVERY_S = 60;
const BATCH = 20_000;
/** Nobody waits for upkeep: a statement on a log of millions may take its time. */
const ask = asking(120_000);
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
    const claim = await ask(this.pool, CLAIM_UPKEEP, [EVERY_S]);
    return claim.rowCount ? this.trim() : [];
  }

  /** The same at once, whoever did it last. */
  async trim(): Promise<number[]> {
    await this.trimChanges();
    const dropped = await this.dropBehind();
    if (dropped.length > 0) await this.trimChanges();
    await ask(this.pool, TRIM_PROXIED_URLS.text);
    await ask(this.pool, TRIM_ROUTES.text);
    await ask(this.pool, TRIM_FAILED, [KEPT_DAYS]);
    await ask(this.pool, TRIM_FINDINGS, [KEPT_DAYS]);
    await ask(this.pool, TRIM_LEASES);
    await ask(this.pool, TRIM_WANTED);
    return dropped;
  }

  private async trimChanges(): Promise<void> {
    let removed = BATCH;
    while (removed === BATCH) removed = (await ask(this.pool, TRIM_CHANGES, [BATCH])).rowCount ?? 0;
  }

  private async dropBehind(): Promise<number[]> {
    const receivers = new Set<number>();
    const cuts = [
      await ask<Place>(this.pool, CUT_BY_COUNT, [this.retention.changes]),
      await ask<Place>(this.pool, CUT_BY_AGE, [this.retention.hours]),
    ];
    for (const cut of cuts.flatMap((result) => result.rows)) {
      const { rows } = await ask<{ receiver: number }>(this.pool, DROP_BEHIND, [cut.xid, cut.number]);
      for (const { receiver } of rows) receivers.add(receiver);
    }
    return [...receivers];
  }
}

/*
 * What keeps the tables bounded (docs/adr/0014). The log of changes goes up to what every live receiver has passed; a
 * receiver that is hopelessly behind gets a full push instead of holding it.
 */

/** One process a minute, whichever is first. A time ahead: the clock went back. $1 seconds */
export const CLAIM_UPKEEP = `
  update upkeep set trimmed_at = now()
   where trimmed_at <= now() - make_interval(secs => $1) or trimmed_at > now() returning one`;

const LIVE = `r.status = 'REGISTERED' and not r.suspended and y.status in ('CONNECTED', 'OFFLINE')`;

/**
 * Removes a batch of what every live receiver has passed; all of it where there is none, as one that comes begins with
 * a full push. $1 rows
 */
export const TRIM_CHANGES = `
  delete from change where ctid in (
    select c.ctid from change c, (
      select xid, number from (
        (select p.xid, p.number from position p join party y on y.number = p.receiver
           join partner r on r.id = y.partner_id where ${LIVE} order by p.xid, p.number limit 1)
        union all select pg_snapshot_xmin(pg_current_snapshot()), 0) bound
       order by xid, number limit 1) passed
     where (c.xid, c.number) <= (passed.xid, passed.number) order by c.xid, c.number limit $1)`;

/** The last change beyond so many newer ones. $1 how many are kept */
export const CUT_BY_COUNT = `
  select xid::text as xid, number::text as number from change order by xid desc, number desc offset $1 limit 1`;

/** The last change that is too old; the oldest one tells whether there is any. $1 hours */
export const CUT_BY_AGE = `
  select c.xid::text as xid, c.number::text as number
    from (select at from change order by xid, number limit 1) oldest,
         lateral (select xid, number from change where at < now() - make_interval(hours => $1)
                   order by xid desc, number desc limit 1) c
   where oldest.at < now() - make_interval(hours => $1)`;

/** $1 xid, $2 number: whoever has not passed this one gets a full push, from now on. */
export const DROP_BEHIND = `
  update position set ${FULL_PUSH_ANEW}
   where (xid, number) < ($1::xid8, $2::bigint) returning receiver`;

/** $1 days */
export const TRIM_FAILED = `delete from failed_delivery where at < now() - make_interval(days => $1)`;
/** $1 days */
export const TRIM_FINDINGS = `delete from finding where last_seen < now() - make_interval(days => $1)`;
export const TRIM_LEASES = `delete from lease l where not exists (select from partner p where p.id = l.partner_id)`;
