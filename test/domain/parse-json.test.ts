import { DEEPEST, parseJson } from '../../src/domain/json/parse-json';

const nested = (depth: number, within: string): string => `${'['.repeat(depth)}${within}${']'.repeat(depth)}`;
/** Makes a text long enough to be looked at. */
const LONG = JSON.stringify('x'.repeat(5000));

test('what is nested deeper than any object of OCPI is refused before it is parsed', () => {
  const parse = jest.spyOn(JSON, 'parse');
  expect(() => parseJson(nested(DEEPEST + 1, LONG))).toThrow('nested deeper than 100 levels');
  expect(() => parseJson('['.repeat(1_000_000))).toThrow('nested deeper');
  expect(() => parseJson('{"a":'.repeat(1_000_000))).toThrow('nested deeper');
  expect(parse).not.toHaveBeenCalled();
  parse.mockRestore();
});

test('brackets in strings, and lists beside each other, do not nest', () => {
  const texts = [
    nested(DEEPEST, LONG),
    JSON.stringify('["{'.repeat(5000)),
    JSON.stringify(Array(5000).fill([{}])),
  ];
  for (const text of texts) expect(parseJson(text)).toEqual(JSON.parse(text));
});

test('what is no JSON is refused as ever', () => {
  expect(() => parseJson(`${LONG.slice(0, -1)}`)).toThrow(SyntaxError);
  expect(() => parseJson(']'.repeat(5000))).toThrow(SyntaxError);
});
