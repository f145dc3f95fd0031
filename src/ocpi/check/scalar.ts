import type { ScalarType } from './field';

/* Scalar types that are the same in every version of OCPI. */

const PRINTABLE = /^[^\u0000-\u001f\u007f-\u009f]*$/;
const HTTP_URL =
  /^[Hh][Tt][Tt][Pp][Ss]?:\/\/[^\s/\u0000-\u001f\u007f-\u009f][^\u0000-\u001f\u007f-\u009f\u2028\u2029]*$/;

/** Length in code points: a surrogate pair is one character. */
function longerThan(text: string, max: number): boolean {
  if (text.length <= max) return false;
  const surrogatePairs = text.match(/[\ud800-\udbff][\udc00-\udfff]/g)?.length ?? 0;
  return text.length - surrogatePairs > max;
}

/** A scalar type, by what it tests and how that is said. */
export function scalar(
  name: string,
  words: string,
  rest: Pick<ScalarType, 'test' | 'schema' | 'wordsFor'>,
): ScalarType {
  return { kind: 'scalar', name, words, ...rest };
}

/** string(max): printable UTF-8. */
export const string = (max: number): ScalarType =>
  scalar('string', `a string of at most ${max} printable characters`, {
    test: (v) => typeof v === 'string' && !longerThan(v, max) && PRINTABLE.test(v),
    schema: { type: 'string', maxLength: max, pattern: PRINTABLE.source },
  });

/** A URL that the hub may be asked to call. */
export const url = scalar('url', 'an absolute http(s) URL of at most 255 characters', {
  test: (v) => typeof v === 'string' && !longerThan(v, 255) && HTTP_URL.test(v),
  schema: { type: 'string', maxLength: 255, format: 'uri', pattern: HTTP_URL.source },
});
