import { isItsFault, withFailure, type ObjectFailures } from '../../src/sync/deliver/object-failures';

/** Failures of an object, each by the receiver's successes at that time. */
const failedAt = (...rounds: number[]): ObjectFailures | undefined =>
  rounds.reduce<ObjectFailures | undefined>(
    (known, successes) => withFailure(known, { successes, reason: 'HTTP 500' }),
    undefined,
  );
const itsFault = (rounds: number[], successes: number): boolean => {
  const failures = failedAt(...rounds);
  return failures !== undefined && isItsFault(failures, successes);
};

test.each([
  ['three failures, others passing after each', [0, 1, 2], 3, true],
  ['nothing passed after the third', [0, 1, 2], 2, false],
  ['an outage, however long', [4, 4, 4, 4, 4, 4], 5, false],
  ['one failure while others passed, then an outage', [1, 4, 4, 4, 4], 4, false],
  ['the end of that outage', [1, 4, 4, 4, 4], 5, false],
  ['two outages and one failure between', [1, 1, 3, 6, 6], 6, false],
  ['failures between which much passed', [1, 10, 100], 200, true],
])('%s: its own fault, yes or no', (_, rounds, successes, expected) => {
  expect(itsFault(rounds, successes)).toBe(expected);
});

test('all attempts are counted, and the last reason is kept', () => {
  expect(failedAt(1, 1, 3)).toEqual({ attempts: 3, rounds: 2, round: 3, reason: 'HTTP 500' });
});
