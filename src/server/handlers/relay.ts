import { answeredBy, fail } from '../../errors';
import { ownerNamed } from '../../hub/relay/find-receiver';
import {
  replyOf,
  relayTo,
  type Relayed,
  receiverNamed,
  receiverOf,
  type Receiver,
} from '../../hub/relay/forward';
import { relayGet } from '../../hub/relay/list-pages';
import { checkPassedOn } from '../../hub/relay/pass-on-session';
import { concernedParty, relayAndKeep as keepRelayed } from '../../hub/relay/relay-and-keep';
import { unknownObject } from '../../hub/objects/read';
import type { Reply } from '../../ocpi/envelope';
import { parseJson, readBody, type JsonBody } from '../body';
import type { OwnedRouted, Routed } from '../routed';
import { incomingWith } from './objects';
import { relayRequest } from '../../hub/relay/request';
import type { RequestDescriptor } from '../../ocpi/module';
import type { OcpiCall } from '../ocpi-call';

/* Messages for somebody else (semantics 20, 24, 25, 29, 31): the hub passes on bytes and answers. */

/** The request as it came, with this body. */
export function relayedOf(routed: Routed, body: Relayed['body']): Relayed {
  const { call, module, operation, sender, from, endpoint } = routed;
  return {
    module: module.identifier,
    interface: operation.interface,
    method: operation.method,
    path: call.path.slice(endpoint.length),
    search: call.search,
    body,
    contentType: typeof body === 'string' ? undefined : call.headers['content-type'],
    platform: call.caller.partner,
    sender,
    from,
    correlation_id: call.correlation_id,
    mayBeEmpty: operation.operation === 'push' || operation.request?.answersNothing === true,
  };
}

/** Whom OCPI-to names. @throws UnknownReceiver, ReceiverNotConnected */
export function namedReceiver(routed: Routed): Promise<Receiver> {
  const { to, call } = routed;
  return receiverNamed(call.context.registry, to ?? fail({ kind: 'HubFault' }));
}

const NO_BODY = ['GET', 'DELETE'];

async function bytesOf({ call, operation, module }: Routed): Promise<Buffer | undefined> {
  return NO_BODY.includes(operation.method) ? undefined : readBody(call, module);
}

/** A push, a list or one object of the party that OCPI-to names. */
export async function relay(routed: Routed): Promise<Reply> {
  const { context } = routed.call;
  const receiver = await namedReceiver(routed);
  const relayed = relayedOf(routed, await bytesOf(routed));
  if (relayed.method === 'GET') return relayGet(context, relayed, receiver);
  return replyOf(await relayTo(context, relayed, receiver));
}

/** A session or CDR for the party that OCPI-to names. */
export async function relayAndKeep(routed: OwnedRouted): Promise<Reply> {
  const receiver = await namedReceiver(routed);
  const bytes = await readBody(routed.call, routed.module);
  const message = { relayed: relayedOf(routed, bytes), receiver };
  return keepRelayed(routed.call.context, message, () => incomingWith(routed, parseJson(routed.call, bytes)));
}

/** A session or CDR without OCPI-to, by its cdr_token; GET of one location, by its id. */
export function findAndRelay(routed: OwnedRouted): Promise<Reply> {
  return routed.operation.operation === 'get' ? findObject(routed) : findConcerned(routed);
}

async function findObject(routed: OwnedRouted): Promise<Reply> {
  const { call, module, sender, ids } = routed;
  const { context } = call;
  const party = await ownerNamed(context, module, { sender, id: ids[0] ?? '', type: undefined });
  if (!party) return unknownObject(module, ids.slice(0, 1));
  return answeredBy({ from: party }, async () =>
    relayGet(context, relayedOf(routed, undefined), receiverOf(context.registry, party)),
  );
}

async function findConcerned(routed: OwnedRouted): Promise<Reply> {
  const { call, module, operation, owner, ids } = routed;
  const { context } = call;
  const bytes = await readBody(routed.call, routed.module);
  const body = parseJson(routed.call, bytes);
  const { partner } = call.caller;
  const push = { partner, module, method: operation.method, owner, ids, body: body.value };
  const party = await concernedParty(context, push);
  return answeredBy({ from: party }, async () => {
    const message = { relayed: relayedOf(routed, bytes), receiver: receiverOf(context.registry, party) };
    return keepRelayed(context, message, () => incomingWith(routed, body));
  });
}

/** A session that its eMSP passes to an SCSP: relayed, the CPO's own and not kept. */
export async function passOn(routed: OwnedRouted): Promise<Reply> {
  const { call, module, ids } = routed;
  const { country_code = '', party_id = '' } = call.params;
  const receiver = await namedReceiver(routed);
  const bytes = await bytesOf(routed);
  const session = { module, owner: { country_code, party_id }, id: ids[0] ?? '' };
  const body = bytes && parseJson(routed.call, bytes).value;
  await checkPassedOn(call.context, call.caller.partner, { ...session, body });
  return replyOf(await relayTo(call.context, relayedOf(routed, bytes), receiver));
}

interface Body extends JsonBody {
  bytes: Buffer;
}

/** The body, where the request has one; authorize may come without (semantics 41). @throws NotJson, BodyTooLarge */
async function bodyOf(call: OcpiCall, descriptor: RequestDescriptor): Promise<Body | undefined> {
  const bytes = await readBody(call);
  if (bytes.length === 0 && descriptor.bodyIsOptional) return undefined;
  const body = parseJson(call, bytes);
  return descriptor.bodyIsOptional && saysNothing(body.value) ? undefined : { bytes, ...body };
}

/** `null`, `[]` and `{}` carry nothing: some platforms send them in place of no body. */
const saysNothing = (value: unknown): boolean =>
  value === null || (typeof value === 'object' && Object.keys(value).length === 0);

/** A command, charging profile, charging_preferences or authorize: checked, then sent to the one that it is for. */
export async function request(routed: Routed, descriptor: RequestDescriptor): Promise<Reply> {
  const { call, operation, ids, to } = routed;
  const { registry } = call.context;
  const receiver = to && !registry.isHub(to) ? await namedReceiver(routed) : undefined;
  const body = descriptor.body && (await bodyOf(call, descriptor));
  return relayRequest(call.context, {
    // the text where a response_url in it will be replaced
    relayed: relayedOf(routed, descriptor.result ? body?.text : body?.bytes),
    request: descriptor,
    body: body?.value,
    ids,
    type: call.query.get('type') ?? undefined,
    command: operation.path,
    receiver,
  });
}
