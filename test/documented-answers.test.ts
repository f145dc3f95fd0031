import { startTwo, location, push, type Two } from './support/network';
import { faultOf, judgedAnswers } from './support/documented-answers';

/* The judge of all answers (test/support/documented-answers.ts) finds what does not stand in openapi.yaml. */

let two: Two;

beforeAll(async () => {
  two = await startTwo();
});
afterAll(() => two.network.stop());

const OWN = { relayed: false, type: 'application/json' };
const PARTNERS = { ...OWN, method: 'GET', path: '/admin/api/partners', http: 200 };
const VERSIONS = { ...OWN, method: 'GET', path: '/ocpi/versions', http: 200 };
const bytes = (value: unknown): Buffer =>
  Buffer.from(typeof value === 'string' ? value : JSON.stringify(value));
const envelope = { status_code: 1000, timestamp: '2026-01-01T00:00:00Z' };

test('answers to partners and to admins are judged', async () => {
  const before = judgedAnswers();
  await push(two.cpo, { method: 'PUT', module: 'locations', path: '/BE/BEC/L1' }, location('L1'));
  expect(judgedAnswers()).toBe(before + 1);
  await two.network.hub.admin('GET', '/partners');
  expect(judgedAnswers()).toBe(before + 2);
});

test.each([
  ['a status that is not there', { ...VERSIONS, http: 418, body: bytes(envelope) }, 'this status'],
  ['a body that misses a field', { ...VERSIONS, body: bytes({ status_code: 1000 }) }, 'timestamp'],
  [
    'data of another type',
    { ...VERSIONS, body: bytes({ ...envelope, data: [{ version: 7 }] }) },
    'data/data',
  ],
  [
    'a field of the admin API that is not there',
    { ...PARTNERS, body: bytes({ items: [], more: 1 }) },
    'additional',
  ],
  ['a body that is no JSON', { ...PARTNERS, body: bytes('no') }, 'no JSON'],
  ['no body', { ...PARTNERS, body: bytes('') }, 'no body'],
  ['another type', { ...PARTNERS, type: 'text/html', body: bytes({ items: [] }) }, 'text/html'],
  [
    'a path that is not there',
    { ...PARTNERS, path: '/admin/api/secret', body: bytes({}) },
    'not in the document',
  ],
  ['a method that is not there', { ...PARTNERS, method: 'DELETE', body: bytes({}) }, 'not in the document'],
])('%s is found', (_name, answer, words) => {
  expect(faultOf(answer)).toContain(words);
});

test('what stands there is no fault', () => {
  expect(faultOf({ ...PARTNERS, body: bytes({ items: [] }) })).toBeUndefined();
  expect(faultOf({ ...VERSIONS, body: bytes({ ...envelope, data: [] }) })).toBeUndefined();
  const refused = { type: 'about:blank', title: 'not found', status: 404 };
  const nothing = { ...PARTNERS, type: 'application/problem+json', path: '/admin/api/nothing', http: 404 };
  expect(faultOf({ ...nothing, body: bytes(refused) })).toBeUndefined();
});
