import { urlBelow, urlUnder } from '../../src/ocpi/module';

test.each([
  ['https://h/ocpi/locations', 'a', '', 'https://h/ocpi/locations/a'],
  ['https://h/ocpi/locations/', '/a', '?x=1', 'https://h/ocpi/locations/a?x=1'],
  ['https://h/ocpi/locations', '', '?', 'https://h/ocpi/locations?'],
  ['https://h/ocpi/locations?code=KEY', '/a', '', 'https://h/ocpi/locations/a?code=KEY'],
  [
    'https://h/ocpi/locations/?code=KEY',
    'a/b',
    '?type=APP',
    'https://h/ocpi/locations/a/b?code=KEY&type=APP',
  ],
  ['https://h/ocpi/locations?code=KEY', '', '?offset=5', 'https://h/ocpi/locations?code=KEY&offset=5'],
])('below %s, %s with %s is %s', (endpoint, path, search, url) => {
  expect(urlBelow(endpoint, path, { search, slash: 'keep' })).toBe(url);
});

test('segments are encoded, the endpoint’s own query stays', () => {
  expect(urlUnder('https://h/t?k=1', ['NL', 'A/B'], { search: '?type=RFID', slash: 'keep' })).toBe(
    'https://h/t/NL/A%2FB?k=1&type=RFID',
  );
});

const WITHOUT = 'https://h/ocpi/locations';
const WITH = 'https://h/ocpi/locations/';
const KEYED = 'https://h/ocpi/locations?code=KEY';

test.each([
  ['always', WITHOUT, '', '', 'https://h/ocpi/locations/'],
  ['always', WITH, '', '?offset=5', 'https://h/ocpi/locations/?offset=5'],
  ['always', WITHOUT, '/a', '?type=APP', 'https://h/ocpi/locations/a/?type=APP'],
  ['always', WITH, 'a/', '', 'https://h/ocpi/locations/a/'],
  ['always', KEYED, '/a', '?type=APP', 'https://h/ocpi/locations/a/?code=KEY&type=APP'],
  ['never', WITHOUT, '', '', 'https://h/ocpi/locations'],
  ['never', WITH, '', '?offset=5', 'https://h/ocpi/locations?offset=5'],
  ['never', WITH, '/a/', '?type=APP', 'https://h/ocpi/locations/a?type=APP'],
  ['never', KEYED, '', '', 'https://h/ocpi/locations?code=KEY'],
  ['keep', WITH, '', '?offset=5', 'https://h/ocpi/locations/?offset=5'],
  ['keep', WITH, 'a/', '', 'https://h/ocpi/locations/a/'],
  ['keep', WITHOUT, '', '', 'https://h/ocpi/locations'],
] as const)('trailing_slash %s: below %s, %s with %s is %s', (slash, endpoint, path, search, url) => {
  expect(urlBelow(endpoint, path, { search, slash })).toBe(url);
});
