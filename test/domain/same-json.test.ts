import { canonicalJson, sameJson } from '../../src/domain/json/same-json';
import { KnownElements } from '../../src/domain/json/known-elements';
import { mergePatch } from '../../src/domain/json/merge-patch';
import { mergeObject } from '../../src/hub/objects/decide-flat';

const period = (n: number): string =>
  `{"start_date_time":"2026-01-01T00:00:${String(n % 60).padStart(2, '0')}Z","dimensions":[{"type":"ENERGY","volume":${n}.50}]}`;
const sessionWith = (from: number, count: number): string =>
  `{"id":"S","charging_periods":[${Array.from({ length: count }, (_, n) => period(from + n)).join(',')}]}`;

test.each([
  ['{"a":1,"b":[2,{"c":null}]}', '{ "b": [2, {"c": null}], "a": 1.0 }', true],
  ['{"a":1}', '{"a":"1"}', false],
  ['[1,2]', '[2,1]', false],
  ['"\\u0041"', '"A"', true],
])('canonical texts are equal where the values are: %s and %s', (a, b, same) => {
  expect(canonicalJson(a) === canonicalJson(b)).toBe(same);
  expect(sameJson(a, b)).toBe(same);
});

test('a value that is nested deeper than the stack is its own text', () => {
  const deep = `${'['.repeat(200_000)}${']'.repeat(200_000)}`;
  expect(canonicalJson(deep)).toBe(deep);
});

/** Characters that are parsed while the periods of a PATCH are added to those of a session. */
function parsedBy(count: number): number {
  const session = sessionWith(0, count);
  const patch = sessionWith(count / 2, count);
  const parse = jest.spyOn(JSON, 'parse');
  const merged = mergeObject(session, patch, { member: 'charging_periods', orderedBy: 'start_date_time' });
  const characters = parse.mock.calls.reduce((sum, [text]) => sum + String(text).length, 0);
  parse.mockRestore();
  const { charging_periods } = JSON.parse(merged) as { charging_periods: unknown[] };
  expect(charging_periods).toHaveLength(1.5 * count);
  return characters / (session.length + patch.length);
}

test('adding periods to a session takes work in proportion to what is there, not to its square', () => {
  expect(parsedBy(4000)).toBeLessThan(parsedBy(400) * 1.5);
});

test('periods that begin at other times are not parsed to tell them apart', () => {
  expect(parsedBy(20)).toBe(0);
});

test('elements of one time are told apart by what they say, each once', () => {
  const known = new KnownElements('start_date_time');
  const at = '2026-01-01T00:00:00Z';
  expect(known.add(`{"start_date_time":"${at}","a":1}`)).toBe(true);
  expect(known.add(`{"start_date_time":"${at}","a":1}`)).toBe(false);
  expect(known.add(`{"a":1.0, "start_date_time":"${at}"}`)).toBe(false);
  expect(known.add(`{"start_date_time":"${at}","a":2}`)).toBe(true);
  expect(known.add(`{"start_date_time":"${at}","a":2.0}`)).toBe(false);
  expect(known.add(`{"a":2}`)).toBe(true);
});

/** Looks at a character of a PATCH of objects in objects, per character. */
function cutBy(depth: number): number {
  const text = `${'{"a":'.repeat(depth)}[${'1,'.repeat(5000)}1]${'}'.repeat(depth)}`;
  const at = jest.spyOn(String.prototype, 'charCodeAt');
  mergePatch('{}', text);
  const looks = at.mock.calls.length;
  at.mockRestore();
  return looks / text.length;
}

test('a PATCH of objects in objects is read once, however deep they are', () => {
  expect(cutBy(30)).toBeLessThan(cutBy(1) * 1.5);
});
