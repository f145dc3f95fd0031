import { Field, nested } from '../../check/field';
import {
  boolean,
  ciString,
  countryCode,
  int,
  language,
  latitude,
  longitude,
  number,
  percentage,
  oneOf,
  partyId,
  string,
  url,
} from './scalars';

/* Classes that several modules use. */

/** types: DisplayText. */
export class DisplayText {
  @Field(language, '1') language!: unknown;
  @Field(string(512), '1') text!: unknown;
}

/** types: Price. */
export class Price {
  @Field(number, '1') excl_vat!: unknown;
  @Field(number, '?') incl_vat!: unknown;
}

/** mod_locations: GeoLocation. */
export class GeoLocation {
  @Field(latitude, '1') latitude!: unknown;
  @Field(longitude, '1') longitude!: unknown;
}

const IMAGE_CATEGORIES = ['CHARGER', 'ENTRANCE', 'LOCATION', 'NETWORK', 'OPERATOR', 'OTHER', 'OWNER'];

/** mod_locations: Image. */
export class Image {
  @Field(url, '1') url!: unknown;
  @Field(url, '?') thumbnail!: unknown;
  @Field(oneOf(IMAGE_CATEGORIES), '1') category!: unknown;
  @Field(ciString(4), '1') type!: unknown;
  @Field(int(0, 99999), '?') width!: unknown;
  @Field(int(0, 99999), '?') height!: unknown;
}

/** mod_locations: BusinessDetails. */
export class BusinessDetails {
  @Field(string(100), '1') name!: unknown;
  @Field(url, '?') website!: unknown;
  @Field(nested(() => Image), '?') logo!: unknown;
}

const ENERGY_SOURCES = [
  'NUCLEAR',
  'GENERAL_FOSSIL',
  'COAL',
  'GAS',
  'GENERAL_GREEN',
  'SOLAR',
  'WIND',
  'WATER',
];

/** mod_locations: EnergySource. */
export class EnergySource {
  @Field(oneOf(ENERGY_SOURCES), '1') source!: unknown;
  @Field(percentage, '1') percentage!: unknown;
}

/** mod_locations: EnvironmentalImpact. */
export class EnvironmentalImpact {
  @Field(oneOf(['NUCLEAR_WASTE', 'CARBON_DIOXIDE']), '1') category!: unknown;
  @Field(number, '1') amount!: unknown;
}

/** mod_locations: EnergyMix. */
export class EnergyMix {
  @Field(boolean, '1') is_green_energy!: unknown;
  @Field(nested(() => EnergySource), '*') energy_sources!: unknown;
  @Field(nested(() => EnvironmentalImpact), '*') environ_impact!: unknown;
  @Field(string(64), '?') supplier_name!: unknown;
  @Field(string(64), '?') energy_product_name!: unknown;
}

/** mod_tokens: TokenType. */
export const TOKEN_TYPES = ['AD_HOC_USER', 'APP_USER', 'OTHER', 'RFID'];
/** mod_sessions: ProfileType. */
export const PROFILE_TYPES = ['CHEAP', 'FAST', 'GREEN', 'REGULAR'];
/** mod_cdrs: AuthMethod. */
export const AUTH_METHODS = ['AUTH_REQUEST', 'COMMAND', 'WHITELIST'];

/** mod_cdrs: CdrToken. */
export class CdrToken {
  @Field(countryCode, '1') country_code!: unknown;
  @Field(partyId, '1') party_id!: unknown;
  @Field(ciString(36), '1') uid!: unknown;
  @Field(oneOf(TOKEN_TYPES), '1') type!: unknown;
  @Field(ciString(36), '1') contract_id!: unknown;
}

/** mod_cdrs: CdrDimensionType without those that the table marks as Session Only. */
export const CDR_DIMENSIONS = [
  ...[
    'ENERGY',
    'MAX_CURRENT',
    'MIN_CURRENT',
    'MAX_POWER',
    'MIN_POWER',
    'PARKING_TIME',
    'RESERVATION_TIME',
    'TIME',
  ],
];
export const SESSION_DIMENSIONS = [
  ...CDR_DIMENSIONS,
  ...['CURRENT', 'ENERGY_EXPORT', 'ENERGY_IMPORT', 'POWER', 'STATE_OF_CHARGE'],
];

/** mod_locations: enums that CdrLocation uses too. */
export const CONNECTOR_TYPES = [
  ...[
    'CHADEMO',
    'CHAOJI',
    ...[...'ABCDEFGHIJKLMNO'].map((letter) => `DOMESTIC_${letter}`),
    'GBT_AC',
    'GBT_DC',
  ],
  ...['IEC_60309_2_single_16', 'IEC_60309_2_three_16', 'IEC_60309_2_three_32', 'IEC_60309_2_three_64'],
  ...[
    'IEC_62196_T1',
    'IEC_62196_T1_COMBO',
    'IEC_62196_T2',
    'IEC_62196_T2_COMBO',
    'IEC_62196_T3A',
    'IEC_62196_T3C',
  ],
  ...['NEMA_5_20', 'NEMA_6_30', 'NEMA_6_50', 'NEMA_10_30', 'NEMA_10_50', 'NEMA_14_30', 'NEMA_14_50'],
  ...['PANTOGRAPH_BOTTOM_UP', 'PANTOGRAPH_TOP_DOWN', 'TESLA_R', 'TESLA_S'],
];
export const CONNECTOR_FORMATS = ['SOCKET', 'CABLE'];
export const POWER_TYPES = ['AC_1_PHASE', 'AC_2_PHASE', 'AC_2_PHASE_SPLIT', 'AC_3_PHASE', 'DC'];
