import { serveProfile, servePreferences } from '../commands/charging-profiles';
import { serveCommand } from '../commands/commands';
import { serveResult } from '../commands/response-urls';
import { credentialsTokenOf } from '../credentials/credentials-token';
import { serveCredentials, serveDetails, serveVersions } from '../credentials/handshake';
import { notFound, refuse } from '../http/replies';
import { serveAuthorize } from '../objects/authorize';
import { serveSender } from '../objects/lists';
import { serveReceiver } from '../objects/receive';
import type { ReceivedRequest, Reply } from '../types';
import { addressee, partyOf, sameParty } from './parties';
import type { PlatformState } from './platform-state';

const REGISTRATION = ['versions', 'details', 'credentials'];

/** Does the request concern a functional module (or a path that is none of ours)? hubclientinfo is configuration. */
export function isFunctional(request: ReceivedRequest): boolean {
  return !REGISTRATION.includes(request.module ?? '') && request.module !== 'hubclientinfo';
}

/** Does the other side ask for a whole list on its own account: FROM is a hub's own party, or it is not known yet? */
export function isPull(state: PlatformState, request: ReceivedRequest): boolean {
  const { method, role, segments } = request;
  if (method !== 'GET' || role !== 'SENDER' || segments.length > 0) return false;
  const from = partyOf(request, 'from');
  const { peer } = state;
  if (from === undefined || peer === undefined) return from !== undefined;
  return peer.parties.some((party) => party.role === 'HUB' && sameParty(party, from));
}

/** The platform's own answer to a request, and what it does to its stores. */
export async function handle(state: PlatformState, request: ReceivedRequest): Promise<Reply> {
  const token = credentialsTokenOf(request.headers['authorization'], 'base64');
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

/** A token A opens only the configuration modules. */
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

/**
 * What a strict platform says to a TO that it does not host. The specification has no status for that but the hub's
 * own 4001, so it is the 2001 of a wrong parameter.
 */
function misdirected(state: PlatformState, request: ReceivedRequest): Reply | undefined {
  const to = partyOf(request, 'to');
  const isHub = state.parties.some(({ role }) => role === 'HUB');
  if (!state.strict || isHub || to === undefined || addressee(state.parties, request) !== undefined)
    return undefined;
  return refuse(2001, `OCPI-to: ${to.country_code}/${to.party_id} is not here`);
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
