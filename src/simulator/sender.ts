import { asObject, asText, type JsonObject } from './json';
import { partAt } from './merge';
import { methodNotAllowed, notFound, ok, refuse } from './replies';
import { instant, objectsOf, sameId } from './store';
import type { ReceivedRequest, Reply } from './types';

/** What a list needs to know: the endpoint's own URL for the Link, and the most objects a page may hold. */
export interface ListOptions {
  endpoint: string;
  pageLimit: number;
}

/**
 * A Sender interface: the paginated list of the objects we own (those of one party where TO names it), one location
 * and its parts, the authorization of a token, and what an eMSP sets on a session.
 */
export function serveObjects(
  objects: Map<string, JsonObject>,
  request: ReceivedRequest,
  options: ListOptions,
): Reply {
  if (request.segments.at(-1) === 'authorize') return authorize(objects, request);
  if (request.segments.at(-1) === 'charging_preferences') return preferences(objects, request);
  if (request.method !== 'GET') return methodNotAllowed();
  if (request.segments.length === 0) return page(mine(objects, request), request, options);
  return request.module === 'locations' ? oneLocation(objects, request) : methodNotAllowed();
}

function mine(objects: Map<string, JsonObject>, request: ReceivedRequest): JsonObject[] {
  const owned = objectsOf(objects, request.module ?? '');
  const country = request.headers['ocpi-to-country-code'];
  const party = request.headers['ocpi-to-party-id'];
  if (country === undefined || party === undefined) return owned;
  return owned.filter(
    (object) => sameId(asText(object['country_code']), country) && sameId(asText(object['party_id']), party),
  );
}

function page(objects: JsonObject[], request: ReceivedRequest, options: ListOptions): Reply {
  const { offset = '0', limit = String(options.pageLimit), date_from, date_to } = request.query;
  if (!/^\d+$/.test(offset) || !/^[1-9]\d*$/.test(limit)) return refuse(2001, 'Bad offset or limit');
  const found = objects.filter((object) => inRange(object, date_from, date_to));
  const from = Number(offset);
  const size = Math.min(Number(limit), options.pageLimit);
  const headers: Record<string, string> = {
    'x-total-count': String(found.length),
    'x-limit': String(options.pageLimit),
  };
  if (from + size < found.length)
    headers['link'] = nextLink(options.endpoint, request.query, from + size, size);
  return ok(found.slice(from, from + size), headers);
}

function inRange(object: JsonObject, from: string | undefined, to: string | undefined): boolean {
  const updated = instant(object['last_updated']);
  return (from === undefined || updated >= instant(from)) && (to === undefined || updated < instant(to));
}

function nextLink(endpoint: string, query: Record<string, string>, offset: number, limit: number): string {
  const next = new URLSearchParams({ ...query, offset: String(offset), limit: String(limit) });
  return `<${endpoint}?${next.toString()}>; rel="next"`;
}

function oneLocation(objects: Map<string, JsonObject>, request: ReceivedRequest): Reply {
  const [id = '', evseUid, connectorId] = request.segments;
  const location = mine(objects, request).find((object) => sameId(asText(object['id']), id));
  const part = location === undefined ? undefined : partAt(location, evseUid, connectorId);
  return part === undefined ? notFound('Unknown location', 2003) : ok(part);
}

/** Real-time authorization: ALLOWED for a token of ours, else HTTP 404 with 2004 (mod_tokens). */
function authorize(objects: Map<string, JsonObject>, request: ReceivedRequest): Reply {
  if (request.module !== 'tokens' || request.method !== 'POST') return methodNotAllowed();
  const [uid = ''] = request.segments;
  const type = request.query['type'] ?? 'RFID';
  const token = mine(objects, request).find(
    (object) => sameId(asText(object['uid']), uid) && object['type'] === type,
  );
  if (token === undefined) return notFound('Unknown token', 2004);
  const location = Object.keys(asObject(request.json)).length === 0 ? undefined : asObject(request.json);
  return ok({ allowed: 'ALLOWED', token, location });
}

function preferences(objects: Map<string, JsonObject>, request: ReceivedRequest): Reply {
  if (request.module !== 'sessions' || request.method !== 'PUT') return methodNotAllowed();
  const [id = ''] = request.segments;
  const known = mine(objects, request).some((session) => sameId(asText(session['id']), id));
  return known ? ok('ACCEPTED') : notFound('Unknown session');
}
