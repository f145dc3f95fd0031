import { fail, OcpiFailure } from '../errors';
import { route, type To } from '../domain/relay/route';
import { SHARING } from '../domain/visibility';
import type { Party, PartyId } from '../domain/party';
import { readRoutingHeaders, routingHeaders, type RoutingHeaders } from '../ocpi/headers';
import type { Reply } from '../ocpi/envelope';
import { isPassedOn } from '../hub/relay/pass-on-session';
import { PAGE_PARAMETER } from '../hub/relay/list-pages';
import { ownerOf, ownParty, senderOf } from '../hub/sender';
import type { Exchange } from './exchange';
import { replyTo } from './error-replies';
import { receive } from './handlers/receive';
import { list, read } from './handlers/look-up';
import { findAndRelay, passOn, relay, relayAndKeep, relayedPage } from './handlers/relay';
import { request } from './handlers/request';
import { asOwned, type Routed, type Served } from './routed';

/*
 * The order of every functional request: routing headers, sender, party in the URL, role, then the route, and only
 * then the body (HUB-SEMANTICS 5a). Answers carry the routing headers swapped, error answers too (20).
 */

function toOf(exchange: Exchange, to: PartyId | undefined): To {
  if (!to) return 'nobody';
  return exchange.context.registry.isHub(to) ? 'hub' : 'party';
}

/** An eMSP that pushes locations is refused, a CPO that sends commands too (HUB-SEMANTICS 37). */
function checkRole(party: Party, { owned, operation, fits }: Served): void {
  if (fits(party)) return;
  if (operation.request) refuseRole(party, 'such a request may be sent by', operation.request.from);
  if (operation.operation === 'push' && owned)
    refuseRole(party, `${owned.identifier} may be pushed by`, SHARING[owned.identifier].owners);
}

function refuseRole(party: Party, what: string, roles: readonly string[]): never {
  const message = `${what} ${roles.join(' or ')} alone, not by ${party.roles.join(', ')}`;
  return fail({ kind: 'Invalid', message });
}

/** The party in the URL, of the sender's platform; 'passed on': a session that its eMSP passes to an SCSP. */
function ownerInUrl(routed: Routed): Party | 'passed on' | undefined {
  const { country_code, party_id } = routed.exchange.params;
  if (country_code === undefined || party_id === undefined) return undefined;
  const { context, caller } = routed.exchange;
  const named = { country_code, party_id };
  const receiver = routed.to && context.registry.party(routed.to);
  const isForeign = !ownParty(caller.partner, named) && routed.module.identifier === 'sessions';
  if (isForeign && isPassedOn(routed.sender, receiver)) return 'passed on';
  return ownerOf(caller.partner, named);
}

function dispatch(routed: Routed, on: Served): Promise<Reply> {
  const { operation, exchange } = routed;
  if (operation.operation === 'request') return request(routed, operation.request);
  const outcome = route({
    interface: operation.interface,
    operation: operation.operation,
    concernsOne: on.concernsOne,
    to: toOf(exchange, routed.to),
  });
  switch (outcome) {
    case 'receive':
      return receive(asOwned(routed, on));
    case 'list':
      return list(asOwned(routed, on));
    case 'read':
      return read(asOwned(routed, on));
    case 'relay':
      return relay(routed);
    case 'relayAndKeep':
      return relayAndKeep(asOwned(routed, on));
    case 'findReceiver':
      return findAndRelay(asOwned(routed, on));
  }
}

function act(exchange: Exchange, on: Served, sides: RoutingHeaders): Promise<Reply> {
  const { to, from } = readRoutingHeaders(exchange.headers);
  sides.from = to ?? exchange.context.registry.hub;
  sides.to = from;
  if (on.operation.operation === 'list' && exchange.query.has(PAGE_PARAMETER))
    return relayedPage({ exchange, module: on.module, sides });
  const sender = senderOf(exchange.caller.partner, from, on.fits);
  sides.to = from ?? sender;
  const { module, operation, endpoint } = on;
  const ids = on.idParams.map((name) => exchange.params[name] ?? '');
  const who = { sender, from: sides.to, to, owner: undefined };
  const routed: Routed = { exchange, module, operation, endpoint, ...who, ids, sides };
  const owner = ownerInUrl(routed);
  if (owner === 'passed on') return passOn(routed);
  routed.owner = owner;
  checkRole(owner ?? sender, on);
  return dispatch(routed, on);
}

/** Serves one operation of a functional module. */
export function actOnRoute(exchange: Exchange, on: Served): Promise<Reply> {
  const sides: RoutingHeaders = { to: undefined, from: exchange.context.registry.hub };
  return withSides(sides, () => act(exchange, on, sides));
}

/** The reply with the routing headers as they stand then; errors too, whether `work` throws or rejects. */
export async function withSides(sides: RoutingHeaders, work: () => Promise<Reply>): Promise<Reply> {
  let reply: Reply;
  try {
    reply = await work();
  } catch (error) {
    if (!(error instanceof OcpiFailure)) throw error;
    reply = replyTo(error.error);
  }
  const { http, status_code, status_message, data, bytes } = reply;
  const headers = Object.assign(routingHeaders(sides), reply.headers);
  return { http, status_code, status_message, data, bytes, headers };
}
