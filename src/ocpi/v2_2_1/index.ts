import type { DtoClass } from '../check';
import type { ModuleDescriptor, OwnedModuleDescriptor, ResultName } from '../module';
import type { OwnedModule } from '../../domain/visibility';
import { cdrs } from './cdrs/module';
import {
  ActiveChargingProfileResult,
  ChargingProfileResult,
  ClearProfileResult,
} from './chargingprofiles/dto';
import { chargingprofiles } from './chargingprofiles/module';
import { CommandResult } from './commands/dto';
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

/** What is posted to response_urls. */
export const results: Record<ResultName, DtoClass> = {
  CommandResult,
  ActiveChargingProfileResult,
  ChargingProfileResult,
  ClearProfileResult,
};
