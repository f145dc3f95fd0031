import { fold } from '../ci-string';
import { isFields } from './fields';

/** No id stands twice in a list of objects: ids are CiStrings (spec: types, CiString). What is no list has none. */
export function hasDistinctIds(list: unknown, idField: string): boolean {
  if (!Array.isArray(list) || list.length < 2) return true;
  const seen = new Set<string>();
  for (const element of list as unknown[]) {
    const id = isFields(element) ? element[idField] : undefined;
    if (typeof id !== 'string') continue;
    const folded = fold(id);
    if (seen.has(folded)) return false;
    seen.add(folded);
  }
  return true;
}
