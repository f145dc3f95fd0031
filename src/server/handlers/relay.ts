import { fail } from '../../errors';
import type { Party } from '../../domain/party';
import { findReceiver } from '../../hub/relay/find-receiver';
import {
  replyOf,
  relayGet,
  relayTo,
  type Relayed,
  receiverNamed,
  receiverOf,
  type Receiver,
} from '../../hub/relay/forward';
import { relayPage, PAGE_PARAMETER } from '../../hub/relay/list-pages';
import { checkPassedOn } from '../../hub/relay/pass-on-session';
import { concernedParty, relayAndKeep as keepRelayed } from '../../hub/relay/relay-and-keep';
import { checkFrom } from '../../hub/sender';
import { unknownObject } from '../../hub/objects/read';
import type { Reply } from '../../ocpi/envelope';
import { parseJson, readBody } from '../body';
import type { OwnedRouted, Routed } from '../routed';
import { incomingWith } from './receive';

/* Messages for somebody else (HUB-SEMANTICS 20, 24, 25, 29, 31): the hub passes on bytes and answers. */

/** The request as it came, with this body. */
export function relayedOf(routed: Routed, body: Relayed['body']): Relayed {
  const { exchange, module, operation, sender, from, endpoint } = routed;
  return {
    module: module.identifier,
    interface: operation.interface,
    method: operation.method,
    path: exchange.path.slice(endpoint.length),
    search: exchange.search,
    body,
    platform: exchange.caller.partner,
    sender,
    from,
    correlation_id: exchange.correlation_id,
    mayBeEmpty: operation.operation === 'push' || operation.request?.answersNothing === true,
  };
}

/** Whom OCPI-to names. @throws UnknownReceiver, ReceiverNotConnected */
export function namedReceiver(routed: Routed): Promise<Receiver> {
  const { to, exchange } = routed;
  return receiverNamed(exchange.context.registry, to ?? fail({ kind: 'HubFault' }));
}

const NO_BODY = ['GET', 'DELETE'];

async function bytesOf({ exchange, operation }: Routed): Promise<Buffer | undefined> {
  return NO_BODY.includes(operation.method) ? undefined : readBody(exchange);
}

/** A push, a list or one object of the party that OCPI-to names. */
export async function relay(routed: Routed): Promise<Reply> {
  const { context } = routed.exchange;
  const receiver = await namedReceiver(routed);
  const relayed = relayedOf(routed, await bytesOf(routed));
  if (relayed.method === 'GET') return relayGet(context, relayed, receiver);
  return replyOf(await relayTo(context, relayed, receiver));
}

/** A page behind the Link of a relayed list: its sender stands behind that URL, FROM may be missing. @throws Invalid */
export function relayedPage(asked: Pick<Routed, 'exchange' | 'module' | 'sides'>): Promise<Reply> {
  const { exchange, module, sides } = asked;
  checkFrom(exchange.caller.partner, sides.to);
  const name = exchange.query.get(PAGE_PARAMETER) ?? '';
  const page = { name, module: module.identifier, platform: exchange.caller.partner };
  const answeredBy = ({ from, to }: { from: Party; to: Party }): void =>
    void Object.assign(sides, { from: to, to: sides.to ?? from });
  return relayPage(exchange.context, { ...page, correlation_id: exchange.correlation_id }, answeredBy);
}

/** A session or CDR for the party that OCPI-to names. */
export async function relayAndKeep(routed: OwnedRouted): Promise<Reply> {
  const receiver = await namedReceiver(routed);
  const bytes = await readBody(routed.exchange);
  const message = { relayed: relayedOf(routed, bytes), receiver };
  return keepRelayed(routed.exchange.context, message, () => incomingWith(routed, parseJson(bytes)));
}

/** A session or CDR without OCPI-to, by its cdr_token; GET of one location, by its id. */
export function findAndRelay(routed: OwnedRouted): Promise<Reply> {
  return routed.operation.operation === 'get' ? findLocation(routed) : findConcerned(routed);
}

async function findLocation(routed: OwnedRouted): Promise<Reply> {
  const { exchange, sender, ids, sides } = routed;
  const { context } = exchange;
  const party = await findReceiver(context, 'location', { sender, id: ids[0] ?? '', type: undefined });
  if (!party) return unknownObject('locations', ids);
  sides.from = party;
  return relayGet(context, relayedOf(routed, undefined), receiverOf(context.registry, party));
}

async function findConcerned(routed: OwnedRouted): Promise<Reply> {
  const { exchange, operation, owner, ids, sides } = routed;
  const { context } = exchange;
  const bytes = await readBody(routed.exchange);
  const body = parseJson(bytes);
  const push = { method: operation.method, owner, ids, body: body.value };
  const party = await concernedParty(context, push);
  sides.from = party;
  const message = { relayed: relayedOf(routed, bytes), receiver: receiverOf(context.registry, party) };
  return keepRelayed(context, message, () => incomingWith(routed, body));
}

/** A session that its eMSP passes to an SCSP: relayed, the CPO's own and not kept. */
export async function passOn(routed: Routed): Promise<Reply> {
  const { exchange, ids } = routed;
  const { country_code = '', party_id = '' } = exchange.params;
  const receiver = await namedReceiver(routed);
  const bytes = await bytesOf(routed);
  const session = { owner: { country_code, party_id }, id: ids[0] ?? '' };
  const body = bytes && parseJson(bytes).value;
  await checkPassedOn(exchange.context, exchange.caller.partner, { ...session, body });
  return replyOf(await relayTo(exchange.context, relayedOf(routed, bytes), receiver));
}
