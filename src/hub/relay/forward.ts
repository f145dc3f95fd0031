import { charsetOf } from '../../ocpi/charset';
import { fail } from '../../errors';
import { isFields, type Fields } from '../../domain/json/fields';
import { partyWords, type PartyId, type Party, isLive } from '../../domain/party';
import type { Reply } from '../../ocpi/envelope';
import { routingHeaders } from '../../ocpi/headers';
import { parseAnswer, type OcpiAnswer } from '../../partners/answer';
import { headerOf, type FailureKind, type TransportResult } from '../../partners/transport/transport-types';
import type { HubContext } from '../context';
import { type InterfaceRole, type Partner, endpointOf, isConnected } from '../../domain/partner';
import { urlBelow, type RequestDescriptor } from '../../ocpi/module';
import type { Registry } from '../../store/registry/registry';

/*
 * A message on its way to one receiver and its answer back (semantics 20, 22, 23): bytes as they came, a new
 * request id, the same correlation id. No retry and no queue: the sender decides what to do about a failure.
 */

export interface Message {
  method: string;
  /** Absolute, at the receiver. */
  url: string;
  body: string | Buffer | undefined;
  contentType?: string | undefined;
  from: PartyId;
  to: Receiver;
  correlation_id: string;
  /** An empty 2xx answers it: pushes have no data to answer. */
  mayBeEmpty: boolean;
  /** FORWARD_TIMEOUT_MS if not given. */
  timeoutMs?: number;
  signal?: AbortSignal;
}

/** What a receiver answered, and its own bytes. */
export interface Answered extends OcpiAnswer {
  bytes: Buffer | undefined;
}

const REASONS: Partial<Record<FailureKind, string>> = {
  refused: 'connection refused',
  dns: 'host name not found',
  tls: 'TLS failed',
  reset: 'connection broken',
  blocked: 'its URL may not be called',
};

function failed(party: string, kind: FailureKind): never {
  if (kind === 'timeout' || kind === 'aborted') return fail({ kind: 'ReceiverTimeout', party });
  if (kind === 'too_large')
    return fail({ kind: 'Unroutable', reason: `the answer of ${party} is too large to relay` });
  return fail({ kind: 'ReceiverNotConnected', party, reason: REASONS[kind] ?? kind });
}

const BYTE_ORDER_MARK = Buffer.from([0xef, 0xbb, 0xbf]);

const withoutMark = (body: Buffer): Buffer =>
  body.subarray(0, 3).equals(BYTE_ORDER_MARK) ? body.subarray(3) : body;

/** What a receiver's answer means to the sender. @throws one of the hub errors. Pure. */
export function answerOf(message: Message, result: TransportResult): Answered {
  const party = partyWords(message.to.named);
  if (!result.ok) return failed(party, result.failure.kind);
  if (result.status === 401)
    return fail({ kind: 'ReceiverNotConnected', party, reason: 'it refused the token of the hub' });
  const answer = parseAnswer(result);
  const empty = result.body.length === 0;
  if (answer.kind === 'not_ocpi' || (empty && !message.mayBeEmpty))
    return fail({ kind: 'Unroutable', reason: `the answer of ${party} is not OCPI (HTTP ${result.status})` });
  return { ...answer, bytes: empty ? undefined : withoutMark(result.body) };
}

/**
 * Sends a message and answers what came back.
 * @throws ReceiverTimeout (4002), ReceiverNotConnected (4003), Unroutable (4000)
 */
export async function forward(context: HubContext, message: Message): Promise<Answered> {
  const { to } = message;
  const gated = await context.gate.pass({ id: to.partner.id, offline: to.party.status === 'OFFLINE' }, () =>
    send(context, message),
  );
  const party = partyWords(to.named);
  if (gated === 'open') return fail({ kind: 'ReceiverNotConnected', party, reason: 'out of reach lately' });
  if (gated === 'full')
    return fail({ kind: 'Unroutable', reason: `too many requests to ${party} are under way` });
  return answerOf(message, gated);
}

function send(context: HubContext, message: Message): Promise<TransportResult> {
  const { method, url, body, from, to, correlation_id, timeoutMs, signal, contentType } = message;
  const headers = routingHeaders({ to: to.named, from });
  if (contentType !== undefined && charsetOf(contentType) !== undefined)
    headers['Content-Type'] = contentType;
  const request = { method, url, body, timeoutMs, headers, correlationId: correlation_id, signal };
  return context.partnerClient.request(to.partner, request, 'relay');
}

