import { created, methodNotAllowed, notFound, ok, refuse } from '../http/replies';
import { asText, at, isObject, sameJson, type JsonObject } from '../json';
import { endpointPath } from '../platform/endpoints';
import type { PlatformState } from '../platform/platform-state';
import type { PartyId, ReceivedRequest, Reply } from '../types';
import { keyOf, objectKey, ownerOf } from './keys';
import { changeAt, mergePatch, partAt } from './merge';

/* The Receiver interfaces of a platform: what the other side pushes goes into `stored`, ClientInfo into `clientInfo`. */

const UNKNOWN: Record<string, number> = { locations: 2003, tokens: 2004 };

/** Serves a request to the Receiver interface of locations, tariffs, sessions, cdrs, tokens or hubclientinfo. */
export function serveReceiver(state: PlatformState, request: ReceivedRequest): Reply {
  if (request.module === 'cdrs') return serveCdrs(state, request);
  const [country_code, party_id, ...ids] = request.segments;
  if (country_code === undefined || party_id === undefined) return notFound('No such path');
  const owner = { country_code, party_id };
  if (request.module === 'hubclientinfo') return serveClientInfo(state, request, owner);
  const [id, ...below] = ids;
  if (id === undefined || below.length > (request.module === 'locations' ? 2 : 0))
    return notFound('No such path');
  const key = objectKey(
    request.module ?? '',
    owner,
    id,
    request.query['type'] ?? asText(at(request.json, 'type')),
  );
  return serveObject(state, request, { key, below });
}

interface Place {
  key: string;
  below: string[];
}

function serveObject(state: PlatformState, request: ReceivedRequest, place: Place): Reply {
  switch (request.method) {
    case 'GET':
      return read(state, request, place);
    case 'PUT':
      return put(state, request, place);
    case 'PATCH':
      return request.module === 'tariffs' ? methodNotAllowed() : patch(state, request, place);
    case 'DELETE':
      return request.module === 'tariffs' ? remove(state, place) : methodNotAllowed();
    default:
      return methodNotAllowed();
  }
}

function read(state: PlatformState, request: ReceivedRequest, { key, below }: Place): Reply {
  const object = state.stored.get(key);
  const part = isObject(object) ? partAt(object, ...below) : undefined;
  return part === undefined ? unknown(request) : ok(part);
}

function put(state: PlatformState, request: ReceivedRequest, { key, below }: Place): Reply {
  const body = request.json;
  if (!isObject(body)) return malformed(request);
  const current = state.stored.get(key);
  if (below.length === 0) {
    state.stored.set(key, body);
    return current === undefined ? created() : ok();
  }
  const next = isObject(current) ? changeAt(current, below, () => body) : undefined;
  if (next === undefined) return unknown(request);
  const known = isObject(current) && partAt(current, ...below) !== undefined;
  state.stored.set(key, next);
  return known ? ok() : created();
}

function patch(state: PlatformState, request: ReceivedRequest, { key, below }: Place): Reply {
  const body = request.json;
  if (!isObject(body)) return malformed(request);
  const current = state.stored.get(key);
  const merge = (part: JsonObject | undefined) => (part === undefined ? undefined : mergePatch(part, body));
  const next = isObject(current) ? changeAt(current, below, merge) : undefined;
  if (next === undefined) return unknown(request);
  state.stored.set(key, next);
  return ok();
}

function remove(state: PlatformState, { key }: Place): Reply {
  return state.stored.delete(key) ? ok() : notFound();
}

function unknown(request: ReceivedRequest): Reply {
  return notFound('No such object', UNKNOWN[request.module ?? ''] ?? 2001);
}

function malformed(request: ReceivedRequest): Reply {
  return request.json === undefined ? refuse(2001, 'Not JSON', 400) : refuse(2001, '$: must be an object');
}

function serveClientInfo(state: PlatformState, request: ReceivedRequest, owner: PartyId): Reply {
  const key = (role: string) => objectKey('hubclientinfo', owner, role);
  if (request.method === 'GET') {
    const found = [...state.clientInfo].find(([name]) => name.startsWith(key('')));
    return found === undefined ? notFound() : ok(found[1]);
  }
  if (request.method !== 'PUT') return methodNotAllowed();
  if (!isObject(request.json)) return malformed(request);
  state.clientInfo.set(key(asText(request.json['role'])), request.json);
  return ok();
}

function serveCdrs(state: PlatformState, request: ReceivedRequest): Reply {
  if (request.method === 'GET') {
    const [country_code = '', party_id = '', id = ''] = request.segments;
    const found = state.stored.get(objectKey('cdrs', { country_code, party_id }, id));
    return found === undefined ? notFound() : ok(found);
  }
  if (request.method !== 'POST') return methodNotAllowed();
  if (!isObject(request.json)) return malformed(request);
  return takeCdr(state, request.json);
}

/** The same CDR again is the same; another under its id is refused (what is billed does not change). */
function takeCdr(state: PlatformState, cdr: JsonObject): Reply {
  const { country_code, party_id } = ownerOf(cdr);
  const path = [country_code, party_id, asText(cdr['id'])].map(encodeURIComponent).join('/');
  const headers = { location: `${state.baseUrl()}${endpointPath('cdrs', 'RECEIVER')}/${path}` };
  const key = keyOf('cdrs', cdr);
  const known = state.stored.get(key);
  if (known !== undefined) return sameJson(known, cdr) ? ok(undefined, headers) : refuse(2001, 'CDR exists');
  state.stored.set(key, cdr);
  return created(headers);
}
