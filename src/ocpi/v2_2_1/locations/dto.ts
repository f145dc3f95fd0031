import { hasDistinctIds } from '../../../domain/json/distinct-ids';
import { Field, nested, Rule } from '../../check/field';
import {
  BusinessDetails,
  CONNECTOR_FORMATS,
  CONNECTOR_TYPES,
  DisplayText,
  EnergyMix,
  GeoLocation,
  Image,
  POWER_TYPES,
  TOKEN_TYPES,
} from '../types/classes';
import { is, neededWith, oneGiven } from '../types/rules';
import * as t from '../types/scalars';

/* mod_locations, Object description and Data types, table by table. */

const STATUSES = [
  'AVAILABLE',
  'BLOCKED',
  'CHARGING',
  'INOPERATIVE',
  'OUTOFORDER',
  'PLANNED',
  'REMOVED',
  'RESERVED',
  'UNKNOWN',
];
const CAPABILITIES = [
  ...[
    'CHARGING_PROFILE_CAPABLE',
    'CHARGING_PREFERENCES_CAPABLE',
    'CHIP_CARD_SUPPORT',
    'CONTACTLESS_CARD_SUPPORT',
  ],
  ...['CREDIT_CARD_PAYABLE', 'DEBIT_CARD_PAYABLE', 'PED_TERMINAL', 'REMOTE_START_STOP_CAPABLE', 'RESERVABLE'],
  ...['RFID_READER', 'START_SESSION_CONNECTOR_REQUIRED', 'TOKEN_GROUP_CAPABLE', 'UNLOCK_CAPABLE'],
];
const FACILITIES = [
  ...['HOTEL', 'RESTAURANT', 'CAFE', 'MALL', 'SUPERMARKET', 'SPORT', 'RECREATION_AREA', 'NATURE', 'MUSEUM'],
  ...['BIKE_SHARING', 'BUS_STOP', 'TAXI_STAND', 'TRAM_STOP', 'METRO_STATION', 'TRAIN_STATION', 'AIRPORT'],
  ...['PARKING_LOT', 'CARPOOL_PARKING', 'FUEL_STATION', 'WIFI'],
];
const PARKING_RESTRICTIONS = ['EV_ONLY', 'PLUGGED', 'DISABLED', 'CUSTOMERS', 'MOTORCYCLES'];
const PARKING_TYPES = [
  ...['ALONG_MOTORWAY', 'PARKING_GARAGE', 'PARKING_LOT', 'ON_DRIVEWAY', 'ON_STREET', 'UNDERGROUND_GARAGE'],
];

const isFilled = (list: unknown): boolean => Array.isArray(list) && list.length > 0;

/** A list that has no elements where `flag` is true. */
const emptyWhere = (list: string, words: string, flag: string): ClassDecorator =>
  Rule(list, words, {
    test: (object) => object[flag] !== true || !isFilled(object[list]),
    schema: { if: is(flag, true), then: { properties: { [list]: { maxItems: 0 } } } },
  });

export class AdditionalGeoLocation extends GeoLocation {
  @Field(nested(() => DisplayText), '?') name!: unknown;
}

export class Connector {
  @Field(t.ciString(36), '1') id!: unknown;
  @Field(t.oneOf(CONNECTOR_TYPES), '1') standard!: unknown;
  @Field(t.oneOf(CONNECTOR_FORMATS), '1') format!: unknown;
  @Field(t.oneOf(POWER_TYPES), '1') power_type!: unknown;
  @Field(t.int(), '1') max_voltage!: unknown;
  @Field(t.int(), '1') max_amperage!: unknown;
  @Field(t.int(), '?') max_electric_power!: unknown;
  @Field(t.ciString(36), '*') tariff_ids!: unknown;
  @Field(t.url, '?') terms_and_conditions!: unknown;
  @Field(t.dateTime, '1') last_updated!: unknown;
}

export class StatusSchedule {
  @Field(t.dateTime, '1') period_begin!: unknown;
  @Field(t.dateTime, '?') period_end!: unknown;
  @Field(t.oneOf(STATUSES), '1') status!: unknown;
}

