/** JSON as it comes off the wire; `undefined` only as a member that JSON.stringify leaves out. */
export type Json = null | boolean | number | string | Json[] | JsonObject;
export interface JsonObject {
  [member: string]: Json | undefined;
}

/** Tells a JSON object from arrays, null and scalars. */
export function isObject(value: unknown): value is JsonObject {
  return typeof value === 'object' && value !== null && !Array.isArray(value);
}

/** The value as an object, or an empty object where it is none. */
export function asObject(value: unknown): JsonObject {
  return isObject(value) ? value : {};
}

/** The objects of an array, in order; an empty list where the value is no array. */
export function asObjects(value: unknown): JsonObject[] {
  return Array.isArray(value) ? value.filter(isObject) : [];
}

/** The value as text; '' where it is no string. */
export function asText(value: unknown): string {
  return typeof value === 'string' ? value : '';
}

/**
 * Walks into a JSON value: `at(location, 'evses', 0, 'status')`.
 * Undefined as soon as a step does not exist.
 */
export function at(value: unknown, ...steps: (string | number)[]): Json | undefined {
  let current: unknown = value;
  for (const step of steps) {
    if (Array.isArray(current) && typeof step === 'number') current = current[step];
    else current = isObject(current) ? current[step] : undefined;
  }
  return isJson(current) ? current : undefined;
}

function isJson(value: unknown): value is Json {
  return value !== undefined && typeof value !== 'function';
}

/** Parses text as JSON; undefined where it is not JSON (a byte order mark is dropped). */
export function parseJson(text: string): Json | undefined {
  try {
    const value: unknown = JSON.parse(text.charCodeAt(0) === 0xfeff ? text.slice(1) : text);
    return isJson(value) ? value : undefined;
  } catch {
    return undefined;
  }
}

/** Equal as JSON values: member order does not matter, the order of arrays does. */
export function sameJson(a: unknown, b: unknown): boolean {
  if (a === b) return true;
  if (Array.isArray(a) && Array.isArray(b)) {
    return a.length === b.length && a.every((item, index) => sameJson(item, b[index]));
  }
  if (!isObject(a) || !isObject(b)) return false;
  const names = new Set([...Object.keys(a), ...Object.keys(b)]);
  return [...names].every((name) => sameJson(a[name], b[name]));
}

/** What an error says. */
export function messageOf(error: unknown): string {
  return error instanceof Error ? error.message : String(error);
}
