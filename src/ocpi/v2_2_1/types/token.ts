import { Field, nested } from '../../check/field';
import { DisplayText, PROFILE_TYPES, TOKEN_TYPES } from './classes';
import * as t from './scalars';

/* mod_tokens, Object description and Data types: commands hold a Token too, so they stand among the shared types. */

export class EnergyContract {
  @Field(t.string(64), '1') supplier_name!: unknown;
  @Field(t.string(64), '?') contract_id!: unknown;
}

export class Token {
  @Field(t.countryCode, '1') country_code!: unknown;
  @Field(t.partyId, '1') party_id!: unknown;
  @Field(t.ciString(36), '1') uid!: unknown;
  @Field(t.oneOf(TOKEN_TYPES), '1') type!: unknown;
  @Field(t.ciString(36), '1') contract_id!: unknown;
  @Field(t.string(64), '?') visual_number!: unknown;
  @Field(t.string(64), '1') issuer!: unknown;
  @Field(t.ciString(36), '?') group_id!: unknown;
  @Field(t.boolean, '1') valid!: unknown;
  @Field(t.oneOf(['ALWAYS', 'ALLOWED', 'ALLOWED_OFFLINE', 'NEVER']), '1') whitelist!: unknown;
  @Field(t.language, '?') language!: unknown;
  @Field(t.oneOf(PROFILE_TYPES), '?') default_profile_type!: unknown;
  @Field(nested(() => EnergyContract), '?') energy_contract!: unknown;
  @Field(t.dateTime, '1') last_updated!: unknown;
}

export class LocationReferences {
  @Field(t.ciString(36), '1') location_id!: unknown;
  @Field(t.ciString(36), '*') evse_uids!: unknown;
}

export class AuthorizationInfo {
  @Field(t.oneOf(['ALLOWED', 'BLOCKED', 'EXPIRED', 'NO_CREDIT', 'NOT_ALLOWED']), '1') allowed!: unknown;
  @Field(nested(() => Token), '1') token!: unknown;
  @Field(nested(() => LocationReferences), '?') location!: unknown;
  @Field(t.ciString(36), '?') authorization_reference!: unknown;
  @Field(nested(() => DisplayText), '?') info!: unknown;
}
