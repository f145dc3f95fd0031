import 'reflect-metadata';
import { Type } from 'class-transformer';
import { ArrayMinSize, IsArray, IsDefined, IsOptional, ValidateBy, ValidateNested } from 'class-validator';

/*
 * Fields of OCPI objects as class-validator decorators. One `@Field(type, cardinality)` reads like a line of the
 * specification's tables and applies the decorators that it means; class-validator's metadata stays the only source,
 * from which the compiled check (compile.ts) and the OpenAPI schemas (schema.ts) are made.
 */

/** Cardinalities of the specification: optional, required, list, list of at least one. */
export type Cardinality = '?' | '1' | '*' | '+';

export interface ScalarType {
  kind: 'scalar';
  name: string;
  /** What a fitting value is, as the end of a sentence: "must be …". */
  words: string;
  /** The same, fitted to a value that does not fit. */
  wordsFor?: (value: unknown) => string;
  test: (value: unknown) => boolean;
  schema: object;
}

export interface NestedType {
  kind: 'nested';
  of: () => DtoClass;
}

export type DtoClass = new () => object;

const isPlainObject = (value: unknown): boolean =>
  typeof value === 'object' && value !== null && !Array.isArray(value);

function typeDecorators(type: ScalarType | NestedType, each: boolean): PropertyDecorator[] {
  const prefix = each ? 'each ' : '';
  if (type.kind === 'nested') {
    const object = {
      name: 'isObject',
      validator: { validate: isPlainObject, defaultMessage: () => `${prefix}must be an object` },
    };
    return [
      Type(type.of),
      ValidateBy(object, { each }),
      ValidateNested({ each, message: `${prefix}must be an object` }),
    ];
  }
  const { words, wordsFor } = type;
  const validator = {
    validate: type.test,
    defaultMessage: (args?: { value: unknown }) =>
      `${prefix}must be ${each || !wordsFor ? words : wordsFor(args?.value)}`,
  };
  return [ValidateBy({ name: type.name, constraints: [type.schema], validator }, { each })];
}

/** A field of this type and cardinality. null, absent and [] are equal for `?` and `*`; `1` and `+` want a value. */
export function Field(type: ScalarType | NestedType, cardinality: Cardinality): PropertyDecorator {
  const list = cardinality === '*' || cardinality === '+';
  const decorators = typeDecorators(type, list);
  if (list) decorators.push(IsArray({ message: 'must be a list' }));
  if (cardinality === '+') decorators.push(ArrayMinSize(1, { message: 'must have at least one element' }));
  if (cardinality === '?' || cardinality === '*') decorators.push(IsOptional());
  else decorators.push(IsDefined({ message: 'is required' }));
  return (target, property) => {
    for (const decorate of decorators) decorate(target, property);
  };
}

/** Prefix of the properties that carry rules over several fields; what follows is the field that a finding names. */
export const RULE_PREFIX = '$';

type RuleTest = (object: Record<string, unknown>) => boolean;

/**
 * A rule over several fields of an object, named at `field` ('' for the object itself).
 * @param rule its test gets the object, and must cope with whatever its fields hold; its schema says the same as JSON
 *   Schema, where JSON Schema can
 */
export function Rule(
  field: string,
  words: string,
  rule: RuleTest | { test: RuleTest; schema: object },
): ClassDecorator {
  const { test, schema } = typeof rule === 'function' ? { test: rule, schema: undefined } : rule;
  return (target) => {
    const validator = {
      validate: (_value: unknown, args?: { object: object }) =>
        test((args?.object ?? {}) as Record<string, unknown>),
      defaultMessage: () => words,
    };
    ValidateBy({ name: `rule: ${words}`, constraints: [test, schema], validator })(
      target.prototype as object,
      `${RULE_PREFIX}${field}`,
    );
  };
}

/** A type of class `of()`. */
export const nested = (of: () => DtoClass): NestedType => ({ kind: 'nested', of });
