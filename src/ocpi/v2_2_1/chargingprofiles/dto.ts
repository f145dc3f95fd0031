import type { ScalarType } from '../../check/field';
import { Field, nested } from '../../check/field';
import * as t from '../types/scalars';

/* mod_charging_profiles, Object description and Data types. */

const RESPONSE_TYPES = ['ACCEPTED', 'NOT_SUPPORTED', 'REJECTED', 'TOO_OFTEN', 'UNKNOWN_SESSION'];
const RESULT_TYPES = ['ACCEPTED', 'REJECTED', 'UNKNOWN'];

/** A charging rate: "accepts at most one digit fraction (e.g. 8.1)". */
const rate: ScalarType = {
  kind: 'scalar',
  name: 'rate',
  words: 'a number with at most one decimal',
  test: (v) => typeof v === 'number' && Number.isFinite(v) && Number(v.toFixed(1)) === v,
  schema: { type: 'number', description: 'At most one decimal' },
};

export class ChargingProfilePeriod {
  @Field(t.int(), '1') start_period!: unknown;
  @Field(rate, '1') limit!: unknown;
}

export class ChargingProfile {
  @Field(t.dateTime, '?') start_date_time!: unknown;
  @Field(t.int(), '?') duration!: unknown;
  @Field(t.oneOf(['W', 'A']), '1') charging_rate_unit!: unknown;
  @Field(rate, '?') min_charging_rate!: unknown;
  @Field(nested(() => ChargingProfilePeriod), '*') charging_profile_period!: unknown;
}

export class ActiveChargingProfile {
  @Field(t.dateTime, '1') start_date_time!: unknown;
  @Field(nested(() => ChargingProfile), '1') charging_profile!: unknown;
}

export class SetChargingProfile {
  @Field(nested(() => ChargingProfile), '1') charging_profile!: unknown;
  @Field(t.url, '1') response_url!: unknown;
}

export class ChargingProfileResponse {
  @Field(t.oneOf(RESPONSE_TYPES), '1') result!: unknown;
  @Field(t.int(), '1') timeout!: unknown;
}

export class ActiveChargingProfileResult {
  @Field(t.oneOf(RESULT_TYPES), '1') result!: unknown;
  @Field(nested(() => ActiveChargingProfile), '?') profile!: unknown;
}

export class ChargingProfileResult {
  @Field(t.oneOf(RESULT_TYPES), '1') result!: unknown;
}

export class ClearProfileResult {
  @Field(t.oneOf(RESULT_TYPES), '1') result!: unknown;
}
