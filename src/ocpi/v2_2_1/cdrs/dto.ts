import { Field, nested, Rule } from '../../check/field';
import {
  AUTH_METHODS,
  CDR_DIMENSIONS,
  CdrToken,
  CONNECTOR_FORMATS,
  CONNECTOR_TYPES,
  GeoLocation,
  POWER_TYPES,
  Price,
} from '../types/classes';
import { endsAfterStart, is, notNegative, notNegativeCost, periodsWithin } from '../types/rules';
import * as t from '../types/scalars';
import { Tariff } from '../types/tariff';

/* mod_cdrs, Object description and Data types. */

export class CdrDimension {
  @Field(t.oneOf(CDR_DIMENSIONS), '1') type!: unknown;
  @Field(t.number, '1') volume!: unknown;
}

export class ChargingPeriod {
  @Field(t.dateTime, '1') start_date_time!: unknown;
  @Field(nested(() => CdrDimension), '+') dimensions!: unknown;
  @Field(t.ciString(36), '?') tariff_id!: unknown;
}

export class CdrLocation {
  @Field(t.ciString(36), '1') id!: unknown;
  @Field(t.string(255), '?') name!: unknown;
  @Field(t.string(45), '1') address!: unknown;
  @Field(t.string(45), '1') city!: unknown;
  @Field(t.string(10), '?') postal_code!: unknown;
  @Field(t.string(20), '?') state!: unknown;
  @Field(t.country, '1') country!: unknown;
  @Field(nested(() => GeoLocation), '1') coordinates!: unknown;
  @Field(t.ciString(36), '1') evse_uid!: unknown;
  @Field(t.ciString(48), '1') evse_id!: unknown;
  @Field(t.ciString(36), '1') connector_id!: unknown;
  @Field(t.oneOf(CONNECTOR_TYPES), '1') connector_standard!: unknown;
  @Field(t.oneOf(CONNECTOR_FORMATS), '1') connector_format!: unknown;
  @Field(t.oneOf(POWER_TYPES), '1') connector_power_type!: unknown;
}

export class SignedValue {
  @Field(t.ciString(32), '1') nature!: unknown;
  @Field(t.string(5000), '1') plain_data!: unknown;
  @Field(t.string(5000), '1') signed_data!: unknown;
}

export class SignedData {
  @Field(t.ciString(36), '1') encoding_method!: unknown;
  @Field(t.int(), '?') encoding_method_version!: unknown;
  @Field(t.string(512), '?') public_key!: unknown;
  @Field(nested(() => SignedValue), '+') signed_values!: unknown;
  @Field(t.string(512), '?') url!: unknown;
}

const isCredit = (cdr: Record<string, unknown>): boolean => cdr.credit === true;

@Rule('credit_reference_id', 'is required for a Credit CDR', {
  test: (c) => !isCredit(c) || typeof c.credit_reference_id === 'string',
  schema: {
    if: is('credit', true),
    then: { properties: { credit_reference_id: { type: 'string' } }, required: ['credit_reference_id'] },
  },
})
@Rule('id', 'must have at most 36 characters where it is no Credit CDR', {
  test: (c) => isCredit(c) || typeof c.id !== 'string' || c.id.length <= 36,
  schema: { if: is('credit', true), else: { properties: { id: { maxLength: 36 } } } },
})
@endsAfterStart
@periodsWithin
@notNegative('total_energy')
@notNegative('total_time')
@notNegative('total_parking_time')
@notNegativeCost('total_cost', isCredit)
@notNegativeCost('total_fixed_cost', isCredit)
@notNegativeCost('total_energy_cost', isCredit)
@notNegativeCost('total_time_cost', isCredit)
@notNegativeCost('total_parking_cost', isCredit)
@notNegativeCost('total_reservation_cost', isCredit)
export class CDR {
  @Field(t.countryCode, '1') country_code!: unknown;
  @Field(t.partyId, '1') party_id!: unknown;
  @Field(t.ciString(39), '1') id!: unknown;
  @Field(t.dateTime, '1') start_date_time!: unknown;
  @Field(t.dateTime, '1') end_date_time!: unknown;
  @Field(t.ciString(36), '?') session_id!: unknown;
  @Field(nested(() => CdrToken), '1') cdr_token!: unknown;
  @Field(t.oneOf(AUTH_METHODS), '1') auth_method!: unknown;
  @Field(t.ciString(36), '?') authorization_reference!: unknown;
  @Field(nested(() => CdrLocation), '1') cdr_location!: unknown;
  @Field(t.string(255), '?') meter_id!: unknown;
  @Field(t.currency, '1') currency!: unknown;
  @Field(nested(() => Tariff), '*') tariffs!: unknown;
  @Field(nested(() => ChargingPeriod), '+') charging_periods!: unknown;
  @Field(nested(() => SignedData), '?') signed_data!: unknown;
  @Field(nested(() => Price), '1') total_cost!: unknown;
  @Field(nested(() => Price), '?') total_fixed_cost!: unknown;
  @Field(t.number, '1') total_energy!: unknown;
  @Field(nested(() => Price), '?') total_energy_cost!: unknown;
  @Field(t.number, '1') total_time!: unknown;
  @Field(nested(() => Price), '?') total_time_cost!: unknown;
  @Field(t.number, '?') total_parking_time!: unknown;
  @Field(nested(() => Price), '?') total_parking_cost!: unknown;
  @Field(nested(() => Price), '?') total_reservation_cost!: unknown;
  @Field(t.string(255), '?') remark!: unknown;
  @Field(t.ciString(39), '?') invoice_reference_id!: unknown;
  @Field(t.boolean, '?') credit!: unknown;
  @Field(t.ciString(39), '?') credit_reference_id!: unknown;
  @Field(t.boolean, '?') home_charging_compensation!: unknown;
  @Field(t.dateTime, '1') last_updated!: unknown;
}
