import { randomUUID } from 'node:crypto';
import { authorization } from '../credentials/credentials-token';
import { endpointUrl } from '../credentials/discover';
import { registered } from '../credentials/handshake';
import type { Answer, PartyId, Peer, Sending } from '../types';
import { joinUrl } from './endpoints';
import type { PlatformState } from './platform-state';

/**
 * Sends one request to the platform at which this one is registered.
 * Rejects when no answer came; an error that was answered is an answer.
 */
export async function send(state: PlatformState, sending: Sending): Promise<Answer> {
  const peer = registered(state);
  const endpoint = endpointUrl(peer, sending.module, sending.interface);
  return sendTo(state, joinUrl(endpoint, sending.path ?? '') + queryOf(sending), sending);
}

/** The same to a URL that the other platform gave: the Link of a page, the Location of a CDR. */
export async function sendTo(
  state: PlatformState,
  url: string,
  sending: Omit<Sending, 'module' | 'interface' | 'path' | 'query'>,
): Promise<Answer> {
  const { method, body, timeoutMs } = sending;
  const text = body === undefined || typeof body === 'string' ? body : JSON.stringify(body);
  const headers = headersOf(state, sending);
  const seen = { direction: 'sent' as const, method, url, headers, at: Date.now() };
  try {
    const answer = await state.client.exchange(url, { method, headers, body: text, timeoutMs });
    state.observe({ ...seen, http: answer.http, status: answer.status });
    return answer;
  } catch (error) {
    state.observe({ ...seen, http: undefined, status: undefined });
    throw error;
  }
}

function queryOf({ query }: Sending): string {
  if (query === undefined || Object.keys(query).length === 0) return '';
  const entries = Object.entries(query).map(([name, value]): [string, string] => [name, String(value)]);
  return `?${new URLSearchParams(entries).toString()}`;
}

function headersOf(state: PlatformState, sending: Partial<Sending>): Record<string, string> {
  const peer = registered(state);
  const from = sending.from === undefined ? state.parties[0] : sending.from;
  const to = sending.to === 'hub' ? hubOf(peer) : sending.to;
  const token = sending.token === undefined ? peer.token : sending.token;
  return {
    ...(token === null ? {} : { authorization: authorization(token, 'base64') }),
    ...(sending.body === undefined ? {} : { 'content-type': 'application/json' }),
    'x-request-id': sending.requestId ?? randomUUID(),
    'x-correlation-id': sending.correlationId ?? randomUUID(),
    ...(from ? routing('from', from) : {}),
    ...(to ? routing('to', to) : {}),
    ...sending.headers,
  };
}

function routing(direction: 'from' | 'to', party: PartyId): Record<string, string> {
  return {
    [`ocpi-${direction}-country-code`]: party.country_code,
    [`ocpi-${direction}-party-id`]: party.party_id,
  };
}

/** The party with which a hub registered. @throws Error where the peer is no hub */
function hubOf(peer: Peer): PartyId {
  const hub = peer.parties.find((party) => party.role === 'HUB');
  if (hub === undefined) throw new Error(`${peer.versionsUrl} is no hub`);
  return hub;
}
