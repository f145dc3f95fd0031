import { PARTY } from '../locations';
import { at, list, ROOM, T, withList, type Body } from './body';
import { locations as locationBodies } from './locations';

/*
 * The worst bodies that a partner can send at BODY_LIMIT: long lists of the smallest elements, in each shape that the
 * hub loops over (merged by id, appended, compared, checked, worded), and members and nesting beyond all sense.
 */

const [cc, party] = [PARTY.country_code, PARTY.party_id];

const session = (id: string): object => ({
  ...PARTY,
  id,
  start_date_time: T,
  kwh: 1,
  auth_method: 'WHITELIST',
  currency: 'EUR',
  cdr_token: { ...PARTY, party_id: 'E00', uid: 'U1', type: 'RFID', contract_id: 'C1' },
  location_id: 'L',
  evse_uid: 'E',
  connector_id: '1',
  status: 'ACTIVE',
  last_updated: T,
});

const period = (n: number): string =>
  `{"start_date_time":"${at(n)}","dimensions":[{"type":"ENERGY","volume":1}]}`;
const sessionPath = (id: string): string => `receiver/sessions/${cc}/${party}/${id}`;

function sessions(bytes: number): Body[] {
  const whole: Body = {
    name: 'PUT of a session with periods',
    method: 'PUT',
    path: sessionPath('S'),
    text: withList(session('S'), 'charging_periods', list(bytes, period)),
  };
  const { path } = whole;
  return [
    whole,
    {
      name: 'PATCH of a session with as many periods again',
      method: 'PATCH',
      path,
      text: withList(
        { last_updated: at(60) },
        'charging_periods',
        list(bytes, (n) => period(n + 1_000_000)),
      ),
      before: whole,
    },
    {
      name: 'PATCH of a session with the same periods',
      method: 'PATCH',
      path,
      text: withList({ last_updated: at(60) }, 'charging_periods', list(bytes, period)),
      before: whole,
    },
    {
      name: 'overtaken PATCH of a session with periods',
      method: 'PATCH',
      path,
      text: withList(
        { last_updated: '2025-01-01T00:00:00Z' },
        'charging_periods',
        list(bytes, (n) => period(n + 2_000_000)),
      ),
      before: whole,
    },
    {
      name: 'PUT of a session with numbers for periods',
      method: 'PUT',
      path: sessionPath('N'),
      text: withList(
        session('N'),
        'charging_periods',
        list(bytes, () => '1'),
      ),
    },
  ];
}

function cdrs(bytes: number): Body[] {
  const cdr = {
    ...PARTY,
    id: 'C',
    start_date_time: T,
    end_date_time: at(3600),
    cdr_token: { ...PARTY, party_id: 'E00', uid: 'U1', type: 'RFID', contract_id: 'C1' },
    auth_method: 'WHITELIST',
    cdr_location: {
      id: 'L',
      address: 'Kerkstraat 1',
      city: 'Utrecht',
      country: 'NLD',
      coordinates: { latitude: '52.090737', longitude: '5.121420' },
      evse_uid: 'E',
      evse_id: 'NL*CPO*E1',
      connector_id: '1',
      connector_standard: 'IEC_62196_T2',
      connector_format: 'SOCKET',
      connector_power_type: 'DC',
    },
    currency: 'EUR',
    total_cost: { excl_vat: 1 },
    total_energy: 1,
    total_time: 1,
    last_updated: T,
  };
  const post = (name: string, id: string, periods: string): Body => ({
    name,
    method: 'POST',
    path: 'receiver/cdrs',
    text: withList({ ...cdr, id }, 'charging_periods', periods),
  });
  const whole = post('POST of a CDR with periods', 'C1', list(bytes, period));
  const other = whole.text.replace('"total_energy":1', '"total_energy":2');
  return [
    whole,
    post(
      'POST of a CDR with bare periods',
      'C2',
      list(bytes, () => '{}'),
    ),

    {
      ...post('POST of a CDR with a tariff of many elements', 'C3', '[]'),
      text: withList(
        { ...cdr, id: 'C3', charging_periods: [JSON.parse(period(1))] },
        'tariffs',
        `[${withList({ ...PARTY, id: 'T', currency: 'EUR', last_updated: T }, 'elements', list(bytes, element))}]`,
      ),
    },
    { ...whole, name: 'the same CDR again', before: whole },
    {
      ...whole,
      name: 'a CDR of the same id with other content',
      text: other,
      before: whole,
    },
  ];
}

const element = (): string => '{"price_components":[{"type":"ENERGY","price":1,"step_size":1}]}';

function others(bytes: number): Body[] {
  return [
    {
      name: 'PUT of a tariff with elements',
      method: 'PUT',
      path: `receiver/tariffs/${cc}/${party}/T`,
      text: withList(
        { ...PARTY, id: 'T', currency: 'EUR', last_updated: T },
        'elements',
        list(bytes, element),
      ),
    },
    {
      name: 'PUT of a tariff with empty elements',
      method: 'PUT',
      path: `receiver/tariffs/${cc}/${party}/T2`,
      text: withList(
        { ...PARTY, id: 'T2', currency: 'EUR', last_updated: T },
        'elements',
        list(bytes, () => '{}'),
      ),
    },
    {
      name: 'authorize with many EVSEs',
      method: 'POST',
      path: 'sender/tokens/U1/authorize',
      text: withList(
        { location_id: 'L' },
        'evse_uids',
        list(bytes, (n) => `"${n}"`),
      ),
    },
    {
      name: 'PUT credentials with many roles',
      method: 'PUT',
      path: 'credentials',
      text: withList(
        { token: 'T'.repeat(20), url: 'http://127.0.0.1:1/versions' },
        'roles',
        list(
          bytes,
          (n) =>
            `{"role":"CPO","country_code":"NL","party_id":"${n.toString(36).padStart(3, '0').slice(-3)}","business_details":{"name":"x"}}`,
        ),
      ),
    },
    {
      name: 'a body of brackets',
      method: 'PUT',
      path: `receiver/locations/${cc}/${party}/BRACKETS`,
      text: '['.repeat(bytes - ROOM),
    },
  ];
}

/** Each of some `bytes`. */
export const worstBodies = (bytes: number): Body[] => [
  ...locationBodies(bytes),
  ...sessions(bytes),
  ...cdrs(bytes),
  ...others(bytes),
];
