import { checkOf } from '../../../src/ocpi/check';
import { CDR } from '../../../src/ocpi/v2_2_1/cdrs/dto';
import { Hours, Location } from '../../../src/ocpi/v2_2_1/locations/dto';
import { Session, SessionDimension } from '../../../src/ocpi/v2_2_1/sessions/dto';
import { EnergySource } from '../../../src/ocpi/v2_2_1/types/classes';
import { cdr, location, session } from '../../support/network';

/* What the tables say in words, beside type and cardinality. */

const messages = (cls: Parameters<typeof checkOf>[0], value: unknown): string[] =>
  checkOf(cls)(value).map(({ message }) => message);

test.each([0, 33.3, 100])('an energy source may be %d percent of the mix', (percentage) => {
  expect(messages(EnergySource, { source: 'SOLAR', percentage })).toEqual([]);
});

test.each([-1, 100.1])('an energy source is not %d percent of the mix', (percentage) => {
  expect(messages(EnergySource, { source: 'SOLAR', percentage })).toEqual([
    '$.percentage: must be a number from 0 to 100',
  ]);
});

test('a state of charge is from 0 to 100, other volumes are not bounded', () => {
  expect(messages(SessionDimension, { type: 'STATE_OF_CHARGE', volume: 100 })).toEqual([]);
  expect(messages(SessionDimension, { type: 'ENERGY', volume: -101 })).toEqual([]);
  expect(messages(SessionDimension, { type: 'STATE_OF_CHARGE', volume: 101 })).toEqual([
    '$.volume: must be from 0 to 100 of STATE_OF_CHARGE',
  ]);
});

describe('money', () => {
  test.each([
    ['XQX is no currency', { currency: 'XQX' }, '$.currency: must be an ISO 4217 currency code such as EUR'],
    [
      'an end before the start',
      { end_date_time: '2020-01-01T00:00:00Z' },
      '$.end_date_time: must not be before start_date_time',
    ],
    ['negative energy', { total_energy: -7 }, '$.total_energy: must not be negative'],
    ['a negative time', { total_time: -1 }, '$.total_time: must not be negative'],
    ['a negative parking time', { total_parking_time: -0.5 }, '$.total_parking_time: must not be negative'],
    [
      'a negative cost without credit',
      { total_cost: { excl_vat: -4 } },
      '$.total_cost: must not be negative where it is no Credit CDR',
    ],
    [
      'a period before the start',
      {
        charging_periods: [
          { start_date_time: '2019-01-01T00:00:00Z', dimensions: [{ type: 'ENERGY', volume: 1 }] },
        ],
      },
      '$.charging_periods: must begin between start_date_time and end_date_time',
    ],
  ])('%s is found in a CDR', (_, fields, message) => {
    expect(messages(CDR, cdr('C1', fields))).toEqual([message]);
  });

  test('a Credit CDR may have negative costs, and funds and metals are currencies', () => {
    const credit = { credit: true, credit_reference_id: 'C0', total_cost: { excl_vat: -4, incl_vat: -5 } };
    expect(messages(CDR, cdr('C1', credit))).toEqual([]);
    for (const currency of ['EUR', 'CHE', 'XAU', '#NA'])
      expect(messages(CDR, cdr('C1', { currency }))).toEqual([]);
  });

  test('a session neither ends before it starts nor takes less than nothing', () => {
    const fields = { end_date_time: '2000-01-01T00:00:00Z', kwh: -1 };
    expect(messages(Session, session('S1', fields)).sort()).toEqual([
      '$.end_date_time: must not be before start_date_time',
      '$.kwh: must not be negative',
    ]);
  });
});

test.each([[undefined], [null], [[]]])(
  'opening hours that are not always need a day: %j',
  (regular_hours) => {
    expect(messages(Hours, { twentyfourseven: false, regular_hours })).toEqual([
      '$.regular_hours: must have at least one element where twentyfourseven is false',
    ]);
    expect(messages(Hours, { twentyfourseven: true, regular_hours })).toEqual([]);
  },
);

test('addresses of 255 and states of 45 characters fit, as the specification was corrected', () => {
  const at = (address: string, state: string): unknown => location('L1', { fields: { address, state } });
  expect(messages(Location, at('a'.repeat(255), 's'.repeat(45)))).toEqual([]);
  expect(messages(Location, at('a'.repeat(256), 's'.repeat(46)))).toHaveLength(2);
});
