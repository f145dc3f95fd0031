import { compile } from './check/compile';
import type { DtoClass } from './check/field';
import { explain } from './check/explain';
import { finding, findingsOf, type Finding } from './check/word';

export type { DtoClass } from './check/field';
export { finding, type Finding } from './check/word';
export { misspeltIn } from './check/misspelt';

/** Checks a value: [] where it fits. */
export type Check = (value: unknown) => Finding[];

const checks = new Map<DtoClass, Check>();

/** class-validator takes 30 us a value: more than these are worded by explain. */
const MOST_VALUES = 500;
/** Deeper than any object of the specification. */
const DEEPEST = 100;

/** No more values, and no deeper, than class-validator words in good time. Looks at no more than that. */
function isWordable(value: object): boolean {
  let left = MOST_VALUES;
  const fits = (v: unknown, depth: number): boolean => {
    if (--left < 0 || depth > DEEPEST) return false;
    if (typeof v !== 'object' || v === null) return true;
    if (Array.isArray(v) && v.length > left) return false;
    return (Object.values(v) as unknown[]).every((below) => fits(below, depth + 1));
  };
  return fits(value, 0);
}

function build(cls: DtoClass): Check {
  const fits = compile(cls);
  return (value) => {
    if (fits(value)) return [];
    if (typeof value !== 'object' || value === null || Array.isArray(value))
      return [finding('$', 'must be an object')];
    const found = isWordable(value) ? findingsOf(cls, value) : explain(cls, value);
    return found.length > 0 ? found : [finding('$', `must fit the definition of ${cls.name}`)];
  };
}

/** The check of a class of the specification: compiled once, refusals worded by class-validator. */
export function checkOf(cls: DtoClass): Check {
  let check = checks.get(cls);
  if (!check) checks.set(cls, (check = build(cls)));
  return check;
}

/** The path with its places in lists left out, for counting: $.evses[1].uid -> $.evses[*].uid */
export function wildcard(path: string): string {
  return path.replace(/\[\d+\]/g, '[*]');
}