/** `data` of a success, where it is an object. */
export function dataOf(answered: Answered): Fields | undefined {
  return answered.success && isFields(answered.data) ? answered.data : undefined;
}

const PASSED = ['x-total-count', 'x-limit'] as const;
const NAMES = { 'x-total-count': 'X-Total-Count', 'x-limit': 'X-Limit' };

/** The answer as it goes back to the sender; HTTP and OCPI status as the receiver gave them. */
export function replyOf(answered: Answered, headers: Record<string, string> = {}): Reply {
  const passed = { ...headers };
  for (const name of PASSED) {
    const value = headerOf(answered.headers, name);
    if (value !== undefined) passed[NAMES[name]] = value;
  }
  const http = answered.bytes === undefined ? 200 : answered.http;
  const contentType = headerOf(answered.headers, 'content-type');
  return {
    http,
    status_code: answered.status_code,
    bytes: answered.bytes,
    contentType: charsetOf(contentType) === undefined ? undefined : contentType,
    headers: passed,
  };
}

/** A request to a functional module that is for somebody else, as it came. */
export interface Relayed {
  /** Its identifier. */
  module: string;
  interface: InterfaceRole;
  method: string;
  /** Raw, below the module's endpoint, and the raw query string with its `?`. */
  path: string;
  search: string;
  body: string | Buffer | undefined;
  /** Content-Type of bytes that go on as they came. */
  contentType?: string | undefined;
  /** The platform that sends it, its party, and that party as OCPI-from is to name it. */
  platform: Partner;
  sender: Party;
  from: PartyId;
  correlation_id: string;
  mayBeEmpty: boolean;
}

/** A request of a functional module that has an answer of its own: a command, a profile, an authorize. */
export interface Asked {
  relayed: Relayed;
  request: RequestDescriptor;
  /** The body as read; undefined: there is none. */
  body: unknown;
  /** URL segments below the endpoint. */
  ids: readonly string[];
  /** `?type=` of a token. */
  type: string | undefined;
  /** Of the commands: which. */
  command: string | undefined;
  /** Whom OCPI-to names, if it names a party. */
  receiver: Receiver | undefined;
}

/** The message to this receiver: the same path and query below its own endpoint. @throws Unroutable */
export function messageTo(relayed: Relayed, receiver: Receiver): Message {
  const { method, body, contentType, from, correlation_id, mayBeEmpty } = relayed;
  const { path, search } = relayed;
  const slash = receiver.partner.policies.trailing_slash;
  const url = urlBelow(endpointAt(receiver, relayed), path, { search, slash });
  return { method, url, body, contentType, from, to: receiver, correlation_id, mayBeEmpty };
}

/** Relays a request and answers what the receiver answered. @throws the hub errors */
export function relayTo(context: HubContext, relayed: Relayed, receiver: Receiver): Promise<Answered> {
  return forward(context, messageTo(relayed, receiver));
}

/** The one that a message goes to. */
export interface Receiver {
  party: Party;
  partner: Partner;
  /** As OCPI-to names it. */
  named: PartyId;
}

/** The platform behind a party. @throws ReceiverNotConnected (semantics 22) */
export function receiverOf(registry: Registry, party: Party, named: PartyId = party): Receiver {
  const partner = party.partner === null ? undefined : registry.partner(party.partner);
  if (!partner || !isLive(party) || !isConnected(partner))
    return fail({ kind: 'ReceiverNotConnected', party: partyWords(named), reason: party.status });
  return { party, partner, named };
}

/** The one that OCPI-to names. @throws UnknownReceiver, ReceiverNotConnected */
export async function receiverNamed(registry: Registry, to: PartyId): Promise<Receiver> {
  const party = registry.party(to) ?? (await registry.findParty(to));
  if (!party) return fail({ kind: 'UnknownReceiver', party: partyWords(to) });
  return receiverOf(registry, party, to);
}

/** Where the receiver serves this interface. @throws Unroutable where it does not */
export function endpointAt(receiver: Receiver, at: { module: string; interface: InterfaceRole }): string {
  const url = endpointOf(receiver.partner, at.module, at.interface);
  const what = `${at.module} as ${at.interface}`;
  return url ?? fail({ kind: 'Unroutable', reason: `${partyWords(receiver.named)} does not offer ${what}` });
}
