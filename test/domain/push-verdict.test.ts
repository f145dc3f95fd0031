import { verdictOf, type PushAnswer } from '../../src/domain/push-verdict';

const answered = (http: number, status_code?: number): Extract<PushAnswer, { answered: true }> => ({
  answered: true,
  http,
  status_code,
  status_message: undefined,
});
const plain = { evse: false, deletion: false };

test.each([
  [200, 1000, 'accepted'],
  [201, 1000, 'accepted'],
  [200, 1900, 'accepted'],
  [200, undefined, 'failed'],
  [302, undefined, 'failed'],
  [200, 2001, 'refused'],
  [404, 1000, 'refused'],
  [404, undefined, 'refused'],
  [400, undefined, 'refused'],
  [200, 3000, 'failed'],
  [500, undefined, 'failed'],
  [503, 3000, 'failed'],
  [401, 2001, 'down'],
  [429, undefined, 'down'],
] as const)('HTTP %s with status_code %s is %s', (http, code, verdict) => {
  expect(verdictOf(answered(http, code), plain).verdict).toBe(verdict);
});

test('an unknown location sends an EVSE back for its location; an unknown tariff is deleted already', () => {
  expect(verdictOf(answered(404, 2003), { evse: true, deletion: false }).verdict).toBe('locationUnknown');
  expect(verdictOf(answered(200, 2003), { evse: true, deletion: false }).verdict).toBe('locationUnknown');
  expect(verdictOf(answered(404, 2001), { evse: false, deletion: true }).verdict).toBe('accepted');
  expect(verdictOf(answered(200, 2001), { evse: false, deletion: true }).verdict).toBe('accepted');
});

test('a time-out may be the object, no connection is the receiver', () => {
  expect(verdictOf({ answered: false, kind: 'timeout', failure: 'timeout: x' }, plain).verdict).toBe(
    'failed',
  );
  expect(verdictOf({ answered: false, kind: 'unreachable', failure: 'refused: x' }, plain).verdict).toBe(
    'down',
  );
});

test('who asks to be left alone is down for that long, also with a 503', () => {
  const busy: PushAnswer = { ...answered(429), retryAfterMs: 5000 };
  expect(verdictOf(busy, plain)).toMatchObject({ verdict: 'down', retryAfterMs: 5000 });
  expect(verdictOf({ ...busy, http: 503 }, plain)).toMatchObject({ verdict: 'down', retryAfterMs: 5000 });
});
