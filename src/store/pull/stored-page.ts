import type { Pool } from 'pg';
import type { SharedModule } from '../../domain/visibility';
import { type ObjectKey, storedKey } from '../objects/types';
import { LAST_CHANGE } from '../objects/last-change';
import { IN_LEVELS } from '../objects/text';

/** What is stored of an object that a page brings. */
export interface StoredState {
  deleted: boolean;
  own: string;
  shown: string;
  /** A location's without evses and last_updated. */
  text: string;
  /** Of a location, by folded uid. */
  evses: ReadonlyMap<string, string>;
  /** It was changed here since the pull began. */
  changedSince: boolean;
}

interface Row {
  n: number;
  deleted: boolean;
  own: string;
  shown: string;
  text: string;
  evses: [string, string][] | null;
  changed_since: boolean;
}

/** The stored states of a page, in its order; undefined where there is none. `began`: of the pull. */
export async function storedOfPage(
  pool: Pool,
  keys: readonly ObjectKey[],
  began: string,
): Promise<(StoredState | undefined)[]> {
  const states: (StoredState | undefined)[] = keys.map(() => undefined);
  if (keys.length === 0) return states;
  const { rows } = await pool.query<Row>({
    ...STORED_OF_PAGE,
    values: [keys.map(storedKey), began, IN_LEVELS],
  });
  for (const { n, deleted, own, shown, text, evses, changed_since } of rows)
    states[n - 1] = { deleted, own, shown, text, evses: new Map(evses), changedSince: changed_since };
  return states;
}

/** An object of an owner, as far as it may be gone. */
export interface OwnedObject {
  head_id: string;
  /** As `storedKey`. */
  key: string;
  id: string;
  own: string;
  unchangedSince: boolean;
}

const BATCH = 5000;

/** All objects of an owner in creation order. `date_from`: only those last updated since. */
export async function* ownedObjects(
  pool: Pool,
  of: { module: SharedModule; owner: number },
  pull: { began: string; date_from: string | null },
): AsyncGenerator<OwnedObject> {
  for (let after = '0', more = true; more;) {
    const values = [of.module.number, of.owner, after, BATCH, pull.began, pull.date_from];
    const { rows } = await pool.query<
      Omit<OwnedObject, 'id' | 'unchangedSince'> & { sent_id: string; unchanged_since: boolean }
    >({ ...OWNED_OBJECTS, values });
    for (const { sent_id: id, unchanged_since: unchangedSince, ...row } of rows)
      yield { ...row, id, unchangedSince };
    after = rows.at(-1)?.head_id ?? after;
    more = rows.length === BATCH;
  }
}

/*
 * What is stored of the objects of a page, in one statement; by nested loops, whatever the statistics of a young
 * table say. Where the last change lies below `began`, the object was changed before the pull began; what seems
 * newer is left alone.
 */

/** $1 keys, $2 began, $3 modules in levels */
export const STORED_OF_PAGE = {
  name: 'stored_of_page',
  text: `
    select i.n::int as n, h.deleted, s.own, s.shown, t.text, e.evses, s.last_change >= $2::bigint as changed_since
      from unnest($1::text[]) with ordinality as i(key, n)
     cross join lateral (select id, module, deleted from head where key = i.key offset 0) h
     cross join lateral (select s.own_last_updated as own, s.shown_last_updated as shown, ${LAST_CHANGE} as last_change
                           from head_state s where s.head_id = h.id offset 0) s
     cross join lateral (select text from object_text where head_id = h.id offset 0) t
     cross join lateral (select case when h.module = any($3::smallint[]) then
                           (select json_agg(json_build_array(e.key, e.text)) from evse e where e.head_id = h.id)
                         end as evses offset 0) e`,
};

/**
 * Objects of an owner in creation order, to be held against what a full pull saw.
 * $1 module, $2 owner, $3 after, $4 limit, $5 began, $6 date_from or null
 */
export const OWNED_OBJECTS = {
  name: 'owned_objects',
  text: `
    select h.id::text as head_id, h.key, h.sent_id, s.own_last_updated as own,
           ${LAST_CHANGE} < $5::bigint as unchanged_since
      from head h join head_state s on s.head_id = h.id
     where h.module = $1 and h.owner = $2 and h.id > $3 and not h.deleted
       and s.last_updated >= coalesce($6::timestamptz, '-infinity')
     order by h.id limit $4`,
};
