import { fail, OcpiFailure, type AnswerSides } from '../errors';
import { route, type To } from '../domain/relay/route';
import type { Party, PartyId } from '../domain/party';
import { readRoutingHeaders, routingHeaders } from '../ocpi/headers';
import type { Reply } from '../ocpi/envelope';
import { isPassedOn } from '../hub/relay/pass-on-session';
import { PAGE_PARAMETER, relayPage } from '../hub/relay/list-pages';
import { ownerOf, ownParty, senderOf } from '../hub/sender';
import type { OcpiCall } from './ocpi-call';
import { replyTo } from './error-replies';
import { receive, list, read } from './handlers/objects';
import { findAndRelay, passOn, relay, relayAndKeep, request } from './handlers/relay';
import { asOwned, type Routed, type Served } from './routed';

/*
 * The order of every functional request: routing headers, sender, party in the URL, role, then the route, and only
 * then the body (semantics 5a). Answers carry the routing headers swapped, error answers too (semantics 20).
 */

function toOf(call: OcpiCall, to: PartyId | undefined): To {
  if (!to) return 'nobody';
  return call.context.registry.isHub(to) ? 'hub' : 'party';
}

/** An eMSP that pushes locations is refused, a CPO that sends commands too (semantics 37). */
function checkRole(party: Party, { owned, operation, fits }: Served): void {
  if (fits(party)) return;
  if (operation.request) refuseRole(party, 'such a request may be sent by', operation.request.from);
  if (operation.operation === 'push' && owned)
    refuseRole(party, `${owned.identifier} may be pushed by`, owned.sharing.owners);
}

function refuseRole(party: Party, what: string, roles: readonly string[]): never {
  const message = `${what} ${roles.join(' or ')} alone, not by ${party.roles.join(', ')}`;
  return fail({ kind: 'Invalid', message });
}

/** The party in the URL, of the sender's platform; 'passed on': a session that its eMSP passes to an SCSP. */
function ownerInUrl(routed: Routed, { owned }: Served): Party | 'passed on' | undefined {
  const { country_code, party_id } = routed.call.params;
  if (country_code === undefined || party_id === undefined) return undefined;
  const { context, caller } = routed.call;
  const named = { country_code, party_id };
  const receiver = routed.to && context.registry.party(routed.to);
  const isForeign = !ownParty(caller.partner, named);
  if (isForeign && owned && isPassedOn(owned, { sender: routed.sender, receiver })) return 'passed on';
  return ownerOf(caller.partner, named);
}

function dispatch(routed: Routed, on: Served): Promise<Reply> {
  const { operation, call } = routed;
  if (operation.operation === 'request') return request(routed, operation.request);
  const outcome = route({
    interface: operation.interface,
    operation: operation.operation,
    concernsOne: on.concernsOne,
    to: toOf(call, routed.to),
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

/** What the routing headers of a request say, and what its answer's will: an error answer's too. */
interface Spoken {
  sides: AnswerSides;
  act: () => Promise<Reply>;
}

function pageOf(call: OcpiCall, on: Served, from: PartyId | undefined): Promise<Reply> {
  const { context, caller, correlation_id } = call;
  const name = call.query.get(PAGE_PARAMETER) ?? '';
  const module = on.module.identifier;
  return relayPage(context, { name, module, platform: caller.partner, from, correlation_id });
}

function actAs(call: OcpiCall, on: Served, who: Pick<Routed, 'sender' | 'from' | 'to'>): Promise<Reply> {
  const { version, module, operation, endpoint } = on;
  const ids = on.idParams.map((name) => call.params[name] ?? '');
  const routed: Routed = { call, version, module, operation, endpoint, ...who, owner: undefined, ids };
  const owner = ownerInUrl(routed, on);
  if (owner === 'passed on') return passOn(asOwned(routed, on));
  routed.owner = owner;
  checkRole(owner ?? who.sender, on);
  return dispatch(routed, on);
}

function speak(call: OcpiCall, on: Served): Spoken {
  const { hub } = call.context.registry;
  let sides: AnswerSides = { from: hub };
  try {
    const { to, from } = readRoutingHeaders(call.headers);
    sides = { from: to ?? hub, to: from };
    if (on.operation.operation === 'list' && call.query.has(PAGE_PARAMETER))
      return { sides, act: () => pageOf(call, on, from) };
    const sender = senderOf(call.caller.partner, from, on.fits);
    const who = { sender, from: from ?? sender, to };
    return { sides: { from: sides.from, to: who.from }, act: async () => actAs(call, on, who) };
  } catch (error) {
    return {
      sides,
      act: () => {
        throw error;
      },
    };
  }
}

/** Serves one operation of a functional module. */
export function actOnRoute(call: OcpiCall, on: Served): Promise<Reply> {
  const { sides, act } = speak(call, on);
  return withRoutingHeaders(sides, act);
}

async function replyOrFailure(act: () => Promise<Reply>): Promise<Reply> {
  try {
    return await act();
  } catch (error) {
    if (!(error instanceof OcpiFailure)) throw error;
    return { ...replyTo(error.error), sides: error.sides };
  }
}

/** The reply with its routing headers; errors too. `sides`: those of an answer that does not say otherwise. */
export async function withRoutingHeaders(sides: AnswerSides, act: () => Promise<Reply>): Promise<Reply> {
  const reply = await replyOrFailure(act);
  const { http, status_code, status_message, data, bytes } = reply;
  const { from = sides.from, to = sides.to } = reply.sides ?? {};
  const headers = Object.assign(routingHeaders({ from, to }), reply.headers);
  return { http, status_code, status_message, data, bytes, headers };
}
