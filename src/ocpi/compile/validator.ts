import { Ajv2020, type ErrorObject } from 'ajv/dist/2020';
import { closureOf, describe } from './metadata';
import { isMembers, type DtoClass, type JsonSchema } from './rule';
import { CLASS_RULES, jsonSchemaOf } from './schema';

/** Formats that JSON Schema does not know, by the name that the rules' schemas use. */
export type Formats = Record<string, (text: string) => boolean>;

/** Says yes or no, and at a no why: the first thing found wrong. */
export interface Validator {
  (value: unknown): boolean;
  errors?: ErrorObject[] | null;
}

const formats: Formats = {};

/** Makes a format known to the compiled check; to be called where the rule is defined, before any check is made. */
export function defineFormat(name: string, holds: (text: string) => boolean): JsonSchema {
  formats[name] = holds;
  return { format: name };
}

/** A class and those nested in it, compiled to one function (some 50 ms: once per class, at start). */
export function compile(cls: DtoClass): Validator {
  const ajv = new Ajv2020({ allErrors: false, messages: false, allowUnionTypes: true, formats, logger: false });
  ajv.addVocabulary(['components']);
  const schemas: JsonSchema = {};
  for (const each of closureOf(cls)) schemas[each.name] = withClassRules(each, ajv);
  return ajv.compile({ $ref: `#/components/schemas/${cls.name}`, components: { schemas } });
}

/** Rules over several members are plain functions, called under a keyword of their own class. */
function withClassRules(cls: DtoClass, ajv: Ajv2020): JsonSchema {
  const { [CLASS_RULES]: names, ...schema } = jsonSchemaOf(cls);
  if (names === undefined) return schema;
  const keyword = `${CLASS_RULES}-${cls.name}`;
  const rules = describe(cls).classRules;
  const validate = (_schema: unknown, data: unknown): boolean =>
    !isMembers(data) || rules.every((rule) => rule.broken(data).length === 0);
  ajv.addKeyword({ keyword, type: 'object', schemaType: 'boolean', validate });
  return { ...schema, [keyword]: true };
}
