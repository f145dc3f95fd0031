import type { JsonObject } from '../json';
import { Random } from './random';
import { GENERATED_AT, type Wanted } from './tariffs-and-tokens';

const CITIES = [
  { city: 'Utrecht', country: 'NLD', time_zone: 'Europe/Amsterdam', latitude: 52.09, longitude: 5.12 },
  { city: 'Gent', country: 'BEL', time_zone: 'Europe/Brussels', latitude: 51.05, longitude: 3.72 },
  { city: 'München', country: 'DEU', time_zone: 'Europe/Berlin', latitude: 48.14, longitude: 11.58 },
  { city: 'Göteborg', country: 'SWE', time_zone: 'Europe/Stockholm', latitude: 57.71, longitude: 11.97 },
];
const STREETS = ['Stationsplein', 'Marktstraat', 'Hoofdweg', 'Parklaan', 'Havenkade', 'Kerkstraat'];
const PLUGS = [
  {
    standard: 'IEC_62196_T2',
    format: 'SOCKET',
    power_type: 'AC_3_PHASE',
    max_voltage: 230,
    max_amperage: 32,
  },
  { standard: 'IEC_62196_T2', format: 'CABLE', power_type: 'AC_3_PHASE', max_voltage: 230, max_amperage: 16 },
  { standard: 'IEC_62196_T2_COMBO', format: 'CABLE', power_type: 'DC', max_voltage: 920, max_amperage: 250 },
  { standard: 'CHADEMO', format: 'CABLE', power_type: 'DC', max_voltage: 500, max_amperage: 125 },
];

const CAPABILITIES = [
  'CHARGING_PREFERENCES_CAPABLE',
  'CHARGING_PROFILE_CAPABLE',
  'REMOTE_START_STOP_CAPABLE',
  'RESERVABLE',
  'RFID_READER',
  'UNLOCK_CAPABLE',
];

/** Locations of one to four EVSEs with one or two connectors each, which name the tariffs given (mod_locations). */
export function generateLocations(wanted: Wanted & { tariffIds?: string[] }): JsonObject[] {
  const random = new Random(wanted.seed);
  return Array.from({ length: wanted.count }, (_, index) => location(random, wanted, index + 1));
}

function location(random: Random, wanted: Wanted & { tariffIds?: string[] }, number: number): JsonObject {
  const { party, lastUpdated = GENERATED_AT } = wanted;
  const { latitude, longitude, ...place } = random.pick(CITIES);
  const id = `LOC${number}`;
  const evses = Array.from({ length: random.whole(1, 4) }, (_, index) =>
    evse(random, wanted, `${id}-${index + 1}`),
  );
  return {
    country_code: party.country_code,
    party_id: party.party_id,
    id,
    publish: true,
    name: `${place.city} ${number}`,
    address: `${random.pick(STREETS)} ${random.whole(1, 200)}`,
    ...place,
    postal_code: String(random.whole(1000, 9999)),
    coordinates: { latitude: near(random, latitude), longitude: near(random, longitude) },
    parking_type: random.pick(['ON_STREET', 'PARKING_LOT', 'PARKING_GARAGE']),
    evses,
    operator: { name: `Operator ${party.party_id}` },
    opening_times: { twentyfourseven: true },
    last_updated: lastUpdated,
  };
}

const near = (random: Random, degrees: number): string => (degrees + random.next() / 10).toFixed(6);

function evse(random: Random, wanted: Wanted & { tariffIds?: string[] }, uid: string): JsonObject {
  const { party, lastUpdated = GENERATED_AT } = wanted;
  const connectors = Array.from({ length: random.whole(1, 2) }, (_, index) =>
    connector(random, wanted, String(index + 1)),
  );
  return {
    uid,
    evse_id: `${party.country_code}*${party.party_id}*E${uid.replace(/\W/g, '')}`,
    status: random.pick(['AVAILABLE', 'AVAILABLE', 'CHARGING', 'OUTOFORDER']),
    capabilities: CAPABILITIES,
    connectors,
    physical_reference: String(random.whole(1, 99)),
    last_updated: lastUpdated,
  };
}

function connector(random: Random, wanted: Wanted & { tariffIds?: string[] }, id: string): JsonObject {
  const { lastUpdated = GENERATED_AT, tariffIds = [] } = wanted;
  const tariff_ids = tariffIds.length === 0 ? undefined : [random.pick(tariffIds)];
  return { id, ...random.pick(PLUGS), tariff_ids, last_updated: lastUpdated };
}
