import { sameJson, type Json, type JsonObject } from '../simulator';

/** How what somebody holds differs from what it must hold. */
export interface Difference {
  missing: string[];
  extra: string[];
  different: string[];
}

/** Compares by key and, deeply, by value. A location without EVSEs may be written with an empty list or without one. */
export function compare(expected: ReadonlyMap<string, Json>, held: ReadonlyMap<string, Json>): Difference {
  const difference: Difference = { missing: [], extra: [], different: [] };
  for (const [key, object] of expected) {
    const other = held.get(key);
    if (other === undefined) difference.missing.push(key);
    else if (!sameJson(comparable(object), comparable(other))) difference.different.push(key);
  }
  for (const key of held.keys()) if (!expected.has(key)) difference.extra.push(key);
  return difference;
}

function comparable(object: Json): Json {
  if (object === null || typeof object !== 'object' || Array.isArray(object)) return object;
  const evses = object['evses'];
  const none = evses === null || (Array.isArray(evses) && evses.length === 0);
  return none ? withoutEvses(object) : object;
}

function withoutEvses(object: JsonObject): JsonObject {
  const { evses: _none, ...rest } = object;
  return rest;
}

/** Is there no difference? */
export function isSame({ missing, extra, different }: Difference): boolean {
  return missing.length + extra.length + different.length === 0;
}

/** A difference in a few words, with one example of each kind. */
export function describe(difference: Difference): string {
  const kinds = Object.entries(difference).filter(([, keys]: [string, string[]]) => keys.length > 0);
  return kinds
    .map(([kind, keys]: [string, string[]]) => `${keys.length} ${kind} (${keys[0] ?? ''})`)
    .join(', ');
}
