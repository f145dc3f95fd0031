import type { Pool } from 'pg';
import { moduleName } from '../../ocpi/versions';

/** When a partner last took something of a module, whichever of its parties. */
export interface PushTime {
  module: string;
  last_success: Date;
}

interface Noted {
  receiver: number;
  module: number;
  /** performance.now() */
  at: number;
}

/** Rows a second that these times may cost: with few receivers they are saved with each position, else less often. */
const SAVED_PER_S = 5;

/** The last success of each receiver and module: noted in memory, saved with the positions by the database's clock. */
export class PushTimes {
  private noted = new Map<string, Noted>();
  private savedAt = Number.NEGATIVE_INFINITY;

  constructor(private readonly pool: Pool) {}

  passed(receiver: number, module: number): void {
    this.noted.set(`${receiver}/${module}`, { receiver, module, at: performance.now() });
  }

  /**
   * Not too many a second unless `all`. A receiver that is gone meanwhile is left out. What fails is noted again by
   * the next success.
   */
  async save(all: boolean): Promise<void> {
    const due = this.savedAt + (this.noted.size / SAVED_PER_S) * 1000;
    if (this.noted.size === 0 || (!all && performance.now() < due)) return;
    this.savedAt = performance.now();
    const rows = [...this.noted.values()];
    this.noted = new Map();
    await this.pool.query({
      name: 'save_push_times',
      text: `insert into push_success (receiver, module, at)
             select i.receiver, i.module, now() - make_interval(secs => i.ago)
               from unnest($1::int[], $2::smallint[], $3::float8[]) as i(receiver, module, ago)
               join party y on y.number = i.receiver order by 1, 2
             on conflict (receiver, module) do update set at = greatest(push_success.at, excluded.at)`,
      values: [
        rows.map((row) => row.receiver),
        rows.map((row) => row.module),
        rows.map((row) => (performance.now() - row.at) / 1000),
      ],
    });
  }
}

/** By module, the last success of any of the partner's parties. */
export async function readPushTimes(pool: Pool, partnerId: string): Promise<PushTime[]> {
  const { rows } = await pool.query<{ module: number; at: Date }>(
    `select s.module, max(s.at) as at from push_success s join party y on y.number = s.receiver
      where y.partner_id = $1 group by s.module order by s.module`,
    [partnerId],
  );
  return rows.map(({ module, at }) => ({ module: moduleName(module), last_success: at }));
}
