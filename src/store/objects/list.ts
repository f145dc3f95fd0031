import type { Pool } from 'pg';
import { toTimestamp } from '../../domain/instants';
import type { VisibleSet } from '../../domain/visibility';
import type { OwnedModuleDescriptor } from '../../ocpi/module';
import { IN_LEVELS, wholeText, type StoredTexts } from './text';

export interface PageQuestion {
  visible: VisibleSet<OwnedModuleDescriptor>;
  /** Instants in microseconds: from inclusive, to exclusive. */
  from: number | undefined;
  to: number | undefined;
  /** Creation number behind which the page begins; then `offset` is not counted off. */
  after: string | undefined;
  offset: number;
  limit: number;
}

export interface Page {
  texts: string[];
  total: number;
  /** The creation number of the last object, where more follow. */
  next: string | undefined;
}

type PageRow = StoredTexts & { id: string };

const isDated = (q: PageQuestion): boolean => q.from !== undefined || q.to !== undefined;
const bounds = (q: PageQuestion): [string, string] => [
  q.from === undefined ? '-infinity' : toTimestamp(q.from),
  q.to === undefined ? 'infinity' : toTimestamp(q.to),
];
const whoSees = (v: VisibleSet): unknown[] => [v.module.number, v.owners, v.concerning, v.viewer];

async function readRows(pool: Pool, question: PageQuestion): Promise<PageRow[]> {
  const offset = question.after === undefined ? question.offset : 0;
  const place = [question.after ?? '0', offset, question.limit + 1, IN_LEVELS];
  const common = [...whoSees(question.visible), ...place];
  const query = isDated(question)
    ? { ...LIST_PAGE_BY_DATE, values: [...common, ...bounds(question)] }
    : { ...LIST_PAGE, values: common };
  return (await pool.query<PageRow>(query)).rows;
}

async function count(pool: Pool, question: PageQuestion): Promise<number> {
  const who = whoSees(question.visible);
  const query = isDated(question)
    ? { ...COUNT_VISIBLE_BY_DATE, values: [...who, ...bounds(question)] }
    : { ...COUNT_VISIBLE, values: who };
  const row = (await pool.query<{ count: string }>(query)).rows[0];
  return Number(row?.count ?? 0);
}

/** A page of what the viewer may see, oldest-created first, with the exact total (semantics 33, 34). */
export async function readPage(pool: Pool, question: PageQuestion): Promise<Page> {
  const [rows, total] = await Promise.all([readRows(pool, question), count(pool, question)]);
  const page = rows.slice(0, question.limit);
  return {
    texts: page.map((row) => wholeText(question.visible.module, row)),
    total,
    next: rows.length > question.limit ? page.at(-1)?.id : undefined,
  };
}

/*
 * A page of a list, by creation number. Who may see a row is `visibleSet`: all of some owners, and of others what
 * concerns the viewer. A page by its place (`after`) costs the same wherever it lies. OFFSET reads all rows before it:
 * 300 times as much, 900,000 rows into a million.
 * $1 module, $2 owners, $3 concerning, $4 viewer, $5 after, $6 offset, $7 limit, $8 modules in levels, $9 from, $10 to
 */

const VISIBLE = `(h.owner = any($2::int[]) or (h.counterpart = $4 and h.owner = any($3::int[])))`;
const COLUMNS = `
    select h.id, s.shown_last_updated as shown, t.text,
           case when h.module = any($8::smallint[]) then
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
          and h.last_updated >= $9::timestamptz and h.last_updated < $10::timestamptz
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
