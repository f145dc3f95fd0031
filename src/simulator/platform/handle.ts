import { serveAuthorize } from '../objects/authorize';
import { serveProfile, servePreferences } from '../commands/charging-profiles';
import { serveCommand } from '../commands/commands';
import { serveCredentials, serveDetails, serveVersions } from '../credentials/handshake';
import { serveSender } from '../objects/lists';
import { serveReceiver } from '../objects/receive';
import { notFound, refuse } from '../http/replies';
import { serveResult } from '../commands/response-urls';
import { misdirected } from './parties';
import type { PlatformState } from './platform-state';
import { tokenOf } from '../credentials/credentials-token';
import type { ReceivedRequest, Reply } from '../types';

const REGISTRATION = ['versions', 'details', 'credentials'];

/** Does the request concern a functional module (or a path that is none of ours)? hubclientinfo is configuration. */
export function isFunctional(request: ReceivedRequest): boolean {
  return !REGISTRATION.includes(request.module ?? '') && request.module !== 'hubclientinfo';
}

/** The platform's own answer to a request, and what it does to its stores. */
export async function handle(state: PlatformState, request: ReceivedRequest): Promise<Reply> {
  const token = tokenOf(request.headers['authorization'], 'base64');
  if (token === undefined || !isKnown(state, request, token)) return refuse(2002, 'Unknown token', 401);
  switch (request.module) {
    case 'versions':
      return serveVersions(state, request);
    case 'details':
      return serveDetails(state, request);
    case 'credentials':
      return serveCredentials(state, request, token);
    default:
      return isOffered(state, request) ? serveModule(state, request) : notFound('No such endpoint');
  }
}

/** A token A opens the configuration modules alone. */
function isKnown(state: PlatformState, request: ReceivedRequest, token: string): boolean {
  return (
    state.accepted.has(token) || (state.invitations.has(token) && REGISTRATION.includes(request.module ?? ''))
  );
}

function isOffered(state: PlatformState, request: ReceivedRequest): boolean {
  return state.offered.some((line) => line.identifier === request.module && line.role === request.role);
}

async function serveModule(state: PlatformState, request: ReceivedRequest): Promise<Reply> {
  const refused = misdirected(state, request);
  if (refused !== undefined) return refused;
  return request.role === 'RECEIVER' ? serveAsReceiver(state, request) : serveAsSender(state, request);
}

async function serveAsReceiver(state: PlatformState, request: ReceivedRequest): Promise<Reply> {
  if (request.module === 'commands') return serveCommand(state, request);
  if (request.module === 'chargingprofiles') return serveProfile(state, request);
  return serveReceiver(state, request);
}

function serveAsSender(state: PlatformState, request: ReceivedRequest): Reply {
  const { module, method, segments } = request;
  if (module === 'commands' || module === 'chargingprofiles') return serveResult(state, request);
  if (module === 'tokens' && segments[1] === 'authorize') return serveAuthorize(state, request);
  if (module === 'sessions' && method === 'PUT') return servePreferences(state, request);
  return serveSender(state, request);
}
