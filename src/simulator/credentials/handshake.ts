import { expectSuccess } from '../http/answers';
import { methodNotAllowed, ok, refuse } from '../http/replies';
import { asText, at, isObject, messageOf, type Json, type JsonObject } from '../json';
import { VERSIONS_PATH, CREDENTIALS_PATH, endpointPath } from '../platform/endpoints';
import type { PlatformState } from '../platform/platform-state';
import type { Answer, Peer, ReceivedRequest, Reply } from '../types';
import { newToken } from './credentials-token';
import { configure, discover, endpointUrl, partiesOf, detailsUrl } from './discover';

/*
 * Two platforms connect here (credentials, "Registration"). One platform gives out a CREDENTIALS_TOKEN_A, an
 * invitation. The other platform reads versions and version details with this token and posts its credentials with a
 * TOKEN_B. The first platform reads versions and details in turn and answers with credentials that hold a TOKEN_C. A
 * PUT repeats the exchange with new tokens, and a DELETE ends the connection. Both sides are here, and so are the
 * versions and details that a platform serves.
 */

/** This platform's credentials with a token for the other side. */
export function credentialsOf(state: PlatformState, token: string): JsonObject {
  return { token, url: `${state.baseUrl()}${VERSIONS_PATH}`, roles: rolesOf(state) };
}

/** The role, country and party of a credentials object, as this platform states them. */
function rolesOf(state: PlatformState): Json {
  return state.parties.map(({ role, country_code, party_id, name }) => ({
    role,
    country_code,
    party_id,
    business_details: { name },
  }));
}

/**
 * Registers at another platform: versions, details, POST of credentials with a new TOKEN_B.
 * @throws Error that names the step that failed; nothing has changed then
 */
export async function register(state: PlatformState, versionsUrl: string, tokenA: string): Promise<Peer> {
  const endpoints = await discover(state.client, versionsUrl, tokenA);
  return exchange(state, 'POST', { versionsUrl, token: tokenA, endpoints, parties: [] });
}

/** Sends changed credentials and a new token by PUT. @throws Error where it fails or nothing is registered */
export async function update(state: PlatformState): Promise<Peer> {
  return exchange(state, 'PUT', registered(state));
}

async function exchange(state: PlatformState, method: 'POST' | 'PUT', peer: Peer): Promise<Peer> {
  const ours = newToken();
  const before = new Set(state.accepted);
  state.accepted.add(ours); // the other side fetches our versions with it before it answers
  const call = { method, url: endpointUrl(peer, 'credentials', 'SENDER'), token: peer.token };
  try {
    const answer = await configure(state.client, { ...call, body: credentialsOf(state, ours) });
    const credentials = expectSuccess(`${method} credentials`, answer);
    state.peer = { ...peer, token: asText(at(credentials, 'token')), parties: partiesOf(credentials) };
  } catch (error) {
    state.accepted = before;
    throw error;
  }
  state.accepted = new Set([ours]);
  return state.peer;
}

/** DELETE of credentials; both forget the other's token. */
export async function unregister(state: PlatformState): Promise<Answer> {
  const peer = registered(state);
  const url = endpointUrl(peer, 'credentials', 'SENDER');
  const answer = await configure(state.client, { method: 'DELETE', url, token: peer.token });
  expectSuccess('DELETE credentials', answer);
  forget(state);
  return answer;
}

export function forget(state: PlatformState): void {
  state.peer = undefined;
  state.accepted = new Set();
}

/** @throws Error where no handshake has been done */
export function registered(state: PlatformState): Peer {
  if (state.peer === undefined) throw new Error(`${state.name} is registered nowhere`);
  return state.peer;
}

/**
 * Takes the credentials that another platform sent by POST or PUT: fetches its endpoints with the token in them.
 * @returns our credentials with the token that it shall use from now on
 * @throws Error where its versions or details can't be fetched
 */
export async function takeCredentials(
  state: PlatformState,
  credentials: Json | undefined,
): Promise<JsonObject> {
  if (!isObject(credentials)) throw new Error('credentials must be an object');
  const versionsUrl = asText(credentials['url']);
  const token = asText(credentials['token']);
  const endpoints = await discover(state.client, versionsUrl, token);
  const ours = newToken();
  state.accepted = new Set([ours]);
  state.peer = { versionsUrl, token, endpoints, parties: partiesOf(credentials) };
  return credentialsOf(state, ours);
}

export function serveVersions(state: PlatformState, request: ReceivedRequest): Reply {
  if (request.method !== 'GET') return methodNotAllowed();
  return ok([{ version: '2.2.1', url: detailsUrl(state.baseUrl()) }]);
}

export function serveDetails(state: PlatformState, request: ReceivedRequest): Reply {
  if (request.method !== 'GET') return methodNotAllowed();
  const credentials = { identifier: 'credentials', role: 'SENDER', url: state.baseUrl() + CREDENTIALS_PATH };
  const functional = state.offered.map(({ identifier, role }) => {
    return { identifier, role, url: state.baseUrl() + endpointPath(identifier, role) };
  });
  return ok({ version: '2.2.1', endpoints: [credentials, ...functional] });
}

/** `token` is the one the request came with, known to be ours. */
export async function serveCredentials(
  state: PlatformState,
  request: ReceivedRequest,
  token: string,
): Promise<Reply> {
  const invited = state.invitations.has(token);
  switch (request.method) {
    case 'GET':
      return ok(credentialsOf(state, token));
    case 'POST':
      return invited ? take(state, request, token) : methodNotAllowed();
    case 'PUT':
      return invited ? methodNotAllowed() : take(state, request, token);
    case 'DELETE':
      if (invited) return methodNotAllowed();
      forget(state);
      return ok();
    default:
      return methodNotAllowed();
  }
}

async function take(state: PlatformState, request: ReceivedRequest, token: string): Promise<Reply> {
  try {
    const ours = await takeCredentials(state, request.json);
    state.invitations.delete(token);
    return ok(ours);
  } catch (error) {
    return refuse(3001, messageOf(error));
  }
}