@Rule('connectors', 'must not have an id twice', (evse) => hasDistinctIds(evse.connectors, 'id'))
export class EVSE {
  @Field(t.ciString(36), '1') uid!: unknown;
  @Field(t.ciString(48), '?') evse_id!: unknown;
  @Field(t.oneOf(STATUSES), '1') status!: unknown;
  @Field(nested(() => StatusSchedule), '*') status_schedule!: unknown;
  @Field(t.oneOf(CAPABILITIES), '*') capabilities!: unknown;
  @Field(nested(() => Connector), '+') connectors!: unknown;
  @Field(t.string(4), '?') floor_level!: unknown;
  @Field(nested(() => GeoLocation), '?') coordinates!: unknown;
  @Field(t.string(16), '?') physical_reference!: unknown;
  @Field(nested(() => DisplayText), '*') directions!: unknown;
  @Field(t.oneOf(PARKING_RESTRICTIONS), '*') parking_restrictions!: unknown;
  @Field(nested(() => Image), '*') images!: unknown;
  @Field(t.dateTime, '1') last_updated!: unknown;
}

export class RegularHours {
  @Field(t.int(1, 7), '1') weekday!: unknown;
  @Field(t.hourMinute, '1') period_begin!: unknown;
  @Field(t.hourMinute, '1') period_end!: unknown;
}

export class ExceptionalPeriod {
  @Field(t.dateTime, '1') period_begin!: unknown;
  @Field(t.dateTime, '1') period_end!: unknown;
}

@emptyWhere('regular_hours', 'must not be given where twentyfourseven is true', 'twentyfourseven')
@Rule('regular_hours', 'must have at least one element where twentyfourseven is false', {
  test: (h) => h.twentyfourseven !== false || isFilled(h.regular_hours),
  schema: {
    if: is('twentyfourseven', false),
    then: { properties: { regular_hours: { type: 'array', minItems: 1 } }, required: ['regular_hours'] },
  },
})
export class Hours {
  @Field(t.boolean, '1') twentyfourseven!: unknown;
  @Field(nested(() => RegularHours), '*') regular_hours!: unknown;
  @Field(nested(() => ExceptionalPeriod), '*') exceptional_openings!: unknown;
  @Field(nested(() => ExceptionalPeriod), '*') exceptional_closings!: unknown;
}

@oneGiven('must have uid, visual_number or group_id', 'uid', 'visual_number', 'group_id')
@neededWith('type', 'uid')
@neededWith('issuer', 'visual_number')
export class PublishTokenType {
  @Field(t.ciString(36), '?') uid!: unknown;
  @Field(t.oneOf(TOKEN_TYPES), '?') type!: unknown;
  @Field(t.string(64), '?') visual_number!: unknown;
  @Field(t.string(64), '?') issuer!: unknown;
  @Field(t.ciString(36), '?') group_id!: unknown;
}

@Rule('evses', 'must not have a uid twice', (l) => hasDistinctIds(l.evses, 'uid'))
@emptyWhere('publish_allowed_to', 'may only be used where publish is false', 'publish')
export class Location {
  @Field(t.countryCode, '1') country_code!: unknown;
  @Field(t.partyId, '1') party_id!: unknown;
  @Field(t.ciString(36), '1') id!: unknown;
  @Field(t.boolean, '1') publish!: unknown;
  @Field(nested(() => PublishTokenType), '*') publish_allowed_to!: unknown;
  @Field(t.string(255), '?') name!: unknown;
  @Field(t.string(255), '1') address!: unknown;
  @Field(t.string(45), '1') city!: unknown;
  @Field(t.string(10), '?') postal_code!: unknown;
  @Field(t.string(45), '?') state!: unknown;
  @Field(t.country, '1') country!: unknown;
  @Field(nested(() => GeoLocation), '1') coordinates!: unknown;
  @Field(nested(() => AdditionalGeoLocation), '*') related_locations!: unknown;
  @Field(t.oneOf(PARKING_TYPES), '?') parking_type!: unknown;
  @Field(nested(() => EVSE), '*') evses!: unknown;
  @Field(nested(() => DisplayText), '*') directions!: unknown;
  @Field(nested(() => BusinessDetails), '?') operator!: unknown;
  @Field(nested(() => BusinessDetails), '?') suboperator!: unknown;
  @Field(nested(() => BusinessDetails), '?') owner!: unknown;
  @Field(t.oneOf(FACILITIES), '*') facilities!: unknown;
  @Field(t.timeZone, '1') time_zone!: unknown;
  @Field(nested(() => Hours), '?') opening_times!: unknown;
  @Field(t.boolean, '?') charging_when_closed!: unknown;
  @Field(nested(() => Image), '*') images!: unknown;
  @Field(nested(() => EnergyMix), '?') energy_mix!: unknown;
  @Field(t.dateTime, '1') last_updated!: unknown;
}
