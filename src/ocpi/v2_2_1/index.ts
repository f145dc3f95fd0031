import { partyNamed } from '../../domain/party';
import { isOwned, type ModuleDescriptor } from '../module';
import { byNumber, type Version } from '../version';
import { cdrFacts } from './cdrs/facts';
import { cdrs } from './cdrs/module';
import {
  ActiveChargingProfileResult,
  ChargingProfileResult,
  ClearProfileResult,
} from './chargingprofiles/dto';
import { chargingprofiles } from './chargingprofiles/module';
import { CommandResult } from './commands/dto';
import { commands } from './commands/module';
import { Version as VersionDto, VersionDetails } from './credentials/dto';
import { credentials } from './credentials/module';
import { hubclientinfo } from './hubclientinfo/module';
import { locations } from './locations/module';
import { sessionFacts } from './sessions/facts';
import { sessions } from './sessions/module';
import { tariffs } from './tariffs/module';
import { tokens } from './tokens/module';

/** The functional modules, one line each. */
const functionalModules: readonly ModuleDescriptor[] = [
  locations,
  sessions,
  cdrs,
  tariffs,
  tokens,
  commands,
  chargingprofiles,
];

/** OCPI 2.2.1. */
export const v2_2_1: Version = {
  number: '2.2.1',
  functionalModules,
  ownedModules: byNumber(functionalModules.filter(isOwned)),
  credentials,
  hubclientinfo,
  versionDto: VersionDto,
  detailsDto: VersionDetails,
  results: { CommandResult, ActiveChargingProfileResult, ChargingProfileResult, ClearProfileResult },
  ownerIn: partyNamed,
  billing: { sessions, cdrs, sessionFacts, cdrFacts },
};
