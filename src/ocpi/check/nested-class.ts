import { defaultMetadataStorage } from 'class-transformer/cjs/storage.js';
import type { DtoClass } from './field';

/** class-transformer ships no types for its storage. */
interface TypeStorage {
  findTypeMetadata(target: unknown, property: string): { typeFunction(): DtoClass } | undefined;
}

/** The class of a nested field, as `@Type` tells it. */
export function nestedClassOf(cls: DtoClass, property: string): DtoClass {
  const storage: TypeStorage = defaultMetadataStorage;
  const found = storage.findTypeMetadata(cls, property);
  if (!found) throw new Error(`no class for ${cls.name}.${property}`);
  return found.typeFunction();
}
