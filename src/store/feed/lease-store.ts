import { Pool, type QueryResultRow } from 'pg';
import type { DataSource } from 'typeorm';
import { BoundedClient, within } from '../bounded-client';
import { ownConnection } from '../database';

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
    await this.ask(BEGIN_WORKER, [holder, this.seconds]);
  }

  /** False where the worker was dead already. */
  async beat(holder: string): Promise<boolean> {
    return (await this.ask(HEARTBEAT, [holder, this.seconds])).length > 0;
  }

  /** Takes what nobody holds; answers everything that is this worker's. */
  async take(holder: string): Promise<LeaseRow[]> {
    await this.ask(BURY_WORKERS, [this.seconds + CLOCK_SLACK_S]);
    const taken = await this.ask<LeaseRow>(TAKE_LEASES, [holder]);
    const abandoned = new Set(taken.filter((row) => row.abandoned).map((row) => row.partner_id));
    const ours = await this.ask<LeaseRow>(READ_LEASES, [holder]);
    return ours.map(({ partner_id }) => ({ partner_id, abandoned: abandoned.has(partner_id) }));
  }

  async release(holder: string): Promise<void> {
    await this.ask(RELEASE_LEASES, [holder]);
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

/*
 * Who pushes to which platform (docs/adr/0013). A worker lives by one row, its heartbeat; a lease names its worker and
 * holds while that lives (`until` infinity), or until it is given back (`until` in the past). A renewal so costs one
 * row, whatever number of platforms. Processes of before release 0.2 gave their leases an end of their own.
 */

/** $1 holder, $2 seconds. No row: it lived too short, and is dead. */
export const HEARTBEAT = {
  name: 'heartbeat',
  text: `update worker set until = now() + make_interval(secs => $2) where holder = $1::uuid and until > now()
         returning holder`,
};

/** $1 holder, $2 seconds */
export const BEGIN_WORKER = {
  name: 'begin_worker',
  text: `insert into worker (holder, until) values ($1, now() + make_interval(secs => $2))
         on conflict (holder) do update set until = excluded.until`,
};

/**
 * Removes workers without a heartbeat. It waits for one that is being written and then leaves that worker alone, so
 * that nobody is buried alive. An end far ahead: the database's clock went back. $1 seconds
 */
export const BURY_WORKERS = {
  name: 'bury_workers',
  text: `delete from worker where until <= now() or until > now() + make_interval(secs => $1)`,
};

const FREE = `(l.until <= now() or (l.until = 'infinity' and not exists (select from worker w where w.holder = l.holder)))`;

/**
 * Takes what nobody holds; every change of hands raises the fence. `abandoned`: its holder died or was given up, and
 * may have something under way. $1 holder
 */
export const TAKE_LEASES = {
  name: 'take_leases',
  text: `
    with free as (
      select p.id, coalesce(l.until = 'infinity', false) as abandoned
        from partner p left join lease l on l.partner_id = p.id
       where p.status = 'REGISTERED' and (l.partner_id is null or ${FREE})
       order by p.id
    ), taken as (
      insert into lease as l (partner_id, holder, until)
      select id, $1::uuid, 'infinity' from free where exists (select from worker where holder = $1::uuid)
      on conflict (partner_id) do update set holder = excluded.holder, fence = l.fence + 1, until = excluded.until
       where ${FREE}
      returning partner_id
    )
    select t.partner_id, f.abandoned from taken t join free f on f.id = t.partner_id`,
};

/** $1 holder */
export const READ_LEASES = {
  name: 'read_leases',
  text: `select partner_id, false as abandoned from lease where holder = $1::uuid and until = 'infinity'`,
};

/** Gives everything back: whoever takes it may begin at once. $1 holder */
export const RELEASE_LEASES = {
  name: 'release_leases',
  text: `with gone as (delete from worker where holder = $1::uuid)
         update lease set until = now() where holder = $1::uuid`,
};
