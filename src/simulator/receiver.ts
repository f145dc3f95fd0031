import { asText, isObject, sameJson, type JsonObject } from './json';
import { changeAt, mergePatch, partAt } from './merge';
import { created, methodNotAllowed, notFound, ok, refuse } from './replies';
import { idOf, keyOf, objectKey, ownerOf, sameId } from './store';
import type { ReceivedRequest, Reply } from './types';

type Objects = Map<string, JsonObject>;

const METHODS: Record<string, string[]> = {
  locations: ['GET', 'PUT', 'PATCH'],
  sessions: ['GET', 'PUT', 'PATCH'],
  tariffs: ['GET', 'PUT', 'DELETE'],
  tokens: ['GET', 'PUT', 'PATCH'],
  hubclientinfo: ['GET', 'PUT'],
};

/**
 * A Receiver interface of pushed objects: PUT stores, PATCH merges, DELETE removes, GET gives back.
 * 201 for a new object, 404 with 2003, 2004 or 2001 for one that is unknown, 2001 for a body that is no object or
 * whose country, party or id differ from the URL.
 */
export function receiveObject(objects: Objects, request: ReceivedRequest): Reply {
  const module = request.module ?? '';
  if (METHODS[module]?.includes(request.method) !== true) return methodNotAllowed();
  const address = addressOf(module, request);
  if (address === undefined) return notFound('No such path', 2000);
  if (request.method === 'GET') return read(objects, module, address);
  if (request.method === 'DELETE') return remove(objects, module, address.key);
  if (!isObject(request.json)) return badBody(request);
  return write(objects, { module, address, body: request.json, patch: request.method === 'PATCH' });
}

interface Address {
  key: string;
  owner: { country_code: string; party_id: string };
  id: string;
  /** EVSE uid and connector id, where the path goes below a location. */
  below: string[];
}

function addressOf(module: string, request: ReceivedRequest): Address | undefined {
  const [country_code, party_id, given, ...below] = request.segments;
  const role = isObject(request.json) ? asText(request.json['role']) : '';
  const id = module === 'hubclientinfo' ? role : given;
  if (country_code === undefined || party_id === undefined || id === undefined) return undefined;
  if (below.length > (module === 'locations' ? 2 : 0)) return undefined;
  const owner = { country_code, party_id };
  return { key: objectKey(module, owner, id, typeOf(request)), owner, id, below };
}

function typeOf(request: ReceivedRequest): string {
  return request.query['type'] ?? (isObject(request.json) ? asText(request.json['type']) : 'RFID');
}

function read(objects: Objects, module: string, { key, below }: Address): Reply {
  if (module === 'hubclientinfo') return readClientInfo(objects, key);
  const object = objects.get(key);
  const part = object === undefined ? undefined : partAt(object, ...below);
  return part === undefined ? unknown(module) : ok(part);
}

function readClientInfo(objects: Objects, prefix: string): Reply {
  for (const [key, object] of objects) if (key.startsWith(prefix)) return ok(object);
  return unknown('hubclientinfo');
}

function remove(objects: Objects, module: string, key: string): Reply {
  return objects.delete(key) ? ok() : unknown(module);
}

interface Write {
  module: string;
  address: Address;
  body: JsonObject;
  patch: boolean;
}

function write(objects: Objects, { module, address, body, patch }: Write): Reply {
  const mismatch = patch ? undefined : differs(module, address, body);
  if (mismatch !== undefined) return refuse(2001, `$.${mismatch}: differs from the URL`);
  const current = objects.get(address.key);
  if (current === undefined && (patch || address.below.length > 0)) return unknown(module);
  const existed = current !== undefined && partAt(current, ...address.below) !== undefined;
  const next = changeAt(current ?? {}, address.below, (part) => changed(part, body, patch));
  if (next === undefined) return unknown(module);
  objects.set(address.key, next);
  return existed ? ok() : created();
}

function changed(part: JsonObject | undefined, body: JsonObject, patch: boolean): JsonObject | undefined {
  if (!patch) return body;
  return part === undefined ? undefined : mergePatch(part, body);
}

function differs(module: string, { owner, id, below }: Address, body: JsonObject): string | undefined {
  const [evseUid, connectorId] = below;
  if (connectorId !== undefined) return sameId(asText(body['id']), connectorId) ? undefined : 'id';
  if (evseUid !== undefined) return sameId(asText(body['uid']), evseUid) ? undefined : 'uid';
  const named = ownerOf(body);
  if (!sameId(named.country_code, owner.country_code)) return 'country_code';
  if (!sameId(named.party_id, owner.party_id)) return 'party_id';
  return sameId(idOf(module, body), id) ? undefined : 'id';
}

function unknown(module: string): Reply {
  if (module === 'locations') return notFound('Unknown location', 2003);
  return module === 'tokens' ? notFound('Unknown token', 2004) : notFound();
}

function badBody(request: ReceivedRequest): Reply {
  return request.json === undefined
    ? refuse(2001, 'The body is no JSON', 400)
    : refuse(2001, '$: must be an object');
}

/**
 * The CDR Receiver: POST answers 201 with the Location under which it can be read; the same CDR again is answered
 * with that Location, another one with the same id is refused with 2001 (mod_cdrs "POST Method").
 */
export function receiveCdr(objects: Objects, request: ReceivedRequest, endpoint: string): Reply {
  if (request.method === 'GET') return readCdr(objects, request);
  if (request.method !== 'POST' || request.segments.length > 0) return methodNotAllowed();
  if (!isObject(request.json)) return badBody(request);
  const key = keyOf('cdrs', request.json);
  const known = objects.get(key);
  const location = `${endpoint}/${key.split('/').slice(1).map(encodeURIComponent).join('/')}`;
  if (known === undefined) objects.set(key, request.json);
  if (known === undefined) return created({ location });
  return sameJson(known, request.json) ? ok(undefined, { location }) : refuse(2001, '$.id: exists already');
}

function readCdr(objects: Objects, request: ReceivedRequest): Reply {
  const [country_code = '', party_id = '', ...id] = request.segments;
  const cdr = objects.get(objectKey('cdrs', { country_code, party_id }, id.join('/')));
  return cdr === undefined ? notFound('Unknown CDR') : ok(cdr);
}
