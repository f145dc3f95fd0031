import { classesUnder, jsonSchemaOf } from '../ocpi/check/schema';
import type { DtoClass } from '../ocpi/check';
import { CDR } from '../ocpi/v2_2_1/cdrs/dto';
import {
  ActiveChargingProfile,
  ActiveChargingProfileResult,
  ChargingProfileResponse,
  ChargingProfileResult,
  ClearProfileResult,
  SetChargingProfile,
} from '../ocpi/v2_2_1/chargingprofiles/dto';
import * as commands from '../ocpi/v2_2_1/commands/dto';
import { Credentials, Version, VersionDetails } from '../ocpi/v2_2_1/credentials/dto';
import { ClientInfo } from '../ocpi/v2_2_1/hubclientinfo/dto';
import { Connector, EVSE, Location } from '../ocpi/v2_2_1/locations/dto';
import { ChargingPreferences, Session } from '../ocpi/v2_2_1/sessions/dto';
import { Tariff } from '../ocpi/v2_2_1/tariffs/dto';
import { AuthorizationInfo, LocationReferences, Token } from '../ocpi/v2_2_1/tokens/dto';

/* Component schemas of OCPI's objects, made from the DTOs that check them: one source of truth. */

const ROOTS: readonly DtoClass[] = [
  ...[Location, EVSE, Connector, Session, CDR, Tariff, Token, LocationReferences, AuthorizationInfo],
  ...[Credentials, Version, VersionDetails, ClientInfo],
  ...[ChargingPreferences, ...Object.values(commands)],
  ...[SetChargingProfile, ChargingProfileResponse, ActiveChargingProfile],
  ...[ActiveChargingProfileResult, ChargingProfileResult, ClearProfileResult],
];

/** Schemas by class name, in alphabetical order. */
export function objectSchemas(): Record<string, object> {
  const classes = new Set(ROOTS.flatMap((root) => [...classesUnder(root)]));
  const named = [...classes].map((cls) => [cls.name, jsonSchemaOf(cls)] as const);
  return Object.fromEntries(named.sort(([a], [b]) => a.localeCompare(b)));
}
