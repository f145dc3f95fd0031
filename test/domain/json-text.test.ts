import {
  appendMembers,
  elementsOf,
  membersOf,
  valueText,
  withMembers,
  withoutMembers,
} from '../../src/domain/json/json-text';
import { mergePatch } from '../../src/domain/json/merge-patch';

/** A random JSON text with odd spacing, escapes, nesting and long digits. */
function randomJson(random: () => number, depth = 0): string {
  const space = ['', ' ', '\n', '\t '][Math.floor(random() * 4)] ?? '';
  const scalars = [
    '1.50',
    '-0.0',
    '12345678901234567890',
    '"a\\"b"',
    '"x\\\\"',
    '"{[,]}"',
    'true',
    'null',
    '"\\u00e9é"',
  ];
  const kind = random();
  if (depth > 3 || kind < 0.4)
    return `${space}${scalars[Math.floor(random() * scalars.length)] ?? '1'}${space}`;
  const count = Math.floor(random() * 4);
  const values = Array.from({ length: count }, () => randomJson(random, depth + 1));
  if (kind < 0.7) return `${space}[${values.join(',')}${count === 0 ? space : ''}]${space}`;
  return `${space}{${values.map((v, i) => `${space}"k${i}\\"${i}"${space}:${v}`).join(',')}${space}}${space}`;
}

function seeded(seed: number): () => number {
  let state = seed;
  return () => {
    state = (state * 1103515245 + 12345) % 2147483648;
    return state / 2147483648;
  };
}

describe('JSON texts', () => {
  test('are cut at the bounds of their members and elements, whatever they hold', () => {
    const random = seeded(7);
    for (let i = 0; i < 3000; i++) {
      const text = randomJson(random).trim();
      const value: unknown = JSON.parse(text);
      if (Array.isArray(value)) expect(elementsOf(text).map((e) => JSON.parse(e) as unknown)).toEqual(value);
      else if (typeof value === 'object' && value !== null) {
        const members = membersOf(text).map((m) => [m.key, JSON.parse(text.slice(m.valueStart, m.end))]);
        expect(Object.fromEntries(members)).toEqual(value);
      }
    }
  });

  test('keep the digits of numbers and unknown fields when members are replaced', () => {
    const text = '{"a": 1.50, "x":12345678901234567890,"b":{"c":[1.0]}}';
    expect(withMembers(text, new Map([['b', '2.0']]))).toBe('{"a": 1.50,"x":12345678901234567890,"b":2.0}');
    expect(withoutMembers(text, ['a', 'b'])).toBe('{"x":12345678901234567890}');
    expect(appendMembers('{ }', '"z":1')).toBe('{ "z":1}');
  });

  test('read a member that stands twice as JSON.parse does', () => {
    expect(valueText('{"a":1,"a":2}', 'a')).toBe('2');
  });
});

describe('a PATCH', () => {
  test.each([
    ['{"a":1.50}', '{"b":2.0}', { a: 1.5, b: 2 }],
    ['{"a":1,"b":{"c":1,"d":2}}', '{"b":{"c":null,"e":[1]}}', { a: 1, b: { d: 2, e: [1] } }],
    ['{"a":[1,2]}', '{"a":[3]}', { a: [3] }],
    ['{"a":1}', '{"a":null}', {}],
    ['{"a":1}', '{"a":{"x":null,"y":1}}', { a: { y: 1 } }],
  ])('merges %s with %s', (target, patch, expected) => {
    expect(JSON.parse(mergePatch(target, patch))).toEqual(expected);
  });

  test('that is nested without end does not exhaust the stack', () => {
    const deep = `${'{"a":'.repeat(20_000)}1${'}'.repeat(20_000)}`;
    expect(JSON.parse(mergePatch(deep, deep))).toBeDefined();
  });
});
