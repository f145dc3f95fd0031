import { parseJson } from '../domain/json/parse-json';
import { decodeText } from '../ocpi/charset';
import { isFields } from '../domain/json/fields';
import { retryAfterMs } from '../domain/retry';
import { withoutToken } from './without-token';
import { headerOf, type TransportFailure, type TransportResult } from './transport/transport-types';

/** No answer came. */
export interface NoAnswerGiven {
  kind: 'failure';
  failure: TransportFailure;
}

/** An answer without an OCPI envelope. */
export interface ForeignAnswer {
  kind: 'not_ocpi';
  http: number;
  detail: string;
  /** The first of what it says instead. */
  words: string;
  status_code: undefined;
  status_message: undefined;
}

export interface OcpiAnswer {
  kind: 'ocpi';
  http: number;
  headers: Record<string, string | string[]>;
  /** Any 2xx with a 1xxx code, or an empty 2xx (semantics, Tolerance). */
  success: boolean;
  status_code: number;
  status_message: string | undefined;
  /** `data` of the envelope; undefined where there is none. */
  data: unknown;
}

/** What a partner's answer says. */
export type Answer = NoAnswerGiven | ForeignAnswer | OcpiAnswer;

/**
 * Reads the envelope (spec: transport_and_format, Response format), tolerantly.
 * @param token that was sent, which the words of the answer then do not show
 */
export function parseAnswer(
  result: Extract<TransportResult, { ok: true }>,
  token?: string | null,
): ForeignAnswer | OcpiAnswer;
export function parseAnswer(result: TransportResult, token?: string | null): Answer;
export function parseAnswer(result: TransportResult, token?: string | null): Answer {
  if (!result.ok) return { kind: 'failure', failure: result.failure };
  const { status: http, headers } = result;
  const fine = http >= 200 && http < 300;
  const envelope =
    fine && isBlank(result.body)
      ? EMPTY
      : envelopeOf(decodeText(result.body, headerOf(headers, 'content-type')).text);
  if (envelope === undefined) return foreign(result, token);
  const success = fine && envelope.status_code >= 1000 && envelope.status_code < 2000;
  const status_message = envelope.status_message && withoutToken(envelope.status_message, token);
  return { kind: 'ocpi', http, headers, success, ...envelope, status_message };
}

const WORDS = 300;

function foreign(
  { status: http, headers, body }: Extract<TransportResult, { ok: true }>,
  token: string | null | undefined,
): ForeignAnswer {
  const location = headerOf(headers, 'location');
  const { text } = decodeText(body.subarray(0, 4 * WORDS), headerOf(headers, 'content-type'));
  const words = withoutToken(text.replace(/\s+/g, ' ').trim(), token).slice(0, WORDS);
  const to =
    http >= 300 && http < 400 && location !== undefined
      ? ` to ${withoutToken(location, token).slice(0, 200)}`
      : '';
  const detail = `HTTP ${http}${to} without an OCPI envelope`;
  return { kind: 'not_ocpi', http, detail, words, status_code: undefined, status_message: undefined };
}

type Envelope = Pick<OcpiAnswer, 'status_code' | 'status_message' | 'data'>;

const EMPTY: Envelope = { status_code: 1000, status_message: undefined, data: undefined };

function envelopeOf(text: string): Envelope | undefined {
  const value = parsed(text);
  if (!isFields(value)) return undefined;
  const status_code = Number(value.status_code);
  if (!Number.isInteger(status_code)) return undefined;
  const message = 'status_message' in value ? value.status_message : undefined;
  const data = 'data' in value ? value.data : undefined;
  return { status_code, status_message: typeof message === 'string' ? message : undefined, data };
}

function parsed(text: string): unknown {
  try {
    return parseJson(text);
  } catch {
    return undefined;
  }
}

const BYTE_ORDER_MARK = '\uFEFF';

function isBlank(body: Buffer): boolean {
  return body.length < 64 && body.toString('utf8').replace(BYTE_ORDER_MARK, '').trim() === '';
}

/** The answer in one line for people: a log, a status_message, an admin. Shows nothing of `data`. */
export function describeAnswer(answer: Answer): string {
  if (answer.kind === 'failure') return `${answer.failure.kind}: ${answer.failure.detail}`;
  if (answer.kind === 'not_ocpi') return answer.detail;
  const message = answer.status_message === undefined ? '' : `: ${answer.status_message.slice(0, 200)}`;
  return `HTTP ${answer.http}, status_code ${answer.status_code}${message}`;
}

/** For how many milliseconds an answer asks to be left alone: a 429 or 503 with Retry-After. */
export function waitAskedBy(result: TransportResult): number | undefined {
  if (!result.ok || (result.status !== 429 && result.status !== 503)) return undefined;
  const { headers } = result;
  return retryAfterMs(headerOf(headers, 'retry-after'), { date: headerOf(headers, 'date'), now: Date.now() });
}

/** What an exchange says about whether a partner can be reached; undefined: nothing. */
export type ContactEvidence = { reached: true } | { reached: false; error: string } | undefined;

const OPEN = 0x7b; // {
/** White space, and the bytes of a byte order mark. */
const SKIPPED = new Set([0x20, 0x09, 0x0a, 0x0d, 0xef, 0xbb, 0xbf]);

/** Looks like an envelope, or is empty: read without parsing, as every answer passes here. */
function mayBeOcpi(body: Buffer): boolean {
  for (const byte of body) if (!SKIPPED.has(byte)) return byte === OPEN;
  return true;
}

/**
 * An answer that may be OCPI's shows that the partner is there, a refusal too. No connection, a timeout, 401 (it does
 * not know our token) and the page of a proxy show that nothing passes. What the hub itself ended, and a fault that
 * the partner owns up to (5xx with an envelope), show nothing.
 */
export function evidenceOf(result: TransportResult): ContactEvidence {
  if (!result.ok) return ofFailure(result.failure.kind, result.failure.detail);
  const { status, body } = result;
  if (status === 429) return { reached: true };
  if (status === 401) return { reached: false, error: 'HTTP 401' };
  const ocpi = mayBeOcpi(body);
  if (status >= 500 && ocpi && body.length > 0) return undefined;
  if (status >= 500 || !ocpi) return { reached: false, error: `HTTP ${status} without an OCPI envelope` };
  return { reached: true };
}

function ofFailure(kind: string, detail: string): ContactEvidence {
  if (kind === 'aborted' || kind === 'blocked' || kind === 'too_large') return undefined;
  return { reached: false, error: `${kind}: ${detail}` };
}
