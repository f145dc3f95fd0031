import { LAST_CHANGE } from './last-change';

/*
 * What is stored of the objects of a page, in one statement; by nested loops, whatever the statistics of a young
 * table say. Where the last change lies below `began`, the object was changed before the pull began; what seems newer is
 * left alone.
 */

/** $1 keys, $2 began */
export const STORED_OF_PAGE = {
  name: 'stored_of_page',
  text: `
    select i.n::int as n, h.deleted, s.own, s.shown, t.text, e.evses, s.last_change >= $2::bigint as changed_since
      from unnest($1::text[]) with ordinality as i(key, n)
     cross join lateral (select id, module, deleted from head where key = i.key offset 0) h
     cross join lateral (select s.own_last_updated as own, s.shown_last_updated as shown, ${LAST_CHANGE} as last_change
                           from head_state s where s.head_id = h.id offset 0) s
     cross join lateral (select text from object_text where head_id = h.id offset 0) t
     cross join lateral (select case when h.module = 1 then
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
