import { sessionOf } from './commands';
import { asText, isObject } from './json';
import { notFound, ok, refuse } from './replies';
import type { PlatformState } from './state';
import type { ReceivedRequest, Reply } from './types';

const PROFILE_TYPES = ['CHEAP', 'FAST', 'GREEN', 'REGULAR'];

/** Charging preferences of a session (mod_sessions, PUT on the Sender interface): a ChargingPreferencesResponse. */
export function servePreferences(state: PlatformState, request: ReceivedRequest): Reply {
  const [sessionId = '', suffix, ...below] = request.segments;
  if (suffix !== 'charging_preferences' || below.length > 0) return notFound('No such path');
  if (request.json === undefined) return refuse(2001, 'Not JSON', 400);
  if (!isObject(request.json)) return refuse(2001, '$: must be an object');
  if (state.strict && sessionOf(state, sessionId) === undefined) return notFound('No such session');
  const type = asText(request.json['profile_type']);
  if (type === '') return refuse(2001, '$.profile_type: is required');
  return ok(PROFILE_TYPES.includes(type) ? 'ACCEPTED' : 'PROFILE_TYPE_NOT_SUPPORTED');
}
