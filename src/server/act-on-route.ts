import { fail, OcpiFailure } from '../errors';
import { route, type To } from '../domain/route';
import { mayOwn, mayReceive, SHARING } from '../domain/visibility';
import type { Party, PartyId } from '../domain/party';
import { readRoutingHeaders, routingHeaders, type RoutingHeaders } from '../ocpi/headers';
import type { ModuleDescriptor, OperationDescriptor, OwnedModuleDescriptor } from '../ocpi/module';
import { ownedModules } from '../ocpi/v2_2_1';
import type { Reply } from '../ocpi/envelope';
import { ownerOf, senderOf } from '../hub/sender';
import type { Exchange } from './exchange';
import { replyTo } from './error-replies';
import { receive } from './handlers/receive';
import { list, read } from './handlers/look-up';

/*
 * The order of every functional request: routing headers, sender, party in the URL, role, then the route, and only
 * then the body (HUB-SEMANTICS 5a). Answers carry the routing headers swapped, error answers too (20).
 */

export interface Routed {
  exchange: Exchange;
  module: OwnedModuleDescriptor;
  operation: OperationDescriptor;
  sender: Party;
  /** Of an object's URL on a Receiver interface. */
  owner: Party | undefined;
  /** URL segments below the owner. */
  ids: readonly string[];
}

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

function fitsFor(
  module: OwnedModuleDescriptor | undefined,
  operation: OperationDescriptor,
): (party: Party) => boolean {
  if (!module) return () => true;
  if (operation.interface === 'RECEIVER') return (party) => mayOwn(party, module.identifier);
  return (party) => mayReceive(party, module.identifier);
}

function toOf(exchange: Exchange, to: PartyId | undefined): To {
  if (!to) return 'nobody';
  return exchange.context.registry.isHub(to) ? 'hub' : 'party';
}

/** An eMSP that pushes locations is refused (HUB-SEMANTICS 37). */
function checkRole(party: Party, module: OwnedModuleDescriptor): void {
  if (mayOwn(party, module.identifier)) return;
  const roles = SHARING[module.identifier].owners.join(' or ');
  fail({
    kind: 'Invalid',
    message: `${module.identifier} may be pushed by ${roles} alone, not by ${party.roles.join(', ')}`,
  });
}

function ownerInUrl(exchange: Exchange): Party | undefined {
  const { country_code, party_id } = exchange.params;
  if (country_code === undefined || party_id === undefined) return undefined;
  return ownerOf(exchange.caller.partner, { country_code, party_id });
}

async function dispatch(routed: Routed, to: To): Promise<Reply> {
  const { module, operation } = routed;
  const concernsOne = SHARING[module.identifier].concernsOne;
  const outcome = route({ interface: operation.interface, operation: operation.operation, to, concernsOne });
  switch (outcome) {
    case 'receive':
      return receive(routed);
    case 'list':
      return list(routed);
    case 'read':
      return read(routed);
    case 'relay':
    case 'relayAndKeep':
    case 'findReceiver':
      return fail({ kind: 'Unroutable', reason: 'this hub does not relay messages yet' });
  }
}

async function act(
  exchange: Exchange,
  on: { module: ModuleDescriptor; operation: OperationDescriptor },
  sides: RoutingHeaders,
): Promise<Reply> {
  const module = Object.values(ownedModules).find((m) => m.identifier === on.module.identifier);
  const headers = readRoutingHeaders(exchange.headers);
  sides.from = headers.to ?? exchange.context.registry.hub;
  sides.to = headers.from;
  const sender = senderOf(exchange.caller.partner, headers.from, fitsFor(module, on.operation));
  sides.to = sender;
  const owner = ownerInUrl(exchange);
  if (!module) return fail({ kind: 'Unroutable', reason: 'this hub does not relay messages yet' });
  if (on.operation.operation === 'push') checkRole(owner ?? sender, module);
  const routed = { exchange, module, operation: on.operation, sender, owner, ids: idsOf(exchange.params) };
  return dispatch(routed, toOf(exchange, headers.to));
}

/** Serves one operation of a functional module. */
export async function actOnRoute(
  exchange: Exchange,
  on: { module: ModuleDescriptor; operation: OperationDescriptor },
): Promise<Reply> {
  const sides: RoutingHeaders = { to: undefined, from: exchange.context.registry.hub };
  let reply: Reply;
  try {
    reply = await act(exchange, on, sides);
  } catch (error) {
    if (!(error instanceof OcpiFailure)) throw error;
    reply = replyTo(error.error);
  }
  return { ...reply, headers: { ...reply.headers, ...routingHeaders(sides) } };
}
