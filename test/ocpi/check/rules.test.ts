import { checkOf } from '../../../src/ocpi/check';
import { SessionDimension } from '../../../src/ocpi/v2_2_1/sessions/dto';
import { EnergySource } from '../../../src/ocpi/v2_2_1/types/classes';

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
