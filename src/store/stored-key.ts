import { MODULE_NUMBERS } from '../domain/visibility';
import type { ObjectKey } from './objects-types';

/** The one column by which a head is found: module, owner and folded id. */
export function storedKey(object: ObjectKey): string {
  return `${MODULE_NUMBERS[object.module]}/${object.owner}/${object.key}`;
}

/** PostgreSQL's texts cannot hold U+0000; what is pushed is checked before, so that no object has such an id. */
export const canExist = (key: string): boolean => !key.includes('\u0000');
