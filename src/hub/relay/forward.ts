import { fail } from '../../errors';
import { isFields, type Fields } from '../../domain/fields';
import { partyWords, type PartyId } from '../../domain/party';
import type { Reply } from '../../ocpi/envelope';
import { routingHeaders } from '../../ocpi/headers';
import { parseAnswer, type OcpiAnswer } from '../../partners/answer';
import { headerOf, type FailureKind, type TransportResult } from '../../partners/types';
import type { RelayParts } from './parts';
import type { Receiver } from './receiver';

/*
 * A message on its way to one receiver and its answer back (HUB-SEMANTICS 20, 22, 23): bytes as they came, a new
 * request id, the same correlation id. No retry and no queue: the sender decides what to do about a failure.
 */

export interface Message {
  method: string;
  /** Absolute, at the receiver. */
  url: string;
  body: string | Buffer | undefined;
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
export async function forward(parts: RelayParts, message: Message): Promise<Answered> {
  const { to } = message;
  const gated = await parts.gate.pass({ id: to.partner.id, offline: to.party.status === 'OFFLINE' }, () =>
    send(parts, message),
  );
  const party = partyWords(to.named);
  if (gated === 'open') return fail({ kind: 'ReceiverNotConnected', party, reason: 'out of reach lately' });
  if (gated === 'full')
    return fail({ kind: 'Unroutable', reason: `too many requests to ${party} are under way` });
  return answerOf(message, gated);
}

function send(parts: RelayParts, message: Message): Promise<TransportResult> {
  const { method, url, body, from, to, correlation_id, timeoutMs, signal } = message;
  const headers = routingHeaders({ to: to.named, from });
  const request = { method, url, body, timeoutMs, headers, correlationId: correlation_id, signal };
  return parts.partnerClient.request(to.partner, request, 'relay');
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
  return {
    http,
    status_code: answered.status_code,
    bytes: answered.bytes,
    headers: passed,
  };
}
