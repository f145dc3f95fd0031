import { firstPage, listUrl, nextLinkOf, nextPage, withLimit } from '../../src/domain/page-cursor';

const start = { endpoint: 'https://cpo.example.com/ocpi/locations?tenant=1', date_from: undefined };
const first = firstPage(start, 1000);
const page = { count: 50, fresh: 50, link: undefined, total: undefined };
const here = 'https://cpo.example.com/ocpi/locations?offset=50&limit=50';

test.each([
  ['the Link, where there is one', { link: here }, here],
  ['the Link, relative to the page', { link: '?offset=50&limit=50' }, here],
  [
    'offset, where a Link is missing although more is promised',
    { total: 51 },
    listUrl(start, { offset: 50, limit: 1000 }),
  ],
  [
    'offset, where the Link leaves the origin',
    { link: 'https://evil.example.com/x' },
    listUrl(start, { offset: 50, limit: 1000 }),
  ],
  [
    'offset, where the Link names http',
    { link: 'http://cpo.example.com/x' },
    listUrl(start, { offset: 50, limit: 1000 }),
  ],
  [
    'offset, where the Link leads to the page itself',
    { link: first.url },
    listUrl(start, { offset: 50, limit: 1000 }),
  ],
  ['nothing, where no Link means the last page', {}, undefined],
  ['nothing, where all that is promised has come', { total: 50 }, undefined],
  ['nothing, where a page by offset brings nothing new', { total: 500, fresh: 0 }, undefined],
  ['nothing, where a page is empty', { total: 500, count: 0, fresh: 0 }, undefined],
])('a list goes on by %s', (_, end, url) => {
  expect(nextPage(start, first, { ...page, ...end })?.url).toBe(url);
});

test('links that bring nothing new three times in a row end the list', () => {
  let place: typeof first | undefined = first;
  let pages = 0;
  for (; place && pages < 10; pages++)
    place = nextPage(start, place, { ...page, fresh: 0, link: `${here}&n=${pages}` });
  expect(pages).toBe(3);
});

test('the endpoint keeps its own query, the filter stays, and a smaller page keeps its place', () => {
  const dated = { ...start, date_from: '2026-01-01T00:00:00Z' };
  const url = new URL(listUrl(dated, { offset: 20, limit: 10 }));
  expect(Object.fromEntries(url.searchParams)).toEqual({
    tenant: '1',
    date_from: '2026-01-01T00:00:00Z',
    offset: '20',
    limit: '10',
  });
  const smaller = withLimit({ ...first, url: here, offset: 50 }, 10);
  expect([new URL(smaller.url).searchParams.get('offset'), smaller.limit]).toEqual(['50', 10]);
});

test.each([
  ['<https://a/b?x=1>; rel="next"', 'https://a/b?x=1'],
  ['<https://a/1>; rel="prev", <https://a/2>; rel="next"', 'https://a/2'],
  ['<https://a/2>;rel=next', 'https://a/2'],
  ['<https://a/2>; title="x"; rel="next"', 'https://a/2'],
  ['<https://a/2>; title="a, b"; rel="next"', 'https://a/2'],
  ['<https://a/2?ids=1,2;3>; rel="next last"; title="<x>, y"', 'https://a/2?ids=1,2;3'],
  ['<https://a/1>; rel="prev"; title="p, q", <https://a/2>; REL=NEXT', 'https://a/2'],
  ['<https://a/2>; rel="last"', undefined],
  ['rubbish', undefined],
])('rel="next" of %s', (header, url) => {
  expect(nextLinkOf(header)).toBe(url);
});
