/* The objects that the bench writes: valid Locations of about 3 kB with five EVSEs, and small ones for long lists. */

export const EVSES_PER_LOCATION = 5;
const STATUSES = ['AVAILABLE', 'CHARGING', 'BLOCKED', 'RESERVED', 'OUTOFORDER', 'INOPERATIVE', 'UNKNOWN'];
const BEGIN = '2024-01-01T00:00:00Z';

export const PARTY = { country_code: 'NL', party_id: 'CPO' };

function connector(id: number, at: string): object {
  return {
    id: String(id),
    standard: 'IEC_62196_T2',
    format: 'SOCKET',
    power_type: 'AC_3_PHASE',
    max_voltage: 230,
    max_amperage: 32,
    max_electric_power: 22000,
    tariff_ids: ['TARIFF-1'],
    last_updated: at,
  };
}

function evse(location: number, n: number, at: string): object {
  return {
    uid: `E${n}`,
    evse_id: `NL*CPO*E${location}*${n}`,
    status: 'AVAILABLE',
    capabilities: ['RESERVABLE', 'RFID_READER', 'REMOTE_START_STOP_CAPABLE'],
    connectors: [connector(1, at)],
    physical_reference: `bay ${n}`,
    floor_level: '-1',
    parking_restrictions: ['EV_ONLY'],
    last_updated: at,
  };
}

function head(location: number): object {
  return {
    ...PARTY,
    id: idOf(location),
    publish: true,
    name: `Charging plaza ${location}`,
    address: `Kerkstraat ${location}`,
    city: 'Utrecht',
    postal_code: '3511 AB',
    country: 'NLD',
    coordinates: { latitude: '52.090737', longitude: '5.121420' },
    parking_type: 'PARKING_GARAGE',
    time_zone: 'Europe/Amsterdam',
  };
}

export const idOf = (location: number): string => `LOC${location}`;

/** A Location of about 3 kB; `at` is its last_updated and that of all below it. */
export function locationText(location: number, at = BEGIN): string {
  return JSON.stringify({
    ...head(location),
    related_locations: [
      { latitude: '52.090800', longitude: '5.121500', name: { language: 'en', text: 'Entrance' } },
    ],
    evses: Array.from({ length: EVSES_PER_LOCATION }, (_, n) => evse(location, n, at)),
    directions: [
      { language: 'en', text: 'Enter from the north side, second level, follow the green signs.' },
    ],
    operator: { name: 'Bench Operator', website: 'https://operator.example.com' },
    facilities: ['PARKING_LOT', 'SUPERMARKET'],
    opening_times: { twentyfourseven: true },
    energy_mix: { is_green_energy: true, energy_sources: [{ source: 'WIND', percentage: 100 }] },
    last_updated: at,
  });
}

/** A Location of about 700 B with one EVSE, for long lists. */
export function smallLocationText(location: number): string {
  return JSON.stringify({ ...head(location), evses: [evse(location, 0, BEGIN)], last_updated: BEGIN });
}

/** The body of an EVSE status PATCH. */
export function statusText(n: number): string {
  return `{"status":"${STATUSES[n % STATUSES.length]}","last_updated":"${new Date().toISOString()}"}`;
}

/** A Token of the eMSP number 0. */
export const tokenOf = (uid: string): object => ({
  country_code: 'NL',
  party_id: 'E00',
  uid,
  type: 'RFID',
  contract_id: 'NL8ACC12E46L89',
  visual_number: 'DF000-2001-8999-1',
  issuer: 'TheNewMotion',
  group_id: 'DF000-2001-8999',
  valid: true,
  whitelist: 'ALWAYS',
  last_updated: BEGIN,
});

/** A Location of some 2 kB, with three EVSEs. */
export function twoKbLocationText(location: number): string {
  const evses = Array.from({ length: 3 }, (_, n) => evse(location, n, BEGIN));
  return JSON.stringify({ ...head(location), evses, last_updated: BEGIN });
}

/** A running Session of the eMSP number 0. */
export function sessionText(id: string): string {
  return JSON.stringify({
    ...PARTY,
    id,
    start_date_time: BEGIN,
    kwh: 1.5,
    auth_method: 'WHITELIST',
    currency: 'EUR',
    cdr_token: { country_code: 'NL', party_id: 'E00', uid: 'U1', type: 'RFID', contract_id: 'C1' },
    location_id: 'LOC1',
    evse_uid: 'E1',
    connector_id: '1',
    status: 'ACTIVE',
    last_updated: BEGIN,
  });
}
