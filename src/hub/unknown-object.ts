import type { OwnedModule } from '../domain/visibility';
import { fail } from '../errors';

/** Nothing of this name is here: HTTP 404 with the status code that the module has for it (HUB-SEMANTICS 5, 36). */
export function unknownObject(module: OwnedModule, ids: readonly string[]): never {
  const id = ids.join('/');
  if (module === 'locations') return fail({ kind: 'UnknownLocation', id });
  if (module === 'tokens') return fail({ kind: 'UnknownToken', id });
  return fail({ kind: 'UnknownObject', module, id });
}
