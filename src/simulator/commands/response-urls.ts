import { randomUUID } from 'node:crypto';
import { methodNotAllowed, notFound, ok, refuse } from '../http/replies';
import { asText, at, isObject } from '../json';
import { endpointPath } from '../platform/endpoints';
import type { PlatformState } from '../platform/platform-state';
import type { ReceivedRequest, Reply } from '../types';
import { COMMAND_RESULTS } from './command-objects';

/* What an eMSP serves as the Sender of commands and charging profiles: its own response_url, and updates of profiles. */

/** ChargingProfileResultType. */
const PROFILE_RESULTS = ['ACCEPTED', 'REJECTED', 'UNKNOWN'];

/** The response_url of a GET or DELETE of a charging profile, percent-encoded or not; '' where there is none. */
export function responseUrlIn(search: string): string {
  const rest = /(?:^|&)response_url=(.*)$/s.exec(search)?.[1] ?? '';
  const [first = ''] = rest.split('&');
  if (first.includes('://')) return rest.replace(/&duration=\d+(?=&|$)/, ''); // unencoded: its own query goes on
  return new URLSearchParams(`url=${first}`).get('url') ?? '';
}

/** Makes a URL of its own that nobody can guess, for the result of one request. */
export function newResponseUrl(
  state: PlatformState,
  module: 'commands' | 'chargingprofiles',
  name: string,
): string {
  const path = `${endpointPath(module, 'SENDER')}/${name}/${randomUUID()}`;
  state.results.set(path, []);
  return state.baseUrl() + path;
}

/** The results that came to such a URL, in order of arrival. @throws Error for a URL that was not made here */
export function resultsAt(state: PlatformState, responseUrl: string): ReceivedRequest[] {
  const results = state.results.get(new URL(responseUrl).pathname);
  if (results === undefined) throw new Error(`${responseUrl} is no response_url of ${state.name}`);
  return results;
}

/** The Sender interface of commands and chargingprofiles. */
export function serveResult(state: PlatformState, request: ReceivedRequest): Reply {
  if (request.method === 'PUT' && request.module === 'chargingprofiles') return updateProfile(state, request);
  if (request.method !== 'POST') return methodNotAllowed();
  const results = state.results.get(request.path);
  const fault = state.strict ? faultOf(request) : undefined;
  if (state.strict && results === undefined) return notFound('No result is waited for here');
  if (fault !== undefined) return refuse(2001, fault);
  results?.push(request);
  return ok();
}

function faultOf(request: ReceivedRequest): string | undefined {
  const known = request.module === 'commands' ? COMMAND_RESULTS : PROFILE_RESULTS;
  return known.includes(asText(at(request.json, 'result'))) ? undefined : '$.result: is unknown';
}

/** Keeps the ActiveChargingProfile among what it received, as `chargingprofiles/SESSION_ID`. */
function updateProfile(state: PlatformState, request: ReceivedRequest): Reply {
  const [sessionId, ...below] = request.segments;
  if (sessionId === undefined || below.length > 0) return notFound('No such path');
  if (!isObject(at(request.json, 'charging_profile'))) return refuse(2001, '$.charging_profile: is required');
  state.stored.set(`chargingprofiles/${sessionId.toUpperCase()}`, request.json ?? null);
  return ok();
}
