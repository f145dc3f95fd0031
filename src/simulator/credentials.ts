import { connectionOf, discover, HandshakeError, type Fetch, type HubConnection } from './hub-connection';
import { asObject, asText, type Json } from './json';
import { methodNotAllowed, ok, refuse } from './replies';
import { newToken } from './tokens';
import type { ReceivedRequest, Reply } from './types';

/** What the credentials endpoint of a platform needs of it. */
export interface CredentialsOwner {
  hub: HubConnection | undefined;
  readonly hubTokens: Set<string>;
  tokenA: string | undefined;
  credentials(token: string): Json;
  send: (options: { url: string; token: string }) => ReturnType<Fetch>;
}

/**
 * Credentials as the receiver of a handshake that the hub starts: POST with our token A, PUT and DELETE afterwards.
 * 3001 where the hub's versions cannot be read, 3002 without 2.2.1, 3003 without endpoints, 405 in the wrong state.
 */
export async function receiveCredentials(
  us: CredentialsOwner,
  request: ReceivedRequest,
  token: string,
): Promise<Reply> {
  const registered = us.hubTokens.has(token);
  switch (request.method) {
    case 'GET':
      return ok(us.credentials(token));
    case 'POST':
      return registered ? methodNotAllowed() : connect(us, request);
    case 'PUT':
      return registered ? connect(us, request) : methodNotAllowed();
    case 'DELETE':
      return registered ? disconnect(us) : methodNotAllowed();
    default:
      return methodNotAllowed();
  }
}

async function connect(us: CredentialsOwner, request: ReceivedRequest): Promise<Reply> {
  const { token, url } = asObject(request.json);
  if (asText(token) === '' || asText(url) === '') return refuse(2001, '$: token and url are required');
  const fetch: Fetch = (target, key) => us.send({ url: target, token: key });
  const endpoints = await discover(fetch, asText(url), asText(token)).catch((error: unknown) => error);
  if (!(endpoints instanceof Map)) return failed(endpoints);
  us.hub = connectionOf(request.json, endpoints);
  us.hubTokens.clear();
  us.tokenA = undefined;
  const fresh = newToken();
  us.hubTokens.add(fresh);
  return ok(us.credentials(fresh));
}

function failed(error: unknown): Reply {
  if (!(error instanceof HandshakeError)) return refuse(3000, String(error));
  const status = { version: 3002, endpoints: 3003 }[error.step] ?? 3001;
  return refuse(status, error.message);
}

function disconnect(us: CredentialsOwner): Reply {
  us.hub = undefined;
  us.hubTokens.clear();
  return ok();
}
