import type { Pool } from 'pg';
import { fold } from '../../domain/ci-string';
import type { VisibleSet } from '../../domain/visibility';
import type { OwnedModuleDescriptor } from '../../ocpi/module';

/** Which objects; what is undefined does not count. */
export interface ObjectChoice {
  /** The number of a party. */
  owner?: number | undefined;
  id?: string | undefined;
}

/**
 * Changes for one receiver alone, one per object that it may see: its worker pushes their states whatever was
 * delivered. $1 module, $2 owners, $3 owners of what concerns it, $4 receiver, $5 its partner, $6 owner, $7 folded id,
 * $8 correlation id
 */
const CHANGES = `
  insert into change (head_id, version, owner, module, receiver, correlation_id)
  select h.id, s.version, h.owner, h.module, $4, $8 from head h join head_state s on s.head_id = h.id
    join party o on o.number = h.owner
   where h.module = $1 and not h.deleted and o.partner_id is distinct from $5::uuid
     and (h.owner = any($2::int[]) or (h.owner = any($3::int[]) and h.counterpart = $4))
     and ($6::int is null or h.owner = $6) and ($7::text is null or upper(h.sent_id) = $7)`;

/**
 * CDRs go by their deliveries. One that the receiver may have is asked for first: nothing is posted twice that can be
 * found. $1 receiver, $2 owner, $3 folded id, $4 correlation id
 */
const CDRS = `
  with again as (
    update cdr_delivery d set state = case when d.state in ('waiting', 'failed') then 'waiting' else 'posting' end,
           correlation_id = $4, updated_at = now()
      from head h
     where h.id = d.head_id and d.receiver = $1 and d.state <> 'posting'
       and ($2::int is null or h.owner = $2) and ($3::text is null or upper(h.sent_id) = $3)
    returning d.head_id)
  insert into change (head_id, version, owner, module, receiver, correlation_id)
  select h.id, s.version, h.owner, h.module, $1, $4 from again a join head h on h.id = a.head_id
    join head_state s on s.head_id = h.id`;

/** Has objects of a module pushed to one receiver once more. @returns how many it gets */
export async function pushAgain(
  pool: Pool,
  to: { visible: VisibleSet<OwnedModuleDescriptor>; partnerId: string; correlationId: string },
  { owner, id }: ObjectChoice,
): Promise<number> {
  const { module, owners, concerning, viewer } = to.visible;
  const folded = id === undefined ? undefined : fold(id);
  const result =
    module.push === 'POST'
      ? await pool.query(CDRS, [viewer, owner, folded, to.correlationId])
      : await pool.query(CHANGES, [
          module.number,
          owners,
          concerning,
          viewer,
          to.partnerId,
          owner,
          folded,
          to.correlationId,
        ]);
  return result.rowCount ?? 0;
}
