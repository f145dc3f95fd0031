import type { IncomingMessage, ServerResponse } from 'node:http';
import type { Context } from '../context';
import { partnerInLog, type Partner } from '../domain/partner';
import { fail, OcpiFailure } from '../errors';
import type { Reply } from '../ocpi/envelope';
import { versions } from '../ocpi/versions';
import { replyTo } from './error-replies';
import type { Caller, OcpiCall, Route, TokenKind } from './ocpi-call';
import { idHeaders, idsOf, logAnswered, type MessageIds, send } from './send';
import type { BytesUnderWay, Weight } from './bytes-under-way';
import type { RateLimit } from './rate-limit';
import type { Match, RouteTree } from './route-tree';

/*
 * One pipeline for every OCPI request: ids, token, path and method, then the handler, which returns a value and never
 * touches the response. The first fault in this order is the one that is answered (semantics 5a).
 */

const NO_QUERY = new URLSearchParams();

function split(url: string): Pick<OcpiCall, 'path' | 'search' | 'query'> {
  const at = url.indexOf('?');
  if (at < 0) return { path: url, search: '', query: NO_QUERY };
  return { path: url.slice(0, at), search: url.slice(at), query: new URLSearchParams(url.slice(at + 1)) };
}

/** Below the details of a version that is served, versions and credentials aside: a module, or what could be one. */
function isOfModule(tree: RouteTree, path: string): boolean {
  const [version = '', module = ''] = path.split('/');
  const isCredentials = versions.some(({ credentials }) => credentials.identifier === module);
  return module !== '' && !isCredentials && tree.match('GET', version).found === 'route';
}

/** A token that does not open an endpoint is not told either what is there (semantics 3, 5a, 15). */
function opens(tree: RouteTree, match: Match, at: { path: string; kind: TokenKind }): boolean {
  switch (match.found) {
    case 'route':
      return match.route.opens.includes(at.kind);
    case 'methods':
      return match.routes.some((route) => route.opens.includes(at.kind));
    case 'nothing':
      return at.kind === 'C' || (at.kind !== 'SUPERSEDED' && !isOfModule(tree, at.path));
  }
}

/** What else a token opens, whatever was called. */
function closedTo({ kind, partner }: Caller): string {
  switch (kind) {
    case 'A':
      return partner.status === 'REGISTERED'
        ? 'this token A was used: use the credentials token that the hub gave in the handshake'
        : 'this token opens only versions and credentials: register first';
    case 'B':
      return 'this token opens only versions until the handshake has ended';
    case 'SUPERSEDED':
      return 'this credentials token was replaced: use the one that the hub gave last';
    case 'C':
      return 'this credentials token does not open this endpoint';
  }
}

/** @throws Unauthorized, UnknownPath, MethodNotAllowed: the first of them that fits */
function routeOf(
  tree: RouteTree,
  at: { method: string; path: string; caller: Caller },
): { route: Route; params: Record<string, string> } {
  const match = tree.match(at.method, at.path);
  const { kind, partner } = at.caller;
  if (!opens(tree, match, { path: at.path, kind }))
    return fail({ kind: 'Unauthorized', reason: closedTo(at.caller), partner });
  if (match.found === 'route') return match;
  if (match.found === 'nothing') return fail({ kind: 'UnknownPath', path: at.path, goesOn: match.goesOn });
  const allow = match.routes.map(({ method }) => method);
  return fail({ kind: 'MethodNotAllowed', method: at.method, allow });
}

/** What serves all requests of the OCPI front door. */
export interface FrontDoor {
  tree: RouteTree;
  limit: RateLimit;
  bytes: BytesUnderWay;
}

/** What is known of a request before its token and path are looked at. */
interface Arrived {
  context: Context;
  request: IncomingMessage;
  url: string;
  /** performance.now() */
  at: number;
  ids: MessageIds;
  weight: Weight;
  /** Who sent it, as soon as that is known. */
  partner?: Partner;
}

async function answer(door: FrontDoor, arrived: Arrived): Promise<Reply> {
  const { context, request, ids, weight } = arrived;
  const { headers, method = 'GET' } = request;
  const known = context.registry.authenticate(headers.authorization);
  const caller = known instanceof Promise ? await known : known;
  arrived.partner = caller.partner;
  door.limit.take(caller.partner.id);
  context.contacts.heardFrom(caller.partner.id);
  context.syncWorker?.heardFrom(caller.partner.id);
  const { path, search, query } = split(arrived.url);
  const { route, params } = routeOf(door.tree, { method, path, caller });
  return route.handle({
    context,
    request,
    method,
    path,
    search,
    params,
    query,
    headers,
    ...ids,
    caller,
    weight,
  });
}

/** A call with a token that a partner has or had, and that does not open what was called. */
function traceDeadToken({ context, ids, request }: Arrived, { error }: OcpiFailure): void {
  if (error.kind !== 'Unauthorized' || !error.partner) return;
  const { partner, reason } = error;
  const { correlation_id } = ids;
  context.refusals.note({
    partner,
    kind: 'token',
    reason,
    correlation_id,
    address: request.socket.remoteAddress,
  });
}

function replyToFault(arrived: Arrived, error: unknown): Reply {
  if (error instanceof OcpiFailure) {
    traceDeadToken(arrived, error);
    return replyTo(error.error);
  }
  const { context, partner, ids } = arrived;
  context.log.error({ err: error, ...(partner && partnerInLog(partner)), ...ids }, 'a request failed');
  return replyTo({ kind: 'HubFault' });
}

/** Serves one request whose path below /ocpi is `url`. */
export async function serveOcpi(
  context: Context,
  door: FrontDoor,
  http: { request: IncomingMessage; response: ServerResponse; url: string },
): Promise<void> {
  const { request, response } = http;
  const ids = idsOf(request.headers);
  const weight = door.bytes.weigh();
  const arrived: Arrived = { context, request, url: http.url, at: performance.now(), ids, weight };
  let reply: Reply;
  try {
    reply = await answer(door, arrived);
  } catch (error) {
    reply = replyToFault(arrived, error);
  } finally {
    weight.release();
  }
  if (!request.readableEnded) request.resume();
  const bytes = send(response, reply, idHeaders(ids));
  logAnswered(context, { ...arrived, method: request.method, partner: arrived.partner, reply, bytes });
}
