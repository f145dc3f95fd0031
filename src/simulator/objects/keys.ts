import { asText, isObject, type Json, type JsonObject } from '../json';
import type { PartyId } from '../types';

/*
 * Objects are the locations, tariffs, sessions, CDRs and tokens of a platform, kept as JSON. Every object has a key:
 * its module, its owner and its id. `owned` holds the platform's own objects, `stored` the received ones. `lists`
 * serves owned objects page by page and reads the lists of the other platform. `push` sends owned objects to a
 * Receiver interface. `receive` is such an interface: a PUT replaces, a PATCH merges by the rules in `merge`.
 * `authorize` answers whether the driver of an owned token may charge.
 */

/**
 * Key of an object: `module/CC/PARTY/id`, everything after the module in upper case (they are CiStrings).
 * Tokens: `tokens/CC/PARTY/TYPE/uid`, type RFID where none is given; ClientInfo has its role as id.
 */
export function objectKey(module: string, owner: PartyId, id: string, type?: string): string {
  const kind = module === 'tokens' ? `${type === undefined || type === '' ? 'RFID' : type}/` : '';
  return `${module}/${`${owner.country_code}/${owner.party_id}/${kind}${id}`.toUpperCase()}`;
}

/** Key of an object by what it says about itself. */
export function keyOf(module: string, object: JsonObject): string {
  return objectKey(module, ownerOf(object), idOf(module, object), asText(object['type']));
}

/** The party an object names as its owner; empty texts where it names none. */
export function ownerOf(object: JsonObject): PartyId {
  return { country_code: asText(object['country_code']), party_id: asText(object['party_id']) };
}

/** The id by which an object of this module is addressed. */
export function idOf(module: string, object: JsonObject): string {
  return asText(object[module === 'tokens' ? 'uid' : module === 'hubclientinfo' ? 'role' : 'id']);
}

/** Case-insensitive equality, as for CiString. */
export function sameId(a: string, b: string): boolean {
  return a.toUpperCase() === b.toUpperCase();
}

/** The objects of one module, in the order in which they were first stored. */
export function objectsOf(objects: ReadonlyMap<string, Json>, module: string): JsonObject[] {
  const found: JsonObject[] = [];
  for (const [key, object] of objects)
    if (key.startsWith(`${module}/`) && isObject(object)) found.push(object);
  return found;
}

/** The object of a module that has this id; undefined where there is none. */
export function findObject(
  objects: ReadonlyMap<string, Json>,
  module: string,
  id: string,
): JsonObject | undefined {
  return objectsOf(objects, module).find((object) => sameId(idOf(module, object), id));
}

/** The instant of an OCPI DateTime in ms; with or without Z. NaN where it is none. */
export function instant(dateTime: unknown): number {
  const text = asText(dateTime);
  return Date.parse(/(Z|[+-]\d\d:\d\d)$/.test(text) ? text : `${text}Z`);
}

/** The later of two last_updated values, as written; a missing or unreadable one loses. */
export function latest(a: unknown, b: unknown): string {
  const first = instant(a);
  return Number.isNaN(first) || instant(b) > first ? asText(b) || asText(a) : asText(a);
}
