import { asText, type JsonObject } from './json';
import { methodNotAllowed, notFound, ok } from './replies';
import type { PlatformState } from './state';
import { objectKey } from './store';
import type { ReceivedRequest, Reply } from './types';

/* What is neither a push nor a list: authorize, commands, charging profiles and their results. Always accepted. */

const ACCEPTED: JsonObject = { result: 'ACCEPTED', timeout: 30 };

/** Real-time authorization of one of its own tokens (mod_tokens, POST). */
export function serveAuthorize(state: PlatformState, request: ReceivedRequest): Reply {
  const uid = request.segments[0] ?? '';
  const keys = state.parties.map((party) => objectKey('tokens', party, uid, request.query['type']));
  const token = keys.map((key) => state.owned.get(key)).find((found) => found !== undefined);
  if (token === undefined) return notFound('Unknown token', 2004);
  return ok({ allowed: token['valid'] === true ? 'ALLOWED' : 'BLOCKED', token });
}

/** A command or charging profile as Receiver, or the result of one as Sender. */
export function serveRequest(request: ReceivedRequest): Reply {
  if (request.role === 'SENDER') return request.method === 'GET' ? methodNotAllowed() : ok();
  return ok(ACCEPTED);
}

/** Charging preferences of a session (mod_sessions, PUT on the Sender interface). */
export function servePreferences(request: ReceivedRequest): Reply {
  return asText(request.segments[1]) === 'charging_preferences' ? ok('ACCEPTED') : notFound();
}
