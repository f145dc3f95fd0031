import { asText, isObject, type JsonObject } from '../json';
import { methodNotAllowed, notFound, ok, refuse } from '../http/replies';
import type { PlatformState } from '../platform/platform-state';
import { objectKey } from './keys';
import { addressee } from '../platform/parties';
import type { ReceivedRequest, Reply } from '../types';

/** How an eMSP decides on real-time authorizations. */
export interface Authorizing {
  /** The AllowedType of a known token; by its `valid` (ALLOWED, BLOCKED) where not given. */
  allowed?: (token: JsonObject, location: JsonObject | undefined) => string;
  /** Answer 2002 to a request without LocationReferences. */
  needsLocation?: boolean;
  /** authorization_reference of an ALLOWED; none where not given. */
  reference?: () => string;
}

/** Real-time authorization of one of its own tokens (mod_tokens, POST `{token_uid}/authorize[?type=]`). */
export function serveAuthorize(state: PlatformState, request: ReceivedRequest): Reply {
  if (request.method !== 'POST') return methodNotAllowed();
  const token = tokenOf(state, request);
  if (token === undefined) return notFound('Unknown token', 2004);
  if (request.body === '')
    return state.authorizing.needsLocation === true
      ? refuse(2002, 'Which location?')
      : authorize(state, token, undefined);
  if (request.json === undefined) return refuse(2001, 'Not JSON', 400);
  const location = request.json;
  if (!isObject(location) || asText(location['location_id']) === '')
    return refuse(2001, '$.location_id: is required');
  return authorize(state, token, location);
}

function authorize(state: PlatformState, token: JsonObject, location: JsonObject | undefined): Reply {
  const decide = state.authorizing.allowed ?? (() => (token['valid'] === true ? 'ALLOWED' : 'BLOCKED'));
  const allowed = decide(token, location);
  if (allowed !== 'ALLOWED') return ok({ allowed, token });
  return ok({ allowed, token, location, authorization_reference: state.authorizing.reference?.() });
}

/** Of the party that TO names, else of any that the platform hosts; type RFID where none is asked for. */
function tokenOf(state: PlatformState, request: ReceivedRequest): JsonObject | undefined {
  const [uid = ''] = request.segments;
  const to = addressee(state, request);
  const keys = (to === undefined ? state.parties : [to]).map((party) =>
    objectKey('tokens', party, uid, request.query['type']),
  );
  return keys.map((key) => state.owned.get(key)).find((token) => token !== undefined);
}
