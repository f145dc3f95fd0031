import { findResponseUrl, withResponseUrl } from '../../src/domain/relay/response-url';

const url = 'https://www.msp.com/ocpi/2.2.1/cp?request_id=5678&more=1';

const CASES: [string, string, string | undefined][] = [
  ['encoded', `?duration=900&response_url=${encodeURIComponent(url)}`, url],
  ['encoded, with a parameter behind', `?response_url=${encodeURIComponent(url)}&x=1`, url],
  ['not encoded, at the end', `?duration=900&response_url=${url}`, url],
  ['not encoded, in front of duration', `?response_url=${url}&duration=900`, url],
  ['none', '?duration=900', undefined],
  ['another parameter that ends alike', '?my_response_url=x', undefined],
  ['broken encoding', '?response_url=%zz', '%zz'],
];

test.each(CASES)('%s', (_title, search, value) => {
  expect(findResponseUrl(search)?.value).toBe(value);
});

test('the replaced one is encoded, all else stays as it came', () => {
  for (const [, search] of CASES.slice(0, 4)) {
    const found = findResponseUrl(search);
    if (!found) throw new Error(search);
    const replaced = withResponseUrl(search, found, 'https://hub/x?y=1');
    expect(findResponseUrl(replaced)?.value).toBe('https://hub/x?y=1');
    expect(replaced.replace(encodeURIComponent('https://hub/x?y=1'), '')).toBe(
      search.slice(0, found.start) + search.slice(found.end),
    );
  }
});
