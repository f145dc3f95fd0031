import type { Pool } from 'pg';
import { moduleName } from '../domain/visibility';

/** When a partner last took something of a module, whichever of its parties. */
export interface PushTime {
  module: string;
  last_success: Date;
}

/** The last success of each receiver and module: noted in memory, saved with the positions by the database's clock. */
export class PushTimes {
  private noted = new Map<string, { receiver: number; module: number }>();

  constructor(private readonly pool: Pool) {}

  passed(receiver: number, module: number): void {
    const key = `${receiver}/${module}`;
    if (!this.noted.has(key)) this.noted.set(key, { receiver, module });
  }

  /** A receiver that is gone meanwhile is left out. What fails is noted again by the next success. */
  async save(): Promise<void> {
    if (this.noted.size === 0) return;
    const rows = [...this.noted.values()];
    this.noted = new Map();
    await this.pool.query({
      name: 'save_push_times',
      text: `insert into push_success (receiver, module, at)
             select i.receiver, i.module, now() from unnest($1::int[], $2::smallint[]) as i(receiver, module)
               join party y on y.number = i.receiver order by 1, 2
             on conflict (receiver, module) do update set at = excluded.at`,
      values: [rows.map((row) => row.receiver), rows.map((row) => row.module)],
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
  return rows.map(({ module, at }) => ({ module: moduleName(module) ?? 'unknown', last_success: at }));
}
