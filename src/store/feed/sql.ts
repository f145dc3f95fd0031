import { LAST_CHANGE } from '../objects/last-change';

/*
 * The change log as its readers see it. A position is the pair (xid, number), compared as such, and nothing at or
 * above the snapshot's xmin is read: a transaction that is still open may hold lower pairs (docs/adr/0003).
 */

const COLUMNS = `c.xid::text as xid, c.number::text as number, c.head_id::text as head_id, c.version::text as version,
       c.owner, c.receiver, c.module, c.part, c.correlation_id, h.counterpart`;

/** $1 xid, $2 number, $3 limit */
export const READ_CHANGES = {
  name: 'read_changes',
  text: `select ${COLUMNS} from change c left join head h on h.id = c.head_id
          where (c.xid, c.number) > ($1::xid8, $2::bigint) and c.xid < pg_snapshot_xmin(pg_current_snapshot())
          order by c.xid, c.number limit $3`,
};

/** Where a reader that needs nothing older begins. */
export const READ_HORIZON = {
  name: 'read_horizon',
  text: `select pg_snapshot_xmin(pg_current_snapshot())::text as xid`,
};

/** Current texts. $1 head ids, $2 EVSE keys or null for the whole object, $3 modules in levels */
export const READ_STATES = {
  name: 'read_states',
  text: `
    select i.n, s.version::text as version, h.deleted, h.sent_id, s.shown_last_updated as shown,
           case when i.part is null then t.text end as text,
           case when i.part is null and h.module = any($3::smallint[]) then
             (select json_agg(e.text order by e.place) from evse e where e.head_id = h.id)
           when i.part is not null then
             (select json_build_array(e.text) from evse e where e.head_id = h.id and e.key = i.part) end as evses
      from unnest($1::bigint[], $2::text[]) with ordinality as i(head_id, part, n)
      join head h on h.id = i.head_id join head_state s on s.head_id = h.id
      left join object_text t on i.part is null and t.head_id = h.id`,
};

/**
 * A page of heads for a full push. Of what concerns one party (sessions) those that changed since the receiver's last success, by their own time,
 * and those written since what it had passed, whatever their time: a CPO may tell late.
 * $1 after, $2 modules, $3 owners, $4 counterpart or null, $5 since, $6 limit, $7 passed or null,
 * $8 modules whose objects concern one party
 */
export const WALK_HEADS = {
  name: 'scan_heads',
  text: `
    select h.id::text as head_id, s.version::text as version, h.module, h.owner, h.counterpart
      from head h join head_state s on s.head_id = h.id
     where h.id > $1 and h.module = any($2::smallint[]) and h.owner = any($3::int[])
       and (h.module <> all($8::smallint[]) or (h.counterpart = $4
             and (s.last_updated >= $5::timestamptz or ${LAST_CHANGE} >= $7::bigint)))
     order by h.id limit $6`,
};

/** Positions of the parties of leased platforms. $1 partner ids */
export const READ_POSITIONS = {
  name: 'read_positions',
  text: `select receiver, partner_id, xid::text as xid, number::text as number, full_push::text as full_push,
                fence::text as fence, last_success, full_push_since::text as full_push_since from position where partner_id = any($1::uuid[])`,
};

/**
 * Saves positions that are still ours: the worker lives, the platform's lease and the position's own fence hold.
 * $1 receivers, $2 xids, $3 numbers, $4 full pushes, $5 fences, $6 last successes, $7 holder
 */
export const SAVE_POSITIONS = {
  name: 'save_positions',
  text: `
    update position p set xid = i.xid::xid8, number = i.number, full_push = i.full_push,
           last_success = coalesce(i.last_success, p.last_success)
      from unnest($1::int[], $2::text[], $3::bigint[], $4::bigint[], $5::bigint[], $6::timestamptz[])
           as i(receiver, xid, number, full_push, fence, last_success), lease l
     where p.receiver = i.receiver and p.fence = i.fence and l.partner_id = p.partner_id and l.holder = $7::uuid
       and exists (select from worker w where w.holder = l.holder and w.until > now())
    returning p.receiver`,
};

/** $1 receiver, $2 error */
export const SAVE_ERROR = {
  name: 'save_error',
  text: `update position set last_error = $2, last_error_at = now() where receiver = $1`,
};

/** $1 receiver, $2 head id, $3 part, $4 attempts, $5 error, $6 answer */
export const SAVE_FAILED_DELIVERY = {
  name: 'set_aside',
  text: `insert into failed_delivery as f (receiver, head_id, part, attempts, error, answer) values ($1, $2, $3, $4, $5, $6)
         on conflict (receiver, head_id, part) do update
           set attempts = f.attempts + excluded.attempts, error = excluded.error, answer = excluded.answer, at = now()`,
};

/** Heads with a failed delivery per receiver, by whichever process. $1 receivers */
export const READ_FAILED_DELIVERIES = {
  name: 'read_aside',
  text: `select receiver, array_agg(distinct head_id::text) as heads from failed_delivery
          where receiver = any($1::int[]) group by receiver`,
};

/** An object that went through is no failed delivery any more. $1 receiver, $2 head id */
export const CLEAR_FAILED_DELIVERY = {
  name: 'clear_aside',
  text: `delete from failed_delivery where receiver = $1 and head_id = $2`,
};

/** The current state of an object once more, for one receiver. $1 receiver, $2 head id */
export const SEND_AGAIN = {
  name: 'send_again',
  text: `insert into change (head_id, version, owner, module, receiver, correlation_id)
         select h.id, s.version, h.owner, h.module, $1, gen_random_uuid()::text
           from head h join head_state s on s.head_id = h.id where h.id = $2`,
};
