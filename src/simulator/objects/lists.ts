import { expectSuccess } from '../http/answers';
import { methodNotAllowed, notFound, ok } from '../http/replies';
import { asObjects, type JsonObject } from '../json';
import { endpointPath } from '../platform/endpoints';
import type { PlatformState } from '../platform/platform-state';
import { send, sendTo } from '../platform/send';
import type { ReceivedRequest, Reply, Answer, PartyId, Recipient } from '../types';
import { findObject, instant, objectsOf } from './keys';
import { partAt } from './merge';

/**
 * The Sender interface of an owned module: a paginated list (transport_and_format, "Pagination") and, of locations,
 * single objects down to the connector.
 */
export function serveSender(state: PlatformState, request: ReceivedRequest): Reply {
  if (request.method !== 'GET') return methodNotAllowed();
  const [id, ...below] = request.segments;
  return id === undefined ? list(state, request) : one(state, id, below);
}

function one(state: PlatformState, id: string, below: string[]): Reply {
  const location = findObject(state.owned, 'locations', id);
  const part = location === undefined ? undefined : partAt(location, ...below);
  return part === undefined ? notFound('No such object', 2003) : ok(part);
}

function list(state: PlatformState, request: ReceivedRequest): Reply {
  const module = request.module ?? '';
  const found = objectsOf(state.owned, module).filter((item) => within(item['last_updated'], request.query));
  const offset = Number(request.query['offset'] ?? 0);
  const limit = Math.min(Number(request.query['limit'] ?? state.pageLimit), state.pageLimit);
  const headers: Record<string, string> = {
    'x-total-count': String(found.length),
    'x-limit': String(state.pageLimit),
  };
  if (offset + limit < found.length)
    headers['link'] = nextPage(state, request, { offset: offset + limit, limit });
  return ok(found.slice(offset, offset + limit), headers);
}

/** date_from is inclusive, date_to exclusive. */
function within(lastUpdated: unknown, query: Record<string, string>): boolean {
  const at = instant(lastUpdated);
  const { date_from, date_to } = query;
  return (
    (date_from === undefined || at >= instant(date_from)) && (date_to === undefined || at < instant(date_to))
  );
}

function nextPage(
  state: PlatformState,
  request: ReceivedRequest,
  page: { offset: number; limit: number },
): string {
  const query = { ...request.query, offset: String(page.offset), limit: String(page.limit) };
  const url = state.baseUrl() + endpointPath(request.module ?? '', 'SENDER');
  return `<${url}?${new URLSearchParams(query).toString()}>; rel="next"`;
}

/** All pages of a list. */
export interface Listed {
  objects: JsonObject[];
  /** X-Total-Count of each page, in order. */
  totals: number[];
}

const MAX_PAGES = 100_000;

/**
 * GET All: a list of the other platform's Sender interface, Link by Link.
 * @throws Error where a page fails, or the links do not end
 */
export async function listAll(
  state: PlatformState,
  module: string,
  options: { query?: Record<string, string | number>; from?: PartyId; to?: Recipient },
): Promise<Listed> {
  const { query, ...routing } = options;
  const listed: Listed = { objects: [], totals: [] };
  let page = await send(state, {
    method: 'GET',
    module,
    interface: 'SENDER',
    ...routing,
    ...(query && { query }),
  });
  while (listed.totals.length < MAX_PAGES) {
    listed.objects.push(...asObjects(expectSuccess(`GET ${module}`, page)));
    listed.totals.push(Number(page.headers['x-total-count']));
    const next = nextOf(page);
    if (next === undefined) return listed;
    page = await sendTo(state, next, { method: 'GET', ...routing });
  }
  throw new Error(`the list of ${module} does not end`);
}

function nextOf(page: Answer): string | undefined {
  return /<([^>]+)>\s*;\s*rel="?next"?/.exec(page.headers['link'] ?? '')?.[1];
}
