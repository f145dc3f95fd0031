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
  expect(urlBelow(endpoint, path, search)).toBe(url);
});

test('segments are encoded, the endpoint’s own query stays', () => {
  expect(urlUnder('https://h/t?k=1', ['NL', 'A/B'], '?type=RFID')).toBe('https://h/t/NL/A%2FB?k=1&type=RFID');
});
