import { asObjects, asText, isObject, sameJson, type Json, type JsonObject } from '../json';
import { latest, sameId } from './keys';

/**
 * Applies a PATCH: given members replace, null clears, evses merge by uid and connectors by id, and charging_periods
 * are appended without doubling one that is there already (mod_locations, mod_sessions "PATCH").
 */
export function mergePatch(current: JsonObject, patch: JsonObject): JsonObject {
  const merged: JsonObject = { ...current };
  for (const [name, value] of Object.entries(patch)) {
    if (name === 'charging_periods' && value === null) continue;
    if (value === null || value === undefined) delete merged[name];
    else merged[name] = mergeMember(name, current[name], value);
  }
  return merged;
}

function mergeMember(name: string, current: Json | undefined, value: Json): Json {
  if (!Array.isArray(value)) return value;
  if (name === 'evses') return mergeParts(asObjects(current), asObjects(value), 'uid');
  if (name === 'connectors') return mergeParts(asObjects(current), asObjects(value), 'id');
  if (name !== 'charging_periods' || !Array.isArray(current)) return value;
  return [...current, ...value.filter((period) => !current.some((known) => sameJson(known, period)))];
}

function mergeParts(current: JsonObject[], given: JsonObject[], id: string): JsonObject[] {
  return given.reduce((parts, part) => {
    const known = findPart(parts, id, asText(part[id]));
    return known === undefined ? [...parts, part] : replacePart(parts, known, mergePatch(known, part));
  }, current);
}

function findPart(parts: JsonObject[], id: string, wanted: string): JsonObject | undefined {
  return parts.find((part) => sameId(asText(part[id]), wanted));
}

function replacePart(parts: JsonObject[], known: JsonObject, next: JsonObject): JsonObject[] {
  return parts.map((part) => (part === known ? next : part));
}

/** How a part is changed: the part that is there (undefined for a new one) becomes another. */
type Change = (part: JsonObject | undefined) => JsonObject | undefined;

/** The EVSE of a location, or undefined. */
export function evseOf(location: JsonObject, uid: string): JsonObject | undefined {
  return findPart(asObjects(location['evses']), 'uid', uid);
}

/** The connector of an EVSE, or undefined. */
export function connectorOf(evse: JsonObject, id: string): JsonObject | undefined {
  return findPart(asObjects(evse['connectors']), 'id', id);
}

/**
 * Changes an EVSE of a location and raises the location's last_updated to the EVSE's, never lower.
 * Undefined when the change gives up (unknown EVSE).
 */
function changeEvse(location: JsonObject, uid: string, change: Change): JsonObject | undefined {
  return changePart(location, { list: 'evses', id: 'uid', wanted: uid }, change);
}

/** The same for a connector of an EVSE. */
function changeConnector(evse: JsonObject, id: string, change: Change): JsonObject | undefined {
  return changePart(evse, { list: 'connectors', id: 'id', wanted: id }, change);
}

interface PartAddress {
  list: 'evses' | 'connectors';
  id: 'uid' | 'id';
  wanted: string;
}

function changePart(parent: JsonObject, address: PartAddress, change: Change): JsonObject | undefined {
  const parts = asObjects(parent[address.list]);
  const known = findPart(parts, address.id, address.wanted);
  const next = change(known);
  if (next === undefined) return undefined;
  const list = known === undefined ? [...parts, next] : replacePart(parts, known, next);
  const last_updated = latest(parent['last_updated'], next['last_updated']);
  return { ...parent, [address.list]: list, last_updated };
}

/** The object of a path below a location: the location, one of its EVSEs or one of their connectors. */
export function partAt(location: JsonObject, evseUid?: string, connectorId?: string): JsonObject | undefined {
  if (evseUid === undefined) return location;
  const evse = evseOf(location, evseUid);
  if (connectorId === undefined || evse === undefined) return evse;
  return connectorOf(evse, connectorId);
}

/** Applies a change at a path below a location; undefined where the parent does not exist or the change gives up. */
export function changeAt(location: JsonObject, path: string[], change: Change): JsonObject | undefined {
  const [evseUid, connectorId] = path;
  if (evseUid === undefined) return change(location);
  if (connectorId === undefined) return changeEvse(location, evseUid, change);
  return changeEvse(location, evseUid, (evse) =>
    isObject(evse) ? changeConnector(evse, connectorId, change) : undefined,
  );
}
