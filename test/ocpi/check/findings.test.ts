import { checkOf, wildcard } from '../../../src/ocpi/check';
import { CDR } from '../../../src/ocpi/v2_2_1/cdrs/dto';
import { Hours, Location, PublishTokenType } from '../../../src/ocpi/v2_2_1/locations/dto';
import { Session } from '../../../src/ocpi/v2_2_1/sessions/dto';
import { cdr, connector, evse, location, session } from '../../support/network';

const messages = (value: unknown): string[] => checkOf(Location)(value).map((f) => f.message);
const place = (fields: Record<string, unknown>): unknown => ({ ...location('L1'), ...fields });

test.each([[null], [7], [[]], ['x'], [undefined]])('%j at the top must be an object', (value) => {
  expect(messages(value)).toEqual(['$: must be an object']);
});

test('a finding names the path to the deepest field, and its rule without the value', () => {
  const [found] = checkOf(Location)(
    place({ evses: [evse('E1'), evse('E2', { connectors: [connector('1', { max_voltage: '230' })] })] }),
  );
  expect(found).toEqual({
    path: '$.evses[1].connectors[0].max_voltage',
    rule: 'must be a whole number',
    message: '$.evses[1].connectors[0].max_voltage: must be a whole number',
  });
  expect(wildcard(found?.path ?? '')).toBe('$.evses[*].connectors[*].max_voltage');
});

test('several findings are told at once', () => {
  expect(messages(place({ city: undefined, country: 'NL', time_zone: 'Amsterdam' }))).toHaveLength(3);
});

test.each([
  ['2015-06-29T20:39:09Z', true],
  ['2015-06-29T20:39:09', true],
  ['2016-12-29T17:45:09.2', true],
  ['2018-01-01T01:08:01.123Z', true],
  ['2018-01-01T01:08:01+00:00', false],
  ['2018-02-31T01:08:01Z', false],
  ['2024-02-29T01:08:01Z', true],
  ['2023-02-29T01:08:01Z', false],
  ['2018-01-01', false],
  ['0000-01-01T00:00:00Z', false],
  ['2018-13-01T00:00:00Z', false],
  ['2018-01-01T24:00:00Z', false],
  ['2018-01-01T01:08:01.123456Z', false],
])('the DateTime %s fits: %s', (last_updated, fits) => {
  expect(messages(place({ last_updated })).length === 0).toBe(fits);
});

test.each<[unknown, string]>([
  [1_514_768_881, 'a DateTime in quotes, such as "2018-01-01T01:08:01.123Z", not a number'],
  ['2018-01-01', 'a DateTime with a time of day, such as 2018-01-01T01:08:01.123Z'],
  ['2018-01-01 01:08:01', 'a DateTime with T before the time of day, such as 2018-01-01T01:08:01.123Z'],
  [
    '2018-01-01T01:08:01+01:00',
    'a DateTime in UTC, with Z in place of an offset, such as 2018-01-01T01:08:01.123Z',
  ],
  ['2018-01-01T01:08:01.123456Z', 'a DateTime of at most 25 characters, such as 2018-01-01T01:08:01.123Z'],
  ['yesterday', 'a DateTime in UTC such as 2018-01-01T01:08:01.123Z, of at most 25 characters'],
  [true, 'a DateTime in UTC such as 2018-01-01T01:08:01.123Z, of at most 25 characters'],
])('the words for the DateTime %j fit the fault, in a large object too', (last_updated, words) => {
  expect(messages(place({ last_updated }))).toEqual([`$.last_updated: must be ${words}`]);
  const evses = Array.from({ length: 200 }, (_, i) => evse(`E${i}`));
  expect(messages(place({ evses, last_updated }))).toEqual([`$.last_updated: must be ${words}`]);
});

test('a DateTime that is missing is required', () => {
  expect(messages(place({ last_updated: undefined }))).toEqual(['$.last_updated: is required']);
});

