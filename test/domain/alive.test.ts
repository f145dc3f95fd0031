import { aliveLimits, aliveStep, isCalling, type AliveStep, type Reach } from '../../src/domain/alive';

const LIMITS = aliveLimits(300);
const NEVER = Number.POSITIVE_INFINITY;

const reach = (fields: Partial<Reach>): Reach => ({
  status: 'CONNECTED',
  statusS: 1000,
  heardS: 1000,
  successS: 1000,
  failures: 0,
  failingS: 0,
  calling: false,
  checkS: NEVER,
  checksFailed: 0,
  ...fields,
});
const failing = { failures: 3, failingS: 6, heardS: 1, successS: 7 };
const offline = { status: 'OFFLINE', statusS: 100 } as const;

const CASES: [string, Partial<Reach>, AliveStep][] = [
  ['silent for longer than the limit', {}, 'check'],
  ['silent, never heard of at all', { heardS: NEVER, successS: NEVER }, 'check'],
  ['newly registered and not heard of', { heardS: NEVER, successS: NEVER, statusS: 299 }, 'rest'],
  ['it called within the limit', { heardS: 299 }, 'rest'],
  ['it was reached within the limit', { successS: 299 }, 'rest'],
  ['silent, and a check has failed', { checkS: 0, checksFailed: 1 }, 'rest'],
  ['silent, and a check has failed a moment ago', { checkS: 1, checksFailed: 1 }, 'check'],
  ['silent, and two checks in a row have failed', { checkS: 0, checksFailed: 2 }, 'offline'],
  ['silent, and the check is under way or was just done', { checkS: 1 }, 'rest'],
  ['requests to it fail, though it calls', failing, 'check'],
  ['two failures', { ...failing, failures: 2 }, 'rest'],
  ['three failures in one burst', { ...failing, failingS: 1 }, 'rest'],
  ['requests to it fail, and the check too', { ...failing, checkS: 0, checksFailed: 1 }, 'offline'],
  ['a success since the failed check', { ...failing, successS: 1, checkS: 2, checksFailed: 1 }, 'rest'],
  [
    'a failed check of before it was CONNECTED',
    { ...failing, statusS: 40, checkS: 41, checksFailed: 4 },
    'check',
  ],
  ['it was OFFLINE until a moment ago', { ...failing, statusS: 29, checkS: 0, checksFailed: 1 }, 'rest'],
  ['OFFLINE, nothing since', { ...offline, checkS: 1, checksFailed: 1 }, 'rest'],
  ['OFFLINE, reached since', { ...offline, successS: 99 }, 'online'],
  ['OFFLINE, reached before alone', { ...offline, successS: 101, checkS: 1, checksFailed: 1 }, 'rest'],
  ['OFFLINE, called since', { ...offline, heardS: 99 }, 'online'],
  ['OFFLINE while calling, and calls on', { ...offline, heardS: 2, calling: true, checkS: 1 }, 'rest'],
  [
    'OFFLINE while calling, a call since the last check',
    { ...offline, heardS: 1, calling: true, checkS: 5 },
    'check',
  ],
  ['OFFLINE while calling, reached', { ...offline, heardS: 1, successS: 1, calling: true }, 'online'],
  ['OFFLINE, the second check is due', { ...offline, checkS: 10, checksFailed: 1 }, 'check'],
  ['OFFLINE, the third check is not', { ...offline, checkS: 19, checksFailed: 2 }, 'rest'],
  [
    'OFFLINE for long: as often as silence is checked',
    { ...offline, checkS: 300, checksFailed: 99 },
    'check',
  ],
];

test.each(CASES)('%s', (_title, fields, step) => {
  expect(aliveStep(reach(fields), LIMITS)).toBe(step);
});

test('one that fails every other request is never suspected', () => {
  for (let second = 0; second < 100; second++) {
    const odd = second % 2;
    const fields = { heardS: NEVER, successS: odd, failures: odd, failingS: odd };
    expect(aliveStep(reach(fields), LIMITS)).toBe('rest');
  }
});

test('it calls where it called since requests to it fail', () => {
  expect(isCalling(reach(failing))).toBe(true);
  expect(isCalling(reach({ ...failing, heardS: 7 }))).toBe(false);
  expect(isCalling(reach({ heardS: 0 }))).toBe(false);
});
