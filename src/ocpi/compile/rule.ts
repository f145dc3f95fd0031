import { registerDecorator, ValidateBy, type ValidationOptions } from 'class-validator';

/**
 * One rule, said once: class-validator runs `holds` and words `says`, the compiled check takes `schema`.
 * The rule travels in the `constraints` of class-validator's metadata, where the compiler finds it again.
 */

export type JsonSchema = Record<string, unknown>;
export type DtoClass = new () => object;
export type Members = Record<string, unknown>;

/** A rule on one value. Rules other than the type rules let values of another type pass: one finding is enough. */
export class ValueRule {
  constructor(
    readonly name: string,
    readonly says: string,
    readonly schema: JsonSchema,
    readonly holds: (value: unknown) => boolean,
  ) {}
}

/** The value is an object of another DTO class. */
export class NestedRule extends ValueRule {
  constructor(readonly dto: () => DtoClass) {
    super('isObject', 'must be an object', {}, isMembers);
  }
}

/** The value is a list; `least` is the smallest number of elements. */
export class ListRule extends ValueRule {
  constructor(readonly least: 0 | 1) {
    super('isList', 'must be an array', { type: 'array' }, (value) => Array.isArray(value));
  }
}

/**
 * A rule over several members of one object.
 * @param broken the members that break it, as paths relative to the object (`evses[1].uid`, or '' for the object
 *   itself). It has to cope with objects that break other rules.
 */
export class ClassRule {
  constructor(
    readonly name: string,
    readonly says: string,
    readonly broken: (members: Members) => string[],
  ) {}
}

/** True for what JSON calls an object: no array, no null. */
export function isMembers(value: unknown): value is Members {
  return typeof value === 'object' && value !== null && !Array.isArray(value);
}

/** Puts a rule on a property; `{ each: true }` puts it on each element of a list. */
export function follows(rule: ValueRule, options?: ValidationOptions): PropertyDecorator {
  const validator = {
    validate: (value: unknown): boolean => rule.holds(value),
    defaultMessage: (): string => rule.says,
  };
  return ValidateBy({ name: rule.name, constraints: [rule], validator }, options);
}

/** Puts a rule on a class. class-validator knows only properties: '' stands for the object itself. */
export function Obeys(rule: ClassRule): ClassDecorator {
  return (target) => {
    registerDecorator({
      name: rule.name,
      target,
      propertyName: '',
      constraints: [rule],
      validator: {
        validate: (_value: unknown, args): boolean => rule.broken({ ...args?.object }).length === 0,
        defaultMessage: (): string => rule.says,
      },
    });
  };
}
