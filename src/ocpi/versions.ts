import type { OwnedModuleDescriptor } from './module';
import { v2_2_1 } from './v2_2_1';
import type { Version } from './version';

/** The versions that the hub serves, best first: one line each. */
export const versions: readonly Version[] = [v2_2_1];

/** The version of the objects that are stored. */
export const storedVersion: Version = v2_2_1;

/** The version that a partner speaks; before its registration the best one. */
export function versionOf({ version }: { version: string | null }): Version {
  return versions.find(({ number }) => number === version) ?? storedVersion;
}

/** The modules whose objects are stored, by their number. */
export const { ownedModules } = storedVersion;

const modulesByNumber = new Map(ownedModules.map((module) => [module.number, module]));

/** The module with this number; undefined where it is 0 (all objects of an owner) or of a newer hub. */
export const ownedModule = (number: number): OwnedModuleDescriptor | undefined => modulesByNumber.get(number);

/** The module's name where it is known, for reports. */
export const moduleName = (number: number): string => ownedModule(number)?.identifier ?? 'unknown';

/** The numbers of those modules that this is true of, for SQL. */
export const numbersOf = (is: (module: OwnedModuleDescriptor) => boolean): number[] =>
  ownedModules.filter(is).map(({ number }) => number);
