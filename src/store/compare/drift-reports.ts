import type { Pool } from 'pg';

/*
 * Reports of comparisons, saved while they run. A report whose process has ended is shown as interrupted.
 */

export type DriftState = 'RUNNING' | 'DONE' | 'FAILED' | 'INTERRUPTED';

/** One comparison of a partner with the hub, as it is kept. */
export interface DriftReport<M> {
  id: string;
  state: DriftState;
  /** Objects a module and receiver; null: all. */
  sample: number | null;
  modules: M[];
  /** Objects that the partner should have otherwise. */
  drift: number;
  error: string | null;
  /** A push from scratch was asked for since. */
  repaired: boolean;
  started_at: Date;
  finished_at: Date | null;
}

/** A comparison that was not heard of for so long has ended with its process. */
const SILENT_S = 60;
/** Reports kept a partner. */
const KEPT = 20;

const STATE = `case when state = 'RUNNING' and updated_at < now() - interval '${SILENT_S} s' then 'INTERRUPTED' else state end`;

/** Reports of comparisons; `M`: what they say of each module. */
export class DriftReports<M> {
  constructor(private readonly pool: Pool) {}

  /** Begins one; undefined while another one of this partner runs, in whichever process. */
  async begin(partnerId: string, sample: number | null): Promise<string | undefined> {
    await this.pool.query(
      `update drift_report set state = 'INTERRUPTED' where partner_id = $1 and state <> ${STATE}`,
      [partnerId],
    );
    await this.pool.query(
      `delete from drift_report where partner_id = $1 and id <=
         (select id from drift_report where partner_id = $1 order by id desc offset ${KEPT - 1} limit 1)`,
      [partnerId],
    );
    const { rows } = await this.pool.query<{ id: string }>(
      `insert into drift_report (partner_id, sample) values ($1, $2)
       on conflict (partner_id) where state = 'RUNNING' do nothing returning id::text as id`,
      [partnerId, sample],
    );
    return rows[0]?.id;
  }

  /** So far. */
  async save(id: string, found: { modules: readonly M[]; drift: number }): Promise<void> {
    await this.pool.query(
      `update drift_report set modules = $2, drift = $3, updated_at = now() where id = $1`,
      [id, JSON.stringify(found.modules), found.drift],
    );
  }

  async end(
    id: string,
    state: Exclude<DriftState, 'RUNNING'>,
    found: { modules: readonly M[]; drift: number; error: string | null },
  ): Promise<void> {
    await this.pool.query(
      `update drift_report set state = $2, modules = $3, drift = $4, error = $5, updated_at = now(), finished_at = now()
        where id = $1`,
      [id, state, JSON.stringify(found.modules), found.drift, found.error],
    );
  }

  /** The last one of a partner, also while it runs. */
  async last(partnerId: string): Promise<DriftReport<M> | undefined> {
    const { rows } = await this.pool.query<Omit<DriftReport<M>, 'drift'> & { drift: string }>(
      `select id::text as id, ${STATE} as state, sample, modules, drift::text as drift, error, repaired, started_at, finished_at
         from drift_report where partner_id = $1 order by id desc limit 1`,
      [partnerId],
    );
    const row = rows[0];
    return row && { ...row, drift: Number(row.drift) };
  }
}
