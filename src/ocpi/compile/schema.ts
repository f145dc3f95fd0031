import { closureOf, describe, type Property } from './metadata';
import { ListRule, NestedRule, ValueRule, type DtoClass, type JsonSchema } from './rule';

/** The keyword that carries the names of a class's rules over several members. */
export const CLASS_RULES = 'x-ocpi-rules';
const COMPONENTS = '#/components/schemas/';

/**
 * A class as a JSON Schema 2020-12 component, as OpenAPI 3.1 takes it. Nested classes are `$ref`s to
 * `#/components/schemas/<Name>`; members that no decorator names stay allowed (OCPI keeps unknown fields).
 */
export function jsonSchemaOf(cls: DtoClass): JsonSchema {
  const { properties, classRules } = describe(cls);
  const all = [...properties.values()];
  const required = all.filter((property) => !property.optional).map((property) => property.name);
  return {
    type: 'object',
    properties: Object.fromEntries(all.map((property) => [property.name, propertySchema(property)])),
    ...(required.length > 0 && { required }),
    ...(classRules.length > 0 && { [CLASS_RULES]: classRules.map((rule) => rule.name) }),
  };
}

/**
 * The given classes and all that are nested in them, each once: what openapi.yaml has to hold.
 * @throws if two different classes have one name
 */
export function schemaClasses(roots: readonly DtoClass[]): DtoClass[] {
  const found = new Set<DtoClass>();
  for (const root of roots) closureOf(root, found);
  const names = new Set([...found].map((cls) => cls.name));
  if (names.size < found.size) throw new Error('two DTO classes have the same name');
  return [...found];
}

function propertySchema({ optional, rules, each }: Property): JsonSchema {
  const list = rules.find((rule) => rule instanceof ListRule);
  const schema = list ? listSchema(list, each) : merged(rules);
  return optional ? orNull(schema) : schema;
}

function listSchema(list: ListRule, each: readonly ValueRule[]): JsonSchema {
  return { ...list.schema, items: merged(each), ...(list.least > 0 && { minItems: list.least }) };
}

/** The fragments of several rules as one schema; a keyword that is there already goes to `allOf`. */
function merged(rules: readonly ValueRule[]): JsonSchema {
  const schema: JsonSchema = {};
  const allOf: JsonSchema[] = [];
  for (const fragment of rules.map(fragmentOf)) {
    const clashes = Object.keys(fragment).some((key) => key in schema && schema[key] !== fragment[key]);
    if (clashes) allOf.push(fragment);
    else Object.assign(schema, fragment);
  }
  return allOf.length > 0 ? { ...schema, allOf } : schema;
}

function fragmentOf(rule: ValueRule): JsonSchema {
  return rule instanceof NestedRule ? { $ref: `${COMPONENTS}${rule.dto().name}` } : rule.schema;
}

function orNull(schema: JsonSchema): JsonSchema {
  if (typeof schema.type !== 'string') return { anyOf: [schema, { type: 'null' }] };
  const values: unknown = schema.enum;
  return {
    ...schema,
    type: [schema.type, 'null'],
    ...(Array.isArray(values) && { enum: [...values, null] }),
  };
}
