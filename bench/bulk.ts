import type { Hub } from './hub';

/* Many objects by SQL: copies of one location that the hub itself wrote, so that they lie as it lays them. */

const BATCH = 50_000;

const copy = (column: string): string =>
  `replace(replace(${column}, 'LOC0', 'LOC' || n), 'loc0', 'loc' || n)`;

/** Heads first: what hangs below finds its head by its key. No change is logged: nobody is sent them. */
const batch = (from: number, to: number): string => `
  with one as (select h.*, s.version, s.last_updated, s.own_last_updated, s.shown_last_updated, t.text
                 from head h join head_state s on s.head_id = h.id join object_text t on t.head_id = h.id
                where h.sent_id = 'LOC0'),
  made as (
    insert into head (owner, counterpart, module, key, sent_id)
    select owner, counterpart, module, ${copy('key')}, 'LOC' || n from one, generate_series(${from}, ${to - 1}) n
    returning id, substr(sent_id, 4) as n),
  states as (
    insert into head_state (head_id, version, last_updated, owner, counterpart, module, own_last_updated, shown_last_updated)
    select made.id, version, last_updated, owner, counterpart, module, own_last_updated, shown_last_updated
      from made, one),
  texts as (insert into object_text (head_id, text) select made.id, ${copy('text')} from made, one),
  evses as (
    insert into evse (head_id, key, place, text)
    select made.id, e.key, e.place, e.text from made, one join evse e on e.head_id = one.id)
  update object_count c set count = count + ${to - from} from one where c.module = one.module and c.owner = one.owner`;

/** Copies location 0 of the CPO until there are `count`. */
export async function copyLocations(hub: Hub, count: number): Promise<void> {
  for (let from = 1; from < count; from += BATCH) await hub.query(batch(from, Math.min(from + BATCH, count)));
  await hub.query('vacuum analyze');
}
