import { fold, sameCiString } from '../ci-string';
import { isFields, type Fields } from './fields';
import { instantOf } from '../instants';

/*
 * Is what a partner has what the hub has? Compared as JSON values, tolerant of what says the same: the order of
 * members, fields that the partner adds, null, [] and absent (Te), DateTimes as instants, ids as CiStrings (Ty), the
 * order of elements that have an id or are scalars. Pure.
 */

export interface Difference {
  /** `$.evses[E1].status` */
  path: string;
  /** Scalars as they are, cut at 200 characters; of the rest what kind it is. */
  expected: unknown;
  found: unknown;
}

const CI_STRINGS = new Set(['country_code', 'party_id', 'id', 'uid']);
const LONGEST = 200;

/** null, [] and absent are the same. */
const isNothing = (value: unknown): boolean =>
  value === undefined || value === null || (Array.isArray(value) && value.length === 0);

function shown(value: unknown): unknown {
  if (Array.isArray(value)) return `list of ${value.length}`;
  if (isFields(value)) return 'object';
  return typeof value === 'string' ? value.slice(0, LONGEST) : (value ?? null);
}

const at = (path: string, expected: unknown, found: unknown): Difference => ({
  path,
  expected: shown(expected),
  found: shown(found),
});

/** The first difference of `found` from `expected`; undefined where the partner has what it should have. */
export function firstDifference(expected: unknown, found: unknown, path = '$'): Difference | undefined {
  if (isNothing(expected) && isNothing(found)) return undefined;
  if (isFields(expected) && isFields(found)) return ofFields(expected, found, path);
  if (Array.isArray(expected) && Array.isArray(found)) return ofLists(expected, found, path);
  return sameScalar(expected, found, path) ? undefined : at(path, expected, found);
}

/** A field that only the partner has is its own business; a list that the hub has empty is not. */
function ofFields(expected: Fields, found: Fields, path: string): Difference | undefined {
  for (const [name, value] of Object.entries(expected)) {
    const difference = firstDifference(value, found[name], `${path}.${name}`);
    if (difference) return difference;
  }
  return undefined;
}

function sameScalar(expected: unknown, found: unknown, path: string): boolean {
  if (expected === found) return true;
  if (typeof expected !== 'string' || typeof found !== 'string') return false;
  const name = path.slice(path.lastIndexOf('.') + 1);
  if (CI_STRINGS.has(name)) return sameCiString(expected, found);
  const instant = instantOf(expected);
  return instant !== undefined && instant === instantOf(found);
}

function idOf(value: unknown): string | undefined {
  if (!isFields(value)) return undefined;
  const id = value.uid ?? value.id;
  return typeof id === 'string' ? fold(id) : undefined;
}

function ofLists(expected: unknown[], found: unknown[], path: string): Difference | undefined {
  if (expected.length !== found.length) return at(path, expected, found);
  if (expected.every((element) => idOf(element) !== undefined)) return byId(expected, found, path);
  const scalars = [...expected, ...found].every((element) => typeof element !== 'object');
  const [left, right] = scalars ? [sorted(expected), sorted(found)] : [expected, found];
  for (const [index, element] of left.entries()) {
    const difference = firstDifference(element, right[index], `${path}[${index}]`);
    if (difference) return difference;
  }
  return undefined;
}

const sorted = (list: readonly unknown[]): unknown[] =>
  [...list].sort((a, b) => (String(a) < String(b) ? -1 : 1));

function byId(expected: unknown[], found: unknown[], path: string): Difference | undefined {
  const theirs = new Map(found.map((element) => [idOf(element), element]));
  for (const element of expected) {
    const id = idOf(element);
    const difference = firstDifference(element, theirs.get(id), `${path}[${id}]`);
    if (difference) return difference;
  }
  return undefined;
}

/** The members in which two objects differ, each with its first difference; at most `most`. */
export function differences(expected: Fields, found: Fields, most: number): Difference[] {
  const names = new Set([...Object.keys(expected), ...Object.keys(found)]);
  const all: Difference[] = [];
  for (const name of names) {
    const difference = firstDifference(expected[name], found[name], `$.${name}`);
    if (difference) all.push(difference);
    if (all.length >= most) break;
  }
  return all;
}
