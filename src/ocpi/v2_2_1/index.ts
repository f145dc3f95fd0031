import type { ModuleDescriptor, OwnedModuleDescriptor } from '../module';
import type { OwnedModule } from '../../domain/visibility';
import { cdrs } from './cdrs/module';
import { chargingprofiles } from './chargingprofiles/module';
import { commands } from './commands/module';
import { locations } from './locations/module';
import { sessions } from './sessions/module';
import { tariffs } from './tariffs/module';
import { tokens } from './tokens/module';

export const VERSION = '2.2.1';

/** The modules whose objects the hub stores. */
export const ownedModules: Record<OwnedModule, OwnedModuleDescriptor> = {
  locations,
  sessions,
  cdrs,
  tariffs,
  tokens,
};

/** The functional modules, one line each. */
export const functionalModules: readonly ModuleDescriptor[] = [
  locations,
  sessions,
  cdrs,
  tariffs,
  tokens,
  commands,
  chargingprofiles,
];
