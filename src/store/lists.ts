import type { Pool } from 'pg';
import { toTimestamp } from '../domain/instants';
import { MODULE_NUMBERS, type VisibleSet } from '../domain/visibility';
import { wholeText, type StoredObject } from './object-text';
import { COUNT_VISIBLE, COUNT_VISIBLE_BY_DATE, LIST_PAGE, LIST_PAGE_BY_DATE } from './sql/list-page';

export interface PageQuestion {
  visible: VisibleSet;
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

type PageRow = StoredObject & { id: string };

const isDated = (q: PageQuestion): boolean => q.from !== undefined || q.to !== undefined;
const bounds = (q: PageQuestion): [string, string] => [
  q.from === undefined ? '-infinity' : toTimestamp(q.from),
  q.to === undefined ? 'infinity' : toTimestamp(q.to),
];
const whoSees = (v: VisibleSet): unknown[] => [MODULE_NUMBERS[v.module], v.owners, v.concerning, v.viewer];

async function readRows(pool: Pool, question: PageQuestion): Promise<PageRow[]> {
  const place = [
    question.after ?? '0',
    question.after === undefined ? question.offset : 0,
    question.limit + 1,
  ];
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

/** A page of what the viewer may see, oldest-created first, with the exact total (HUB-SEMANTICS 33, 34). */
export async function readPage(pool: Pool, question: PageQuestion): Promise<Page> {
  const [rows, total] = await Promise.all([readRows(pool, question), count(pool, question)]);
  const page = rows.slice(0, question.limit);
  return {
    texts: page.map((row) => wholeText(question.visible.module, row)),
    total,
    next: rows.length > question.limit ? page.at(-1)?.id : undefined,
  };
}