test.each([
  { latitude: 51.047599, longitude: 3.729944 },
  { latitude: '51.0475', longitude: '3.7299' },
])('coordinates %j are told what they must be', (coordinates) => {
  expect(messages(place({ coordinates }))).toEqual([
    '$.coordinates.latitude: must be a string with 5 to 7 decimals, such as "50.770774"',
    '$.coordinates.longitude: must be a string with 5 to 7 decimals, such as "-126.104965"',
  ]);
});

test('lengths count code points, and CiStrings are printable ASCII', () => {
  expect(messages(place({ city: '😀'.repeat(45) }))).toEqual([]);
  expect(messages(place({ city: '😀'.repeat(46) }))).toHaveLength(1);
  expect(messages(place({ id: 'é' }))[0]).toContain('$.id: must be printable ASCII');
  expect(messages(place({ name: 'a\tb' }))[0]).toContain('$.name: ');
});

test('null, [] and absent are equal for optional fields; #NA is a legal string', () => {
  expect(messages(place({ name: null, facilities: [], images: null, operator: null }))).toEqual([]);
  expect(checkOf(Session)(session('S1', { evse_uid: '#NA', connector_id: '#NA' }))).toEqual([]);
  expect(messages(place({ country: '#NA', time_zone: '#NA' }))).toEqual([]);
});

test('an id that stands twice in a list, whatever its case, is found', () => {
  expect(messages(place({ evses: [evse('E1'), evse('e1')] }))).toEqual([
    '$.evses: must not have a uid twice',
  ]);
  const twice = evse('E1', { connectors: [connector('a'), connector('A')] });
  expect(messages(place({ evses: [twice] }))).toEqual(['$.evses[0].connectors: must not have an id twice']);
});

test('publish_allowed_to and its tokens follow their rules', () => {
  const fits = (token: object): boolean => checkOf(PublishTokenType)(token).length === 0;
  expect([
    fits({}),
    fits({ uid: '1' }),
    fits({ uid: '1', type: 'RFID' }),
    fits({ visual_number: '1' }),
    fits({ group_id: 'G' }),
  ]).toEqual([false, false, true, false, true]);
  expect(messages(place({ publish: true, publish_allowed_to: [{ group_id: 'G' }] }))[0]).toContain(
    '$.publish_allowed_to: ',
  );
  expect(messages(place({ publish: false, publish_allowed_to: [{ group_id: 'G' }] }))).toEqual([]);
});

test('regular_hours are for hours that are not twentyfourseven', () => {
  const hours = { regular_hours: [{ weekday: 1, period_begin: '08:00', period_end: '20:00' }] };
  expect(checkOf(Hours)({ twentyfourseven: false, ...hours })).toEqual([]);
  expect(checkOf(Hours)({ twentyfourseven: true, ...hours })).toHaveLength(1);
  expect(
    checkOf(Hours)({ twentyfourseven: false, regular_hours: [{ ...hours.regular_hours[0], weekday: 0 }] }),
  ).toHaveLength(1);
});

test('a Credit CDR needs its reference; a normal one has at most 36 characters', () => {
  const rules = (fields: Record<string, unknown>): string[] =>
    checkOf(CDR)(cdr('C1', fields)).map((f) => f.path);
  expect(rules({ credit: true })).toEqual(['$.credit_reference_id']);
  expect(rules({ id: 'x'.repeat(37) })).toEqual(['$.id']);
  expect(rules({ id: 'x'.repeat(39), credit: true, credit_reference_id: 'C0' })).toEqual([]);
  expect(rules({ id: 'x'.repeat(40), credit: true, credit_reference_id: 'C0' })).toEqual(['$.id']);
});

test('what is nested without end, or large without end, is refused at once and does no harm', () => {
  const deep = JSON.parse(`${'['.repeat(100_000)}${']'.repeat(100_000)}`) as unknown;
  expect(messages(place({ address: deep }))).toEqual([
    '$.address: must be a string of at most 255 printable characters',
  ]);
  const wide = Array.from({ length: 100_000 }, () => ({}));
  const found = messages(place({ evses: wide }));
  expect([found[0], found.length]).toEqual(['$.evses[0].uid: is required', 200]);
});
