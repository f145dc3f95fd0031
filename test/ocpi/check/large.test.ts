import * as validator from 'class-validator';
import { checkOf } from '../../../src/ocpi/check';
import { explain } from '../../../src/ocpi/check/explain';
import { findingsOf } from '../../../src/ocpi/check/word';
import { Location } from '../../../src/ocpi/v2_2_1/locations/dto';
import { Session } from '../../../src/ocpi/v2_2_1/sessions/dto';
import { connector, evse, location, session } from '../../support/network';

/* What is wrong with a large object is said as precisely as with a small one, in proportion to its size. */

const large = (fields: Record<string, unknown> = {}): Record<string, unknown> => ({
  ...location('L1', { evses: 2000 }),
  ...fields,
});

test('a fault within thousands of EVSEs is named by its path', () => {
  const value = large();
  (value.evses as Record<string, unknown>[])[1234] = evse('E1235', {
    connectors: [connector('1', { max_voltage: '230' })],
  });
  expect(checkOf(Location)(value)).toEqual([
    {
      path: '$.evses[1234].connectors[0].max_voltage',
      rule: 'must be a whole number',
      message: '$.evses[1234].connectors[0].max_voltage: must be a whole number',
    },
  ]);
});

test('class-validator is not asked about it', () => {
  const asked = jest.spyOn(validator, 'validateSync');
  checkOf(Location)(large({ city: undefined }));
  expect(asked).not.toHaveBeenCalled();
  asked.mockRestore();
});

test('no more is told than is read', () => {
  const evses = Array.from({ length: 5000 }, (_, i) => evse(`E${i}`, { status: 'closed' }));
  expect(checkOf(Location)(large({ evses }))).toHaveLength(200);
});

test.each<[string, Record<string, unknown>]>([
  ['a field is missing', { city: undefined }],
  ['a field is null', { address: null }],
  ['a value is of another type', { publish: 'yes', name: 7 }],
  ['an object is something else', { coordinates: 'here', operator: [] }],
  ['a list is something else', { evses: {}, facilities: 'HOTEL' }],
  ['an element is something else', { evses: [evse('E1'), 7, null] }],
  ['a scalar of a list does not fit', { facilities: ['HOTEL', 'CASTLE'] }],
  ['a list is empty that must not be', { evses: [evse('E1', { connectors: [] })] }],
  ['a rule over several fields is broken', { evses: [evse('E1'), evse('e1')] }],
])('both ways of wording find the same paths where %s', (_, fields) => {
  const value = location('L1', { fields });
  const paths = (found: { path: string }[]): Set<string> =>
    new Set(found.map(({ path }) => path.replace(/\[\d+\]$/, '')));
  const [here, there] = [paths(explain(Location, value)), paths(findingsOf(Location, value))];
  expect(here.size).toBeGreaterThan(0);
  expect([...here].filter((path) => !there.has(path))).toEqual([]);
});

test('a session of thousands of periods that fits has no finding', () => {
  const period = { start_date_time: '2026-01-01T00:00:00Z', dimensions: [{ type: 'ENERGY', volume: 1 }] };
  const charging_periods = Array.from({ length: 5000 }, () => period);
  expect(checkOf(Session)(session('S1', { charging_periods }))).toEqual([]);
});
