import { Field, nested } from '../../check/field';
import { DisplayText, EnergyMix, Price } from './classes';
import * as t from './scalars';

/* mod_tariffs, Object description and Data types: a CDR holds tariffs too, so they stand among the shared types. */

const DAYS = ['MONDAY', 'TUESDAY', 'WEDNESDAY', 'THURSDAY', 'FRIDAY', 'SATURDAY', 'SUNDAY'];
const TARIFF_TYPES = ['AD_HOC_PAYMENT', 'PROFILE_CHEAP', 'PROFILE_FAST', 'PROFILE_GREEN', 'REGULAR'];

export class PriceComponent {
  @Field(t.oneOf(['ENERGY', 'FLAT', 'PARKING_TIME', 'TIME']), '1') type!: unknown;
  @Field(t.number, '1') price!: unknown;
  @Field(t.number, '?') vat!: unknown;
  @Field(t.int(), '1') step_size!: unknown;
}

export class TariffRestrictions {
  @Field(t.hourMinute, '?') start_time!: unknown;
  @Field(t.hourMinute, '?') end_time!: unknown;
  @Field(t.date, '?') start_date!: unknown;
  @Field(t.date, '?') end_date!: unknown;
  @Field(t.number, '?') min_kwh!: unknown;
  @Field(t.number, '?') max_kwh!: unknown;
  @Field(t.number, '?') min_current!: unknown;
  @Field(t.number, '?') max_current!: unknown;
  @Field(t.number, '?') min_power!: unknown;
  @Field(t.number, '?') max_power!: unknown;
  @Field(t.int(), '?') min_duration!: unknown;
  @Field(t.int(), '?') max_duration!: unknown;
  @Field(t.oneOf(DAYS), '*') day_of_week!: unknown;
  @Field(t.oneOf(['RESERVATION', 'RESERVATION_EXPIRES']), '?') reservation!: unknown;
}

export class TariffElement {
  @Field(nested(() => PriceComponent), '+') price_components!: unknown;
  @Field(nested(() => TariffRestrictions), '?') restrictions!: unknown;
}

export class Tariff {
  @Field(t.countryCode, '1') country_code!: unknown;
  @Field(t.partyId, '1') party_id!: unknown;
  @Field(t.ciString(36), '1') id!: unknown;
  @Field(t.currency, '1') currency!: unknown;
  @Field(t.oneOf(TARIFF_TYPES), '?') type!: unknown;
  @Field(nested(() => DisplayText), '*') tariff_alt_text!: unknown;
  @Field(t.url, '?') tariff_alt_url!: unknown;
  @Field(nested(() => Price), '?') min_price!: unknown;
  @Field(nested(() => Price), '?') max_price!: unknown;
  @Field(nested(() => TariffElement), '+') elements!: unknown;
  @Field(t.dateTime, '?') start_date_time!: unknown;
  @Field(t.dateTime, '?') end_date_time!: unknown;
  @Field(nested(() => EnergyMix), '?') energy_mix!: unknown;
  @Field(t.dateTime, '1') last_updated!: unknown;
}
