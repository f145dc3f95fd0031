import { randomUUID } from 'node:crypto';
import type { IncomingMessage, ServerResponse } from 'node:http';
import type { Context } from '../context';
import { fail, OcpiFailure } from '../errors';
import type { Reply } from '../ocpi/envelope';
import { replyTo } from './error-replies';
import type { Caller, Exchange, Route } from './exchange';
import type { RateLimit } from './rate-limit';
import type { Match, RouteTree } from './route-tree';
import { send } from './send';

/*
 * One pipeline for every OCPI request: ids, token, path and method, then the handler, which returns a value and never
 * touches the response. The first fault in this order is the one that is answered (HUB-SEMANTICS 5a).
 */

const NO_QUERY = new URLSearchParams();

function idOf(header: string | string[] | undefined): string {
  return typeof header === 'string' && /^[\x21-\x7e]{1,255}$/.test(header) ? header : randomUUID();
}

function split(url: string): Pick<Exchange, 'path' | 'search' | 'query'> {
  const at = url.indexOf('?');
  if (at < 0) return { path: url, search: '', query: NO_QUERY };
  return { path: url.slice(0, at), search: url.slice(at), query: new URLSearchParams(url.slice(at + 1)) };
}

function routeOf(
  match: Match,
  method: string,
  path: string,
): { route: Route; params: Record<string, string> } {
  if (match.found === 'route') return match;
  if (match.found === 'methods') return fail({ kind: 'MethodNotAllowed', method, allow: match.allow });
  return fail({ kind: 'UnknownPath', path });
}

function mayOpen(route: Route, caller: Caller): void {
  if (route.opens.includes(caller.kind)) return;
  fail({ kind: 'Unauthorized', reason: 'this credentials token does not open this endpoint' });
}

/** What serves all requests of the OCPI front door. */
export interface FrontDoor {
  tree: RouteTree;
  limit: RateLimit;
}

/** What is known of a request before its token and path are looked at. */
interface Arrived {
  context: Context;
  request: IncomingMessage;
  url: string;
  request_id: string;
  correlation_id: string;
}

async function answer(door: FrontDoor, arrived: Arrived): Promise<Reply> {
  const { context, request, request_id, correlation_id } = arrived;
  const { headers, method = 'GET' } = request;
  const known = context.registry.authenticate(headers.authorization);
  const caller = known instanceof Promise ? await known : known;
  door.limit.take(caller.partner.id);
  context.contacts.heardFrom(caller.partner.id);
  context.feed?.heardFrom(caller.partner.id);
  const { path, search, query } = split(arrived.url);
  const { route, params } = routeOf(door.tree.match(method, path), method, path);
  mayOpen(route, caller);
  const ids = { request_id, correlation_id };
  return route.handle({ context, request, method, path, search, params, query, headers, ...ids, caller });
}

function replyToFault(
  context: Context,
  error: unknown,
  ids: { request_id: string; correlation_id: string },
): Reply {
  if (error instanceof OcpiFailure) return replyTo(error.error);
  context.log.error({ err: error, ...ids }, 'a request failed');
  return replyTo({ kind: 'HubFault' });
}

/** Serves one request whose path below /ocpi is `url`. */
export async function serveOcpi(
  context: Context,
  door: FrontDoor,
  http: { request: IncomingMessage; response: ServerResponse; url: string },
): Promise<void> {
  const { request, response } = http;
  const headers = request.headers;
  const request_id = idOf(headers['x-request-id']);
  const correlation_id = idOf(headers['x-correlation-id']);
  let reply: Reply;
  try {
    reply = await answer(door, { context, request, url: http.url, request_id, correlation_id });
  } catch (error) {
    reply = replyToFault(context, error, { request_id, correlation_id });
  }
  if (!request.readableEnded) request.resume();
  if (context.log.isLevelEnabled('debug'))
    context.log.debug(
      {
        method: request.method,
        url: http.url.split('?')[0],
        http: reply.http,
        status: reply.status_code,
        request_id,
        correlation_id,
      },
      'ocpi',
    );
  send(response, reply, { 'X-Request-ID': request_id, 'X-Correlation-ID': correlation_id });
}
