import { compile, planOf, type ClassPlan, type FieldPlan } from './compile';
import type { DtoClass } from './field';
import { finding, MOST_FINDINGS, type Finding } from './word';

/*
 * Words what is wrong with a large object. class-validator takes 30 us a value, so that a body at its limit would hold
 * the process for seconds. Here each value is looked at once: what fits is passed over by the compiled check, only what
 * does not is entered. Rules and words are the decorators' own.
 */

const plans = new Map<DtoClass, ClassPlan>();

function knownPlan(cls: DtoClass): ClassPlan {
  let plan = plans.get(cls);
  if (!plan) plans.set(cls, (plan = planOf(cls)));
  return plan;
}

const isFields = (value: unknown): value is Record<string, unknown> =>
  typeof value === 'object' && value !== null && !Array.isArray(value);

/** Everything that does not fit, in the order of the definition; at most MOST_FINDINGS. */
export function explain(cls: DtoClass, value: object): Finding[] {
  const found: Finding[] = [];
  explainObject(cls, value as Record<string, unknown>, { path: '$', found });
  return found;
}

interface At {
  path: string;
  found: Finding[];
}

function explainObject(cls: DtoClass, value: Record<string, unknown>, at: At): void {
  const { fields, rules } = knownPlan(cls);
  for (const field of fields) {
    if (at.found.length >= MOST_FINDINGS) return;
    explainField(field, value[field.name], { ...at, path: `${at.path}.${field.name}` });
  }
  for (const { field, fits, words } of rules)
    if (!fits(value)) at.found.push(finding(field === '' ? at.path : `${at.path}.${field}`, words(value)));
}

function explainField(field: FieldPlan, value: unknown, at: At): void {
  const add = (rule: string): void => void at.found.push(finding(at.path, rule));
  if (value === undefined || value === null) {
    if (!field.optional) add('is required');
  } else if (!field.list) explainValue(field, value, at);
  else if (!Array.isArray(value)) add('must be a list');
  else {
    if (value.length < field.minSize) add('must have at least one element');
    explainElements(field, value, at);
  }
}

function explainElements(field: FieldPlan, elements: readonly unknown[], { path, found }: At): void {
  for (const [i, element] of elements.entries()) {
    if (found.length >= MOST_FINDINGS) return;
    explainValue(field, element, { path: `${path}[${i}]`, found });
  }
}

function explainValue(field: FieldPlan, value: unknown, at: At): void {
  const failed = field.tests.filter(({ fits }) => !fits(value));
  const nested = failed.find((test) => test.nested !== undefined)?.nested;
  if (nested && isFields(value) && !compile(nested)(value)) return explainObject(nested, value, at);
  for (const words of new Set(failed.map((test) => test.words(value))))
    at.found.push(finding(at.path, words));
}
