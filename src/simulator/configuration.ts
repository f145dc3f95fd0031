import { detailsUrl } from './discover';
import { CREDENTIALS_PATH, endpointPath } from './endpoints';
import { credentialsOf, forget, takeCredentials } from './handshake';
import { messageOf } from './json';
import { methodNotAllowed, ok, refuse } from './replies';
import type { PlatformState } from './state';
import type { ReceivedRequest, Reply } from './types';

/* The configuration modules that a platform serves: versions, details, credentials. */

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
