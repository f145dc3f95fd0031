import { hasOffset, instantOf } from '../domain/instants';
import { fail } from '../errors';

/** Parameters of a paginated request (spec: transport_and_format, Pagination; semantics 33, 34). */
export interface Paging {
  from: number | undefined;
  to: number | undefined;
  offset: number;
  limit: number;
  /** What the limit header says: the limit in force, else the cap. */
  shownLimit: number;
  /** The place in creation order that a Link carries, so that page N costs what page 1 costs. */
  after: string | undefined;
}

/** The most objects that a page ever has. */
const LIMIT_CAP = 1000;

/** Numbers beyond it count as this: past the end of every list, and small enough for PostgreSQL's bigint. */
const LARGEST = 999_999_999_999_999;

/** A place that a Link carries. */
export const AFTER = /^\d{1,18}$/;

const invalid = (name: string, rule: string): never => fail({ kind: 'Invalid', message: `${name}: ${rule}` });

function wholeNumber(query: URLSearchParams, name: string, min: number): number | undefined {
  const text = query.get(name);
  if (text === null) return undefined;
  const value = Math.min(Number(text), LARGEST);
  if (!/^\d+$/.test(text) || value < min) return invalid(name, `must be a whole number of at least ${min}`);
  return value;
}

function date(query: URLSearchParams, name: string, { offsets }: PagingRules): number | undefined {
  // A `+` of an offset that was not encoded arrives as a space.
  const text = query.get(name)?.replace(' ', '+');
  if (text === undefined) return undefined;
  if (!offsets && hasOffset(text)) return invalid(name, 'must be a DateTime in UTC, without an offset');
  return instantOf(text) ?? invalid(name, 'must be a DateTime');
}

/** A GET of a list. */
export interface ListRequest {
  /** Of the list, without its query. */
  url: string;
  query: URLSearchParams;
  rules: PagingRules;
}

export interface PagingRules {
  /** The page size where no limit is asked. */
  pageLimit: number;
  /** Are dates with an offset understood? Of lenient partners (semantics 44). */
  offsets: boolean;
}

/** @throws Invalid naming the parameter and the rule. */
export function readPaging({ query, rules }: ListRequest): Paging {
  const { pageLimit } = rules;
  const asked = wholeNumber(query, 'limit', 1);
  const after = query.get('after');
  if (after !== null && !AFTER.test(after)) invalid('after', 'must be a place that a Link of this hub gave');
  return {
    from: date(query, 'date_from', rules),
    to: date(query, 'date_to', rules),
    offset: wholeNumber(query, 'offset', 0) ?? 0,
    limit: Math.min(asked ?? pageLimit, LIMIT_CAP),
    shownLimit: asked === undefined ? pageLimit : LIMIT_CAP,
    after: after ?? undefined,
  };
}

/** The Link to the next page: offset, limit, every filter of the request, and its own place. */
function nextLink({ url, query }: ListRequest, { offset, limit }: Paging, after: string): string {
  const params = new URLSearchParams(query);
  params.set('offset', String(offset + limit));
  params.set('limit', String(limit));
  params.set('after', after);
  return `<${url}?${params.toString()}>; rel="next"`;
}

/** The headers of a page. `next`: the place of its last object, where another page follows. */
export function listHeaders(
  request: ListRequest,
  paging: Paging,
  page: { total: number; next: string | undefined },
): Record<string, string> {
  return {
    'X-Total-Count': String(page.total),
    'X-Limit': String(paging.shownLimit),
    ...(page.next !== undefined && { Link: nextLink(request, paging, page.next) }),
  };
}
