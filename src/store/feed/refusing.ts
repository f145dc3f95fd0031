import type { Pool } from 'pg';
import { moduleName } from '../../ocpi/versions';

/** $1 partner, or null for all */
const READ_REFUSING = `
  with failed as (
    select y.partner_id, h.module, max(d.at) as at
      from (select receiver, head_id, at from failed_delivery
            union all select receiver, head_id, updated_at from cdr_delivery where state = 'failed') d
      join party y on y.number = d.receiver join head h on h.id = d.head_id
     where $1::uuid is null or y.partner_id = $1
     group by 1, 2)
  select f.partner_id, f.module from failed f
   where not exists (select from push_success s join party y on y.number = s.receiver
                      where y.partner_id = f.partner_id and s.module = f.module and s.at > f.at)
   order by 1, 2`;

/** By partner the modules whose newest failed delivery is newer than their last success (of one partner, or of all). */
export async function readRefusing(pool: Pool, partnerId: string | null): Promise<Map<string, string[]>> {
  const { rows } = await pool.query<{ partner_id: string; module: number }>(READ_REFUSING, [partnerId]);
  const refusing = new Map<string, string[]>();
  for (const { partner_id, module } of rows)
    refusing.set(partner_id, [...(refusing.get(partner_id) ?? []), moduleName(module)]);
  return refusing;
}
