import { PARTY } from '../locations';
import { at, list, ROOM, T, withList, type Body } from './body';

/* Locations at their worst: EVSEs, connectors and whatever else is a list, put and patched. */

const location = (id: string): object => ({
  ...PARTY,
  id,
  publish: true,
  address: 'Kerkstraat 1',
  city: 'Utrecht',
  country: 'NLD',
  coordinates: { latitude: '52.090737', longitude: '5.121420' },
  time_zone: 'Europe/Amsterdam',
  last_updated: T,
});

const connector = (n: number): string =>
  `{"id":"${n}","standard":"IEC_62196_T2","format":"SOCKET","power_type":"DC","max_voltage":400,"max_amperage":32,"last_updated":"${T}"}`;
const evse = (n: number): string =>
  `{"uid":"${n}","status":"AVAILABLE","connectors":[${connector(1)}],"last_updated":"${T}"}`;
/** Without anything that must be there but its key. */
const bareEvse = (n: number): string => `{"uid":"${n}"}`;
const oneEvse = (connectors: string): string =>
  withList({ uid: 'E', status: 'AVAILABLE', last_updated: T }, 'connectors', connectors);

const locationPath = (id: string): string =>
  `receiver/locations/${PARTY.country_code}/${PARTY.party_id}/${id}`;
/** Each of some `bytes`. */
export function locations(bytes: number): Body[] {
  const put = (name: string, id: string, text: string): Body => ({
    name,
    method: 'PUT',
    path: locationPath(id),
    text,
  });
  const evses = put(
    'PUT of a location with EVSEs',
    'EVSES',
    withList(location('EVSES'), 'evses', list(bytes, evse)),
  );
  const many = put(
    'PUT of a location with EVSEs without connectors',
    'BARE',
    withList(location('BARE'), 'evses', list(bytes, bareEvse)),
  );
  const inOne = put(
    'PUT of a location with connectors in one EVSE',
    'CONN',
    withList(location('CONN'), 'evses', `[${oneEvse(list(bytes, connector))}]`),
  );
  const { path: conn } = inOne;
  const patched = at(60);
  return [
    evses,
    many,
    inOne,
    {
      name: 'PATCH of all EVSEs of a location',
      method: 'PATCH',
      path: evses.path,
      text: withList(
        { last_updated: patched },
        'evses',
        list(bytes, (n) => `{"uid":"${n}","status":"CHARGING","last_updated":"${patched}"}`),
      ),
      before: evses,
    },
    {
      name: 'PATCH of all EVSEs of a location, uids alone',
      method: 'PATCH',
      path: many.path,
      text: withList({ last_updated: patched }, 'evses', list(bytes, bareEvse)),
      before: many,
    },
    {
      name: 'PATCH of all connectors of an EVSE',
      method: 'PATCH',
      path: `${conn}/E`,
      text: withList(
        { last_updated: patched },
        'connectors',
        list(bytes, (n) => `{"id":"${n}","last_updated":"${patched}"}`),
      ),
      before: inOne,
    },
    {
      name: 'PATCH of one connector in a large EVSE',
      method: 'PATCH',
      path: `${conn}/E/1`,
      text: JSON.stringify({ max_voltage: 230, last_updated: at(90) }),
      before: inOne,
    },
    {
      name: 'PATCH of one EVSE in a large location',
      method: 'PATCH',
      path: `${evses.path}/1`,
      text: JSON.stringify({ status: 'CHARGING', last_updated: at(90) }),
      before: evses,
    },
    put(
      'PUT of a location with directions',
      'DIR',
      withList(
        location('DIR'),
        'directions',
        list(bytes, () => '{"language":"en","text":"left"}'),
      ),
    ),
    put(
      'PUT of a location with facilities that are none',
      'FAC',
      withList(
        location('FAC'),
        'facilities',
        list(bytes, () => '"X"'),
      ),
    ),
    put(
      'PUT of a location with empty objects for EVSEs',
      'EMPTY',
      withList(
        location('EMPTY'),
        'evses',
        list(bytes, () => '{}'),
      ),
    ),
    put(
      'PUT of a location with numbers for EVSEs',
      'NUM',
      withList(
        location('NUM'),
        'evses',
        list(bytes, () => '1'),
      ),
    ),
    put(
      'PUT of a location with members that nobody knows',
      'MEM',
      `${JSON.stringify(location('MEM')).slice(0, -1)},${list(bytes, (n) => `"m${n}":1`).slice(1, -1)}}`,
    ),
    put(
      'PUT of a location with the same EVSE again and again',
      'SAME',
      withList(
        location('SAME'),
        'evses',
        list(bytes, () => bareEvse(1)),
      ),
    ),
    put(
      'PUT of a location with a list in lists',
      'DEEP',
      `${JSON.stringify(location('DEEP')).slice(0, -1)},"x":${'['.repeat((bytes - ROOM) / 2)}${']'.repeat((bytes - ROOM) / 2)}}`,
    ),
    {
      name: 'PATCH of a location with objects in objects',
      method: 'PATCH',
      path: evses.path,
      text: withList(
        { last_updated: at(120) },
        'x',
        `${'{"a":'.repeat(30)}${list(bytes, () => '1')}${'}'.repeat(30)}`,
      ),
      before: evses,
    },
    put(
      'PUT of a location with escapes',
      'ESC',
      `${JSON.stringify(location('ESC')).slice(0, -1)},"x":"${'\\"'.repeat((bytes - ROOM) / 2)}"}`,
    ),
  ];
}
