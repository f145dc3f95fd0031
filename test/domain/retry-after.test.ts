import { retryAfterMs } from '../../src/domain/retry';

const NOW = Date.parse('2026-01-01T12:00:00Z');

test.each([
  ['0', undefined, 0],
  ['120', undefined, 120_000],
  [' 7 ', undefined, 7000],
  ['99999999', undefined, 3_600_000],
  ['Thu, 01 Jan 2026 12:00:30 GMT', undefined, 30_000],
  // Its clock is an hour ahead of ours: its own Date tells.
  ['Thu, 01 Jan 2026 13:00:30 GMT', 'Thu, 01 Jan 2026 13:00:00 GMT', 30_000],
  ['Thu, 01 Jan 2026 11:00:00 GMT', undefined, 0],
  ['Thu, 01 Jan 2027 12:00:00 GMT', undefined, 3_600_000],
  ['soon', undefined, undefined],
  ['-5', undefined, undefined],
  ['1.5', undefined, undefined],
  ['', undefined, undefined],
])('Retry-After: %s, answered at %s, is %s ms', (value, date, expected) => {
  expect(retryAfterMs(value, { date, now: NOW })).toBe(expected);
});

test('no header is no wish', () => {
  expect(retryAfterMs(undefined, { date: undefined, now: NOW })).toBeUndefined();
});
