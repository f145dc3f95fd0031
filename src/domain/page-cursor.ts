import { sameOrigin } from './origin';

/*
 * Where a list of a partner goes on (spec: transport_and_format, Pagination; semantics, Tolerance): by its Link;
 * where that is missing although X-Total-Count promises more, or points elsewhere, by offset on the endpoint
 * that was discovered, until a page is empty or brings nothing new. Pure.
 */

/** The next request of a list under way. */
export interface PageCursor {
  url: string;
  /** Objects of all pages before it, doubles too. */
  offset: number;
  limit: number;
  /** Pages in a row up to here that brought nothing new. */
  idle: number;
  /** Links to another path than the endpoint's have led nowhere: they are not followed any more. */
  stay?: true;
}

/** The first request of a list, without its cursor. */
export interface ListStart {
  endpoint: string;
  date_from: string | undefined;
}

/** What a page says of the next one. */
export interface PageEnd {
  /** Objects on the page, doubles and bad ones too. */
  count: number;
  /** Those not seen on an earlier page. */
  fresh: number;
  link: string | undefined;
  total: number | undefined;
}

/** Pages of a chain of links that may bring nothing new: servers that filter after they cut. */
const IDLE_PAGES = 3;

/** The URL of a list from an offset on; what the endpoint's own query holds stays. */
export function listUrl(start: ListStart, page: { offset: number; limit: number }): string {
  const url = new URL(start.endpoint);
  if (start.date_from !== undefined) url.searchParams.set('date_from', start.date_from);
  if (page.offset > 0) url.searchParams.set('offset', String(page.offset));
  url.searchParams.set('limit', String(page.limit));
  return url.href;
}

export function firstPage(start: ListStart, limit: number): PageCursor {
  return { url: listUrl(start, { offset: 0, limit }), offset: 0, limit, idle: 0 };
}

const NEXT = /<([^>]*)>\s*(?:;[^,]*)?;\s*rel\s*=\s*"?next"?/i;

/** The URL of rel="next" in a Link header, as it stands there. */
export function nextLinkOf(header: string | readonly string[] | undefined): string | undefined {
  const text = typeof header === 'string' ? header : header?.join(', ');
  return text === undefined ? undefined : NEXT.exec(text)?.[1]?.trim();
}

/** A link that may be followed: it stays at the endpoint's origin. Relative ones are understood. */
function followed(link: string, cursor: PageCursor, start: ListStart): string | undefined {
  if (!URL.canParse(link, cursor.url)) return undefined;
  const url = new URL(link, cursor.url);
  const safe = sameOrigin(url.href, start.endpoint) && url.username === '' && url.password === '';
  const stays = safe && (cursor.stay === undefined || atEndpoint(url.href, start));
  return stays && url.href !== cursor.url ? url.href : undefined;
}

const pathOf = (url: string): string => new URL(url).pathname.replace(/\/$/, '');
const atEndpoint = (url: string, start: ListStart): boolean => pathOf(url) === pathOf(start.endpoint);

/**
 * The same cursor by offset at the endpoint that was discovered, where a Link to another path led nowhere: behind a
 * proxy that cuts a prefix servers write links without it. Undefined where the cursor is at the endpoint already.
 */
export function backAtEndpoint(start: ListStart, cursor: PageCursor): PageCursor | undefined {
  if (atEndpoint(cursor.url, start)) return undefined;
  return { ...cursor, url: listUrl(start, cursor), stay: true };
}

/** The cursor behind a page; undefined where the list has ended. */
export function nextPage(start: ListStart, cursor: PageCursor, page: PageEnd): PageCursor | undefined {
  const { limit, stay } = cursor;
  const offset = cursor.offset + page.count;
  const idle = page.fresh > 0 ? 0 : cursor.idle + 1;
  const link = page.link === undefined ? undefined : followed(page.link, cursor, start);
  if (link !== undefined)
    return idle < IDLE_PAGES ? { url: link, offset, limit, idle, ...(stay && { stay }) } : undefined;
  const promised = page.link !== undefined || (page.total !== undefined && page.total > offset);
  if (!promised || page.fresh === 0) return undefined;
  return { url: listUrl(start, { offset, limit }), offset, limit, idle, ...(stay && { stay }) };
}

/** The same cursor with a smaller page. */
export function withLimit(cursor: PageCursor, limit: number): PageCursor {
  const url = new URL(cursor.url);
  url.searchParams.set('limit', String(limit));
  return { ...cursor, url: url.href, limit };
}
