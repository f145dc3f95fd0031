import { isFields } from '../../domain/json/fields';
import { isOneEdit } from '../../domain/ci-string';
import { planOf } from './compile';
import type { DtoClass } from './field';
import { finding, type Finding } from './word';

/*
 * An optional field whose name is misspelt is one that the definition does not know: it is kept and means nothing.
 * Partners may add fields of their own, so only a name that is one edit away from a known one, which is not given, is
 * told. Answers are remembered: a feed repeats its names.
 */

interface Names {
  known: ReadonlySet<string>;
  /** By a name that is not known: the known one that it is like. */
  meant: Map<string, string | undefined>;
}

const namesOf = new Map<DtoClass, Names>();
const MOST_REMEMBERED = 1000;
/** More of one object are not looked at, nor longer ones. */
const MOST_UNKNOWN = 20;
const LONGEST = 64;
/** Shorter names are too like others. */
const SHORTEST = 5;

function names(cls: DtoClass): Names {
  let of = namesOf.get(cls);
  if (!of) {
    of = { known: new Set(planOf(cls).fields.map(({ name }) => name)), meant: new Map() };
    namesOf.set(cls, of);
  }
  return of;
}

/** Fields of an object that are probably misspelt, by the known name; what is within it is not looked at. */
export function misspeltIn(cls: DtoClass, value: unknown): Finding[] {
  if (!isFields(value)) return [];
  const { known, meant } = names(cls);
  const strange = Object.keys(value).filter((name) => !known.has(name) && name.length <= LONGEST);
  const likely = strange.slice(0, MOST_UNKNOWN).map((name) => likeOne(name, { known, meant }));
  const missing = new Set(likely.filter((name) => name !== undefined && value[name] === undefined));
  return [...missing].map((name) => finding('$', `unknown field, did you mean ${name}?`));
}

function likeOne(name: string, { known, meant }: Names): string | undefined {
  if (meant.has(name)) return meant.get(name);
  const found = [...known].find((one) => one.length >= SHORTEST && isOneEdit(one, name));
  if (meant.size >= MOST_REMEMBERED) meant.clear();
  meant.set(name, found);
  return found;
}
