import { methodNotAllowed, notFound, ok, refuse } from '../http/replies';
import { asText, isObject, type JsonObject } from '../json';
import { addressee } from '../platform/parties';
import type { Party, ReceivedRequest, Reply } from '../types';
import { objectKey } from './keys';

/** How an eMSP decides on real-time authorizations. */
export interface Authorizing {
  /** The AllowedType of a known token; by its `valid` (ALLOWED, BLOCKED) where not given. */
  allowed?: (token: JsonObject, location: JsonObject | undefined) => string;
  /** Answer 2002 to a request without LocationReferences. */
  needsLocation?: boolean;
  /** authorization_reference of an ALLOWED; none where not given. */
  reference?: () => string;
}

/** The platform whose tokens are asked for. */
interface TokenIssuer {
  readonly parties: readonly Party[];
  readonly owned: ReadonlyMap<string, JsonObject>;
  readonly authorizing: Authorizing;
}

/** Real-time authorization of one of its own tokens (mod_tokens, POST `{token_uid}/authorize[?type=]`). */
export function serveAuthorize(issuer: TokenIssuer, request: ReceivedRequest): Reply {
  if (request.method !== 'POST') return methodNotAllowed();
  const token = tokenOf(issuer, request);
  if (token === undefined) return notFound('Unknown token', 2004);
  if (request.body === '')
    return issuer.authorizing.needsLocation === true
      ? refuse(2002, 'Which location?')
      : authorize(issuer, token, undefined);
  if (request.json === undefined) return refuse(2001, 'Not JSON', 400);
  const location = request.json;
  if (!isObject(location) || asText(location['location_id']) === '')
    return refuse(2001, '$.location_id: is required');
  return authorize(issuer, token, location);
}

function authorize(issuer: TokenIssuer, token: JsonObject, location: JsonObject | undefined): Reply {
  const decide = issuer.authorizing.allowed ?? (() => (token['valid'] === true ? 'ALLOWED' : 'BLOCKED'));
  const allowed = decide(token, location);
  if (allowed !== 'ALLOWED') return ok({ allowed, token });
  return ok({ allowed, token, location, authorization_reference: issuer.authorizing.reference?.() });
}

/** Of the party that TO names, else of any that the platform hosts; type RFID where none is asked for. */
function tokenOf(issuer: TokenIssuer, request: ReceivedRequest): JsonObject | undefined {
  const [uid = ''] = request.segments;
  const to = addressee(issuer.parties, request);
  const keys = (to === undefined ? issuer.parties : [to]).map((party) =>
    objectKey('tokens', party, uid, request.query['type']),
  );
  return keys.map((key) => issuer.owned.get(key)).find((token) => token !== undefined);
}
