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
