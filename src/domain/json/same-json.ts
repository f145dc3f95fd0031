import { isDeepStrictEqual } from 'node:util';

/* Do two JSON texts say the same? The order of members does not count, that of elements does. Pure. */

/** Equal as JSON values. Most that are compared are the same to the byte: they are not parsed. */
export const sameJson = (a: string, b: string): boolean =>
  a === b || isDeepStrictEqual(JSON.parse(a), JSON.parse(b));

/** Members that are null or [] say no more than absent ones (semantics 45). */
function withoutNothing(_name: string, value: unknown): unknown {
  if (typeof value !== 'object' || value === null || Array.isArray(value)) return value;
  const said = Object.entries(value).filter(([, v]) => v !== null && !(Array.isArray(v) && v.length === 0));
  return Object.fromEntries(said);
}

/** Equal as JSON values, where members that are null, [] or absent are the same. */
export const sameContent = (a: string, b: string): boolean =>
  a === b || isDeepStrictEqual(JSON.parse(a, withoutNothing), JSON.parse(b, withoutNothing));

/** Members in the order of their names, so that their own order does not count. */
function written(value: unknown): string {
  if (typeof value !== 'object' || value === null) return JSON.stringify(value);
  if (Array.isArray(value)) return `[${value.map(written).join(',')}]`;
  const members = Object.entries(value).sort(([a], [b]) => (a < b ? -1 : 1));
  return `{${members.map(([name, v]) => `${JSON.stringify(name)}:${written(v)}`).join(',')}}`;
}

/**
 * One text for all that say the same: to find a value among many in one step, where comparing each with each would take
 * the square of them. A value that is nested too deeply to be written is its own text.
 */
export function canonicalJson(text: string): string {
  try {
    return written(JSON.parse(text));
  } catch {
    return text;
  }
}
