import { MODULE_NUMBERS } from '../domain/visibility';
import type { ObjectKey } from './objects-types';

/** The one column by which a head is found: module, owner and folded id. */
export function storedKey(object: ObjectKey): string {
  return `${MODULE_NUMBERS[object.module]}/${object.owner}/${object.key}`;
}
