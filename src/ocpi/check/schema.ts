import { getMetadataStorage } from 'class-validator';
import type { ValidationMetadata } from 'class-validator/types/metadata/ValidationMetadata';
import { nestedClassOf } from './nested-class';
import { RULE_PREFIX, type DtoClass } from './field';

/* The OpenAPI 3.1 (JSON Schema) rendering of a DTO class, from the same decorators as its check. */

type Schema = Record<string, unknown>;

interface FieldSchema {
  schema: Schema;
  list: boolean;
  minItems: number;
  required: boolean;
}

function take(field: FieldSchema, metadata: ValidationMetadata, cls: DtoClass): void {
  if (metadata.type === 'nestedValidation') {
    field.schema = { $ref: `#/components/schemas/${nestedClassOf(cls, metadata.propertyName).name}` };
  } else if (metadata.name === 'isArray') field.list = true;
  else if (metadata.name === 'arrayMinSize') field.minItems = Number(metadata.constraints[0]);
  else if (metadata.name === 'isDefined') field.required = true;
  else if (metadata.type === 'customValidation' && typeof metadata.constraints?.[0] === 'object') {
    field.schema = { ...(metadata.constraints[0] as Schema) };
  }
}

function render({ schema, list, minItems, required }: FieldSchema): Schema {
  const shape = list ? { type: 'array', items: schema, ...(minItems > 0 ? { minItems } : {}) } : schema;
  return required ? shape : { anyOf: [shape, { type: 'null' }] };
}

function fieldsOf(cls: DtoClass): Map<string, FieldSchema> {
  const fields = new Map<string, FieldSchema>();
  for (const metadata of getMetadataStorage().getTargetValidationMetadatas(cls, '', false, false)) {
    const name = metadata.propertyName;
    if (name.startsWith(RULE_PREFIX)) continue;
    const field = fields.get(name) ?? { schema: {}, list: false, minItems: 0, required: false };
    fields.set(name, field);
    take(field, metadata, cls);
  }
  return fields;
}

/** What the rules over several fields say, each once. */
function rulesOf(cls: DtoClass): Schema[] {
  const all = getMetadataStorage().getTargetValidationMetadatas(cls, '', false, false);
  return all
    .filter(({ propertyName }) => propertyName.startsWith(RULE_PREFIX))
    .flatMap(({ constraints }) => (constraints[1] === undefined ? [] : [constraints[1] as Schema]));
}

/** The component schema of a class; nested classes are referred to by name. Fields of other names are taken as they are. */
export function jsonSchemaOf(cls: DtoClass): Schema {
  const rules = rulesOf(cls);
  const fields = [...fieldsOf(cls)];
  const required = fields.filter(([, field]) => field.required).map(([name]) => name);
  return {
    type: 'object',
    properties: Object.fromEntries(fields.map(([name, field]) => [name, render(field)])),
    ...(required.length > 0 ? { required } : {}),
    additionalProperties: true,
    ...(rules.length > 0 ? { allOf: rules } : {}),
  };
}

/** The class and all that it holds, each once. */
export function classesUnder(cls: DtoClass, known = new Set<DtoClass>()): Set<DtoClass> {
  if (known.has(cls)) return known;
  known.add(cls);
  for (const metadata of getMetadataStorage().getTargetValidationMetadatas(cls, '', false, false)) {
    if (metadata.type === 'nestedValidation') classesUnder(nestedClassOf(cls, metadata.propertyName), known);
  }
  return known;
}
