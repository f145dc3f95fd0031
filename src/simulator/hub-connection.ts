import { asObjects, asText, at, asObject } from './json';
import { describeAnswer, succeeded } from './http-client';
import type { Answer, InterfaceRole, PartyId } from './types';

/** What a platform knows of the hub it is connected to. */
export interface HubConnection {
  versionsUrl: string;
  /** The token with which we call the hub (its TOKEN_C). */
  token: string;
  /** `module/ROLE` -> URL, e.g. `locations/RECEIVER`; credentials under `credentials` alone. */
  endpoints: Map<string, string>;
  roles: (PartyId & { role: string })[];
}

/** A step of the handshake that failed; `answer` is what came, undefined where nothing did. */
export class HandshakeError extends Error {
  constructor(
    readonly step: string,
    readonly answer: Answer | undefined,
    reason?: string,
  ) {
    super(`${step}: ${reason ?? (answer === undefined ? 'no answer' : describeAnswer(answer))}`);
    this.name = 'HandshakeError';
  }
}

/** GETs a URL with a token. */
export type Fetch = (url: string, token: string) => Promise<Answer>;

/**
 * Reads a partner's versions and the details of 2.2.1 (version_information_endpoint): its endpoints.
 * Throws a HandshakeError; with step 'version' where 2.2.1 is not offered.
 */
export async function discover(
  fetch: Fetch,
  versionsUrl: string,
  token: string,
): Promise<Map<string, string>> {
  const versions = await attempt('GET versions', () => fetch(versionsUrl, token));
  const version = asObjects(versions.data).find((entry) => entry['version'] === '2.2.1');
  if (version === undefined) throw new HandshakeError('version', versions, '2.2.1 is not offered');
  const details = await attempt('GET version details', () => fetch(asText(version['url']), token));
  return endpointsOf(details);
}

/** Runs one request of a handshake; anything but success becomes a HandshakeError. */
export async function attempt(step: string, request: () => Promise<Answer>): Promise<Answer> {
  const answer = await request().catch((error: unknown) => {
    throw new HandshakeError(step, undefined, error instanceof Error ? error.message : String(error));
  });
  if (!succeeded(answer)) throw new HandshakeError(step, answer);
  return answer;
}

function endpointsOf(details: Answer): Map<string, string> {
  const endpoints = new Map<string, string>();
  for (const endpoint of asObjects(at(details.data, 'endpoints'))) {
    const identifier = asText(endpoint['identifier']);
    const key = identifier === 'credentials' ? identifier : `${identifier}/${asText(endpoint['role'])}`;
    endpoints.set(key, asText(endpoint['url']));
  }
  if (!endpoints.has('credentials'))
    throw new HandshakeError('endpoints', details, 'no credentials endpoint');
  return endpoints;
}

/** The connection that a Credentials object and the discovered endpoints make. */
export function connectionOf(credentials: unknown, endpoints: Map<string, string>): HubConnection {
  const { token, url, roles } = asObject(credentials);
  const parties = asObjects(roles).map((role) => ({
    role: asText(role['role']),
    country_code: asText(role['country_code']),
    party_id: asText(role['party_id']),
  }));
  return { token: asText(token), versionsUrl: asText(url), endpoints, roles: parties };
}

/** URL of the hub's endpoint; throws where its version details do not name it. */
export function endpointOf(hub: HubConnection, module: string, role: InterfaceRole): string {
  const url = hub.endpoints.get(module === 'credentials' ? module : `${module}/${role}`);
  if (url === undefined) throw new Error(`the hub's version details name no ${module} ${role}`);
  return url;
}
