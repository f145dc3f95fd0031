/*
 * A page of a list, by creation number. Who may see a row is `visibleSet`: all of some owners, and of others what
 * concerns the viewer. A page by its place (`after`) costs the same wherever it lies; OFFSET walks (PERFORMANCE.md, e).
 * $1 module, $2 owners, $3 concerning, $4 viewer, $5 after, $6 offset, $7 limit, $8 from, $9 to
 */

const VISIBLE = `(h.owner = any($2::int[]) or (h.counterpart = $4 and h.owner = any($3::int[])))`;
const COLUMNS = `
    select h.id, s.shown_last_updated as shown, t.text,
           case when h.module = 1 then
             (select json_agg(e.text order by e.place) from evse e where e.head_id = h.id) end as evses
      from head h join head_state s on s.head_id = h.id join object_text t on t.head_id = h.id`;

export const LIST_PAGE = {
  name: 'list_page',
  text: `${COLUMNS}
     where h.id = any (array(
       select h.id from head h
        where h.module = $1 and h.id > $5 and not h.deleted and ${VISIBLE}
        order by h.id offset $6 limit $7))
     order by h.id`,
};

export const LIST_PAGE_BY_DATE = {
  name: 'list_page_by_date',
  text: `${COLUMNS}
     where h.id = any (array(
       select h.head_id from head_state h
        where h.module = $1 and h.head_id > $5 and ${VISIBLE}
          and h.last_updated >= $8::timestamptz and h.last_updated < $9::timestamptz
        order by h.head_id offset $6 limit $7))
     order by h.id`,
};

/** How many match: from the counts that each write keeps. $1 module, $2 owners, $3 concerning, $4 viewer */
export const COUNT_VISIBLE = {
  name: 'count_visible',
  text: `select coalesce(sum(count), 0)::text as count from object_count h
          where h.module = $1 and ${VISIBLE}`,
};

/** Under a date filter: an index-only count. */
export const COUNT_VISIBLE_BY_DATE = {
  name: 'count_visible_by_date',
  text: `select count(*)::text as count from head_state h
          where h.module = $1 and ${VISIBLE}
            and h.last_updated >= $5::timestamptz and h.last_updated < $6::timestamptz`,
};
