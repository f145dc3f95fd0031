import { parseJson } from '../domain/json/parse-json';
import type { Partner, Validation } from '../domain/partner';
import type { PartyId } from '../domain/party';
import { isFields } from '../domain/json/fields';
import { elementsOf, valueText } from '../domain/json/json-text';
import { decodeText } from '../ocpi/charset';
import { nextLinkOf, type PageCursor } from '../domain/page-cursor';
import { routingHeaders } from '../ocpi/headers';
import {
  describeAnswer,
  parseAnswer,
  type Answer,
  type PartnerClient,
  type TransportResult,
} from './partner-client';
import { waitAskedBy } from './answer';
import { headerOf } from './transport/transport-types';

/*
 * Reads a page of a partner's Sender list: its objects as the texts that came, beside their values. One request at a
 * time; what is wrong with a page is a result, what is wrong with an object is the reader's to say.
 */

export interface PageObject {
  text: string;
  value: unknown;
}

export interface Page {
  kind: 'page';
  objects: PageObject[];
  link: string | undefined;
  total: number | undefined;
  /** `timestamp` of the envelope: the partner's clock. */
  timestamp: string | undefined;
  /** A list without its envelope, or without its status_code: understood where the policy is lenient. */
  bare: boolean;
  /** It did not say its charset, and is no UTF-8. */
  guessed: boolean;
}

/**
 * `refused`: it answered that it will not give this page. `noList`: a 2xx that holds no list. `heavy`: a smaller page
 * may pass. `unreadable`: its JSON is broken somewhere, the page without that object may be read.
 */
export interface PageFailure {
  kind: 'failure';
  reason: string;
  refused: boolean;
  noList: boolean;
  heavy: boolean;
  unreadable: boolean;
  total: number | undefined;
  retryAfterS: number | undefined;
}

export interface PageRequest {
  cursor: PageCursor;
  to: PartyId;
  from: PartyId;
  correlationId: string;
  /** Milliseconds for the whole exchange. */
  timeoutMs: number;
  signal: AbortSignal;
}

/** GET of one page (spec: transport_and_format, Pagination; TO = the party, FROM = hub). */
export async function readListPage(
  client: PartnerClient,
  partner: Partner,
  request: PageRequest,
): Promise<Page | PageFailure> {
  const { cursor: place, to, from, correlationId, timeoutMs, signal } = request;
  const headers = routingHeaders({ to, from });
  const result = await client.request(partner, {
    method: 'GET',
    url: place.url,
    headers,
    correlationId,
    timeoutMs,
    signal,
  });
  return pageOf(result, partner);
}

/** What an answer to a GET of a list holds. */
function pageOf(result: TransportResult, partner: Partner): Page | PageFailure {
  const { validation } = partner.policies;
  const fine = result.ok && result.status >= 200 && result.status < 300;
  if (!fine) return failureOf(result, partner);
  const { text, guessed } = decodeText(result.body, headerOf(result.headers, 'content-type'));
  if (guessed && validation === 'strict')
    return { ...failureOf(result, partner), reason: 'the answer is not UTF-8' };
  const value = parsed(text);
  if (value === undefined && /^\s*[[{]/.test(text))
    return { ...failureOf(result, partner), reason: 'the page is not JSON', unreadable: true };
  const found = listOf(text, value, validation);
  if (!found) return failureOf(result, partner);
  return { kind: 'page', ...found, guessed, link: nextLinkOf(result.headers.link), total: totalOf(result) };
}

/** X-Total-Count, where it is a count. */
function totalOf(result: TransportResult): number | undefined {
  const total = result.ok ? headerOf(result.headers, 'x-total-count')?.trim() : undefined;
  return total !== undefined && /^\d{1,9}$/.test(total) ? Number(total) : undefined;
}

type Found = Pick<Page, 'objects' | 'timestamp' | 'bare'>;

function listOf(text: string, value: unknown, validation: Validation): Found | undefined {
  if (Array.isArray(value))
    return validation === 'lenient'
      ? { objects: objectsOf(text, value), timestamp: undefined, bare: true }
      : undefined;
  if (!isFields(value)) return undefined;
  const code = Number(value.status_code);
  const bare = value.status_code === undefined && validation === 'lenient' && Array.isArray(value.data);
  if (!bare && !(code >= 1000 && code < 2000)) return undefined;
  const data: unknown = 'data' in value ? value.data : undefined;
  const timestamp = 'timestamp' in value && typeof value.timestamp === 'string' ? value.timestamp : undefined;
  if (data === undefined || data === null) return { objects: [], timestamp, bare: false };
  if (!Array.isArray(data)) return undefined;
  return { objects: objectsOf(valueText(text, 'data') ?? '[]', data), timestamp, bare };
}

function objectsOf(text: string, values: readonly unknown[]): PageObject[] {
  return elementsOf(text).map((element, i) => ({ text: element, value: values[i] }));
}

function parsed(text: string): unknown {
  try {
    return parseJson(text);
  } catch {
    return undefined;
  }
}

function failureOf(result: TransportResult, { their_token }: Partner): PageFailure {
  const answer = parseAnswer(result, their_token);
  const heavy = !result.ok && (result.failure.kind === 'too_large' || result.failure.kind === 'timeout');
  const reason = answer.kind === 'ocpi' && answer.success ? 'data is not a list' : describeAnswer(answer);
  const waitMs = waitAskedBy(result);
  const retryAfterS = waitMs === undefined ? undefined : waitMs / 1000;
  const noList = result.ok && result.status >= 200 && result.status < 300;
  const total = totalOf(result);
  const refused = isRefused(answer);
  return { kind: 'failure', reason, refused, noList, heavy, unreadable: false, total, retryAfterS };
}

/** 4xx but 401 and 429, or a client error (2xxx) of OCPI: asking again for the same will not help. */
function isRefused(answer: Answer): boolean {
  if (answer.kind === 'failure' || answer.http === 401 || answer.http === 429) return false;
  const { http, status_code } = answer;
  return (
    (http >= 400 && http < 500) || (status_code !== undefined && status_code >= 2000 && status_code < 3000)
  );
}
