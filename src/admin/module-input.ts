import type { OwnedModuleDescriptor } from '../ocpi/module';
import { ownedModules } from '../ocpi/versions';
import type { Input } from './input';

const NAMES = ownedModules.map(({ identifier }) => identifier);

/** The optional field `module`: a module whose objects the hub stores, by its identifier. */
export function readModule(input: Input): OwnedModuleDescriptor | undefined {
  const name = input.oneOf('module', NAMES, 'optional');
  return ownedModules.find(({ identifier }) => identifier === name);
}
