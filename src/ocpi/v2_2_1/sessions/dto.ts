import { Field, nested, Rule } from '../../check/field';
import { AUTH_METHODS, CdrToken, Price, PROFILE_TYPES, SESSION_DIMENSIONS } from '../types/classes';
import { endsAfterStart, is, notNegative } from '../types/rules';
import * as t from '../types/scalars';

/* mod_sessions, Object description and Data types. */

/** mod_cdrs: CdrDimension, with the types that only sessions may use. */
@Rule('volume', 'must be from 0 to 100 of STATE_OF_CHARGE', {
  test: ({ type, volume }) =>
    type !== 'STATE_OF_CHARGE' || typeof volume !== 'number' || (volume >= 0 && volume <= 100),
  schema: {
    if: is('type', 'STATE_OF_CHARGE'),
    then: { properties: { volume: { minimum: 0, maximum: 100 } } },
  },
})
export class SessionDimension {
  @Field(t.oneOf(SESSION_DIMENSIONS), '1') type!: unknown;
  @Field(t.number, '1') volume!: unknown;
}

/** mod_cdrs: ChargingPeriod of a session. */
export class SessionChargingPeriod {
  @Field(t.dateTime, '1') start_date_time!: unknown;
  @Field(nested(() => SessionDimension), '+') dimensions!: unknown;
  @Field(t.ciString(36), '?') tariff_id!: unknown;
}

@endsAfterStart
@notNegative('kwh')
export class Session {
  @Field(t.countryCode, '1') country_code!: unknown;
  @Field(t.partyId, '1') party_id!: unknown;
  @Field(t.ciString(36), '1') id!: unknown;
  @Field(t.dateTime, '1') start_date_time!: unknown;
  @Field(t.dateTime, '?') end_date_time!: unknown;
  @Field(t.number, '1') kwh!: unknown;
  @Field(nested(() => CdrToken), '1') cdr_token!: unknown;
  @Field(t.oneOf(AUTH_METHODS), '1') auth_method!: unknown;
  @Field(t.ciString(36), '?') authorization_reference!: unknown;
  @Field(t.ciString(36), '1') location_id!: unknown;
  @Field(t.ciString(36), '1') evse_uid!: unknown;
  @Field(t.ciString(36), '1') connector_id!: unknown;
  @Field(t.string(255), '?') meter_id!: unknown;
  @Field(t.currency, '1') currency!: unknown;
  @Field(nested(() => SessionChargingPeriod), '*') charging_periods!: unknown;
  @Field(nested(() => Price), '?') total_cost!: unknown;
  @Field(t.oneOf(['ACTIVE', 'COMPLETED', 'INVALID', 'PENDING', 'RESERVATION']), '1') status!: unknown;
  @Field(t.dateTime, '1') last_updated!: unknown;
}

export class ChargingPreferences {
  @Field(t.oneOf(PROFILE_TYPES), '1') profile_type!: unknown;
  @Field(t.dateTime, '?') departure_time!: unknown;
  @Field(t.number, '?') energy_need!: unknown;
  @Field(t.boolean, '?') discharge_allowed!: unknown;
}
