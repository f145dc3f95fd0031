import { getMetadataStorage } from 'class-validator';
import { ClassRule, ListRule, NestedRule, ValueRule, type DtoClass } from './rule';

/** What the decorators say about one property. */
export interface Property {
  name: string;
  /** Cardinality ? or *: null and absent are the same. */
  optional: boolean;
  /** Rules of the value itself; of a list, those of the list as a whole. */
  rules: ValueRule[];
  /** Rules of each element of a list. */
  each: ValueRule[];
}

export interface Description {
  properties: Map<string, Property>;
  classRules: ClassRule[];
}

const described = new Map<DtoClass, Description>();

/**
 * The decorators of a class, read from class-validator's own metadata.
 * @throws if a decorator is there that the compiled check would not enforce
 */
export function describe(cls: DtoClass): Description {
  const known = described.get(cls);
  if (known) return known;
  const description: Description = { properties: new Map(), classRules: [] };
  for (const metadata of metadataOf(cls)) addTo(description, cls, metadata);
  for (const property of description.properties.values()) requireKind(cls, property);
  described.set(cls, description);
  return description;
}

/** The classes nested in a class, itself first, each once. */
export function closureOf(cls: DtoClass, found: Set<DtoClass> = new Set()): Set<DtoClass> {
  if (found.has(cls)) return found;
  found.add(cls);
  for (const nested of nestedIn(cls)) closureOf(nested, found);
  return found;
}

type Metadata = ReturnType<typeof metadataOf>[number];

function metadataOf(cls: DtoClass) {
  return getMetadataStorage().getTargetValidationMetadatas(cls, '', false, false);
}

function addTo(description: Description, cls: DtoClass, metadata: Metadata): void {
  const rule: unknown = metadata.constraints?.[0];
  if (metadata.propertyName === '' && rule instanceof ClassRule) {
    description.classRules.push(rule);
    return;
  }
  const property = propertyOf(description, metadata.propertyName);
  if (rule instanceof ValueRule) (metadata.each ? property.each : property.rules).push(rule);
  else if (metadata.type === 'conditionalValidation' && metadata.name === 'isOptional') property.optional = true;
  else if (metadata.type !== 'nestedValidation') throw unknownDecorator(cls, metadata);
}

function propertyOf(description: Description, name: string): Property {
  const property = description.properties.get(name) ?? { name, optional: false, rules: [], each: [] };
  description.properties.set(name, property);
  return property;
}

/** A nested class without our own rule, or elements without a list, would be checked by class-validator alone. */
function requireKind(cls: DtoClass, { name, rules, each }: Property): void {
  const isList = rules.some((rule) => rule instanceof ListRule);
  if (rules.length === 0 || isList !== each.length > 0) {
    throw new Error(`${cls.name}.${name}: its decorators name no type that the compiled check knows`);
  }
}

function unknownDecorator(cls: DtoClass, metadata: Metadata): Error {
  const decorator = metadata.name ?? metadata.type;
  return new Error(`${cls.name}.${metadata.propertyName}: the compiled check does not know @${decorator}`);
}

function* nestedIn(cls: DtoClass): Iterable<DtoClass> {
  for (const { rules, each } of describe(cls).properties.values()) {
    for (const rule of [...rules, ...each]) if (rule instanceof NestedRule) yield rule.dto();
  }
}
