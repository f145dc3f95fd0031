import { methodNotAllowed, notFound, refuse, ok } from '../http/replies';
import { asText, at, isObject, type JsonObject } from '../json';
import { findObject } from '../objects/keys';
import type { PlatformState } from '../platform/platform-state';
import type { ReceivedRequest, Reply } from '../types';
import { answerLater, type Finding } from './answer-later';
import type { AsyncKind } from './async-request';
import { responseUrlIn } from './response-urls';

const KINDS: Record<string, AsyncKind> = {
  GET: 'GET_PROFILE',
  PUT: 'SET_PROFILE',
  DELETE: 'CLEAR_PROFILE',
};

/** The Receiver interface of chargingprofiles: an answer at once, one of three kinds of result later. */
export async function serveProfile(state: PlatformState, request: ReceivedRequest): Promise<Reply> {
  const [sessionId, ...below] = request.segments;
  if (sessionId === undefined || below.length > 0) return notFound('No such path');
  const kind = KINDS[request.method];
  if (kind === undefined) return methodNotAllowed();
  if (kind === 'SET_PROFILE' && request.json === undefined) return refuse(2001, 'Not JSON', 400);
  const responseUrl =
    kind === 'SET_PROFILE' ? asText(at(request.json, 'response_url')) : responseUrlIn(request.search);
  const fault = responseUrl === '' ? 'response_url: is required' : faultOf(kind, request);
  if (fault !== undefined) return refuse(2001, fault);
  return answerLater(state, { kind, request, responseUrl }, judge(state, sessionId, { kind, request }));
}

function faultOf(kind: AsyncKind, request: ReceivedRequest): string | undefined {
  if (kind === 'GET_PROFILE')
    return /^\d+$/.test(request.query['duration'] ?? '') ? undefined : 'duration: must be a whole number';
  if (kind !== 'SET_PROFILE') return undefined;
  const profile = at(request.json, 'charging_profile');
  if (!isObject(profile)) return '$.charging_profile: is required';
  const unit = asText(profile['charging_rate_unit']);
  return unit === 'A' || unit === 'W' ? undefined : '$.charging_profile.charging_rate_unit: must be A or W';
}

interface Wish {
  kind: AsyncKind;
  request: ReceivedRequest;
}

/** Keeps or clears the session's profile too. */
function judge(state: PlatformState, sessionId: string, wish: Wish): Finding {
  if (state.strict && findObject(state.owned, 'sessions', sessionId) === undefined)
    return { response: 'UNKNOWN_SESSION' };
  return { response: 'ACCEPTED', result: resultOf(state, sessionId.toUpperCase(), wish) };
}

function resultOf(state: PlatformState, key: string, { kind, request }: Wish): JsonObject {
  if (kind === 'GET_PROFILE') return { result: 'ACCEPTED', profile: activeProfile(state.profiles.get(key)) };
  if (kind === 'CLEAR_PROFILE')
    return { result: state.profiles.delete(key) || !state.strict ? 'ACCEPTED' : 'UNKNOWN' };
  const profile = at(request.json, 'charging_profile');
  if (isObject(profile)) state.profiles.set(key, profile);
  return { result: 'ACCEPTED' };
}

/** Where nothing was set, the whole capacity of the EVSE (mod_charging_profiles, Sender PUT). */
const CAPACITY: JsonObject = {
  charging_rate_unit: 'A',
  charging_profile_period: [{ start_period: 0, limit: 32 }],
};

/** The ActiveChargingProfile of a set profile. */
export function activeProfile(charging_profile: JsonObject = CAPACITY): JsonObject {
  return { start_date_time: new Date().toISOString(), charging_profile };
}

const PROFILE_TYPES = ['CHEAP', 'FAST', 'GREEN', 'REGULAR'];

/** Charging preferences of a session (mod_sessions, PUT on the Sender interface): a ChargingPreferencesResponse. */
export function servePreferences(state: PlatformState, request: ReceivedRequest): Reply {
  const [sessionId = '', suffix, ...below] = request.segments;
  if (suffix !== 'charging_preferences' || below.length > 0) return notFound('No such path');
  if (request.json === undefined) return refuse(2001, 'Not JSON', 400);
  if (!isObject(request.json)) return refuse(2001, '$: must be an object');
  if (state.strict && findObject(state.owned, 'sessions', sessionId) === undefined)
    return notFound('No such session');
  const type = asText(request.json['profile_type']);
  if (type === '') return refuse(2001, '$.profile_type: is required');
  return ok(PROFILE_TYPES.includes(type) ? 'ACCEPTED' : 'PROFILE_TYPE_NOT_SUPPORTED');
}
