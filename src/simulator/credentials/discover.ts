import { expectSuccess } from '../http/answers';
import { type HttpClient } from '../http/http-client';
import { asObjects, asText, at, type Json, type JsonObject } from '../json';
import { DETAILS_PATH } from '../platform/endpoints';
import type { Answer, InterfaceRole, Peer } from '../types';
import { authorization } from './credentials-token';

/** A configuration request: versions, details, credentials. */
export async function configure(
  client: HttpClient,
  call: { method: string; url: string; token: string; body?: JsonObject },
): Promise<Answer> {
  const headers: Record<string, string> = { authorization: authorization(call.token, 'base64') };
  const body = call.body === undefined ? undefined : JSON.stringify(call.body);
  if (body !== undefined) headers['content-type'] = 'application/json';
  return client.exchange(call.url, { method: call.method, headers, body });
}

/**
 * Versions, then the details of 2.2.1 (version_information_endpoint).
 * @throws Error where one of them fails or 2.2.1 is not offered
 */
export async function discover(
  client: HttpClient,
  versionsUrl: string,
  token: string,
): Promise<Peer['endpoints']> {
  const versions = expectSuccess(
    'GET versions',
    await configure(client, { method: 'GET', url: versionsUrl, token }),
  );
  const version = asObjects(versions).find((item) => item['version'] === '2.2.1');
  if (version === undefined) throw new Error(`${versionsUrl} does not offer 2.2.1`);
  const answer = await configure(client, { method: 'GET', url: asText(version['url']), token });
  const details = expectSuccess('GET version details', answer);
  return asObjects(at(details, 'endpoints')).map(endpointOf);
}

function endpointOf(line: JsonObject): Peer['endpoints'][number] {
  const role: InterfaceRole = line['role'] === 'RECEIVER' ? 'RECEIVER' : 'SENDER';
  return { identifier: asText(line['identifier']), role, url: asText(line['url']) };
}

/** The parties that a credentials object names. */
export function partiesOf(credentials: Json | undefined): Peer['parties'] {
  return asObjects(at(credentials, 'roles')).map((role) => ({
    role: asText(role['role']),
    country_code: asText(role['country_code']),
    party_id: asText(role['party_id']),
  }));
}

/** URL of a peer's endpoint; the role does not matter for credentials. @throws Error where it has none */
export function endpointUrl(peer: Peer, identifier: string, role: InterfaceRole): string {
  const found = peer.endpoints.find(
    (line) => line.identifier === identifier && (line.role === role || identifier === 'credentials'),
  );
  if (found === undefined) throw new Error(`${peer.versionsUrl} offers no ${identifier} ${role}`);
  return found.url;
}

/** Versions URL of a hub, given that URL itself or the hub's base. */
export function versionsUrlOf(hub: string): string {
  return /\/versions\/?$/.test(new URL(hub).pathname) ? hub : `${hub.replace(/\/+$/, '')}/ocpi/versions`;
}

/** Version details as this platform serves them. */
export const detailsUrl = (baseUrl: string): string => `${baseUrl}${DETAILS_PATH}`;
