import { fail, OcpiFailure } from '../errors';
import { route, type To } from '../domain/route';
import { mayOwn, mayReceive, SHARING } from '../domain/visibility';
import type { Party, PartyId } from '../domain/party';
import { readRoutingHeaders, routingHeaders, type RoutingHeaders } from '../ocpi/headers';
import type { ModuleDescriptor, OperationDescriptor, OwnedModuleDescriptor } from '../ocpi/module';
import type { Reply } from '../ocpi/envelope';
import { isPassedOn } from '../hub/relay/pass-on-session';
import { PAGE_PARAMETER } from '../hub/relay/pages';
import { ownerOf, senderOf } from '../hub/sender';
import type { Exchange } from './exchange';
import { replyTo } from './error-replies';
import { receive } from './handlers/receive';
import { list, read } from './handlers/look-up';
import { findAndRelay, passOn, relay, relayAndKeep, relayedPage } from './handlers/relay';
import { request } from './handlers/request';
import { asOwned, ownedModule, type Routed } from './routed';

/*
 * The order of every functional request: routing headers, sender, party in the URL, role, then the route, and only
 * then the body (HUB-SEMANTICS 5a). Answers carry the routing headers swapped, error answers too (20).
 */

const OBJECT_PARAMS = [
  'location_id',
  'tariff_id',
  'session_id',
  'cdr_id',
  'token_uid',
  'evse_uid',
  'connector_id',
];

const idsOf = (params: Record<string, string>): string[] =>
  OBJECT_PARAMS.map((name) => params[name]).filter((id) => id !== undefined);

interface On {
  module: ModuleDescriptor;
  operation: OperationDescriptor;
}

/** May this party send such a request? What decides where a platform of several parties does not say which speaks. */
function fitsFor({ module, operation }: On): (party: Party) => boolean {
  const { request } = operation;
  if (request) return (party) => party.roles.some((role) => request.from.includes(role));
  const owned = ownedModule(module);
  if (!owned) return () => true;
  if (operation.interface === 'RECEIVER') return (party) => mayOwn(party, owned.identifier);
  return (party) => mayReceive(party, owned.identifier);
}

function toOf(exchange: Exchange, to: PartyId | undefined): To {
  if (!to) return 'nobody';
  return exchange.context.registry.isHub(to) ? 'hub' : 'party';
}

/** An eMSP that pushes locations is refused, a CPO that sends commands too (HUB-SEMANTICS 37). */
function checkRole(party: Party, { module, operation }: On): void {
  const owned = ownedModule(module);
  if (operation.operation === 'push' && owned && !mayOwn(party, owned.identifier))
    refuseRole(party, `${module.identifier} may be pushed by`, SHARING[owned.identifier].owners);
  if (operation.request && !fitsFor({ module, operation })(party))
    refuseRole(party, `such a request of ${module.identifier} may be sent by`, operation.request.from);
}

function refuseRole(party: Party, what: string, roles: readonly string[]): never {
  const message = `${what} ${roles.join(' or ')} alone, not by ${party.roles.join(', ')}`;
  return fail({ kind: 'Invalid', message });
}

/** The party in the URL, of the sender's platform; 'passed on': a session that its eMSP passes to an SCSP. */
function ownerInUrl(routed: Omit<Routed, 'owner'>): Party | 'passed on' | undefined {
  const { country_code, party_id } = routed.exchange.params;
  if (country_code === undefined || party_id === undefined) return undefined;
  const { registry } = routed.exchange.context;
  const receiver = routed.to && registry.party(routed.to);
  if (routed.module.identifier === 'sessions' && isPassedOn(routed.sender, receiver)) return 'passed on';
  return ownerOf(routed.exchange.caller.partner, { country_code, party_id });
}

async function dispatch(routed: Routed, owned: OwnedModuleDescriptor | undefined): Promise<Reply> {
  const { operation, exchange } = routed;
  if (operation.operation === 'list' && exchange.query.has(PAGE_PARAMETER)) return relayedPage(routed);
  const concernsOne = owned !== undefined && SHARING[owned.identifier].concernsOne;
  const question = { interface: operation.interface, operation: operation.operation, concernsOne };
  const outcome = route({ ...question, to: toOf(exchange, routed.to) });
  if (operation.operation === 'request') return request(routed, operation.request);
  switch (outcome) {
    case 'receive':
      return receive(asOwned(routed));
    case 'list':
      return list(asOwned(routed));
    case 'read':
      return read(asOwned(routed));
    case 'relay':
      return relay(routed);
    case 'relayAndKeep':
      return relayAndKeep(asOwned(routed));
    case 'findReceiver':
      return findAndRelay(asOwned(routed));
  }
}

async function act(exchange: Exchange, on: On, sides: RoutingHeaders): Promise<Reply> {
  const headers = readRoutingHeaders(exchange.headers);
  sides.from = headers.to ?? exchange.context.registry.hub;
  sides.to = headers.from;
  const sender = senderOf(exchange.caller.partner, headers.from, fitsFor(on));
  sides.to = headers.from ?? sender;
  const ids = idsOf(exchange.params);
  const known = { ...on, exchange, sender, from: headers.from ?? sender, to: headers.to, ids, sides };
  const owner = ownerInUrl(known);
  if (owner === 'passed on') return passOn({ ...known, owner: undefined });
  checkRole(owner ?? sender, on);
  return dispatch({ ...known, owner }, ownedModule(on.module));
}

/** Serves one operation of a functional module. */
export async function actOnRoute(exchange: Exchange, on: On): Promise<Reply> {
  const sides: RoutingHeaders = { to: undefined, from: exchange.context.registry.hub };
  return withSides(sides, () => act(exchange, on, sides));
}

/** The reply with the routing headers as they stand then, errors too. */
export async function withSides(sides: RoutingHeaders, work: () => Promise<Reply>): Promise<Reply> {
  let reply: Reply;
  try {
    reply = await work();
  } catch (error) {
    if (!(error instanceof OcpiFailure)) throw error;
    reply = replyTo(error.error);
  }
  return { ...reply, headers: { ...reply.headers, ...routingHeaders(sides) } };
}
