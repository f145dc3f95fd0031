import { ConfigError, readConfig } from '../src/config';

/* Settings that break a rule stop the start; the message names the setting and its rule. */

const SHARED = { DATABASE_URL: 'postgresql://db/hub', ADMIN_TOKEN: 'token', SECRET_KEY: 'key' };

function refusal(env: Record<string, string>): string {
  try {
    readConfig(env);
  } catch (error) {
    if (error instanceof ConfigError) return error.message;
    throw error;
  }
  return 'accepted';
}

test('without any setting the hub starts with the defaults', () => {
  const { config, secrets } = readConfig({});
  expect(config).toMatchObject({
    port: 3000,
    publicUrl: 'http://localhost:3000',
    databaseUrl: undefined,
    mode: 'all',
    bodyLimit: 1_048_576,
    rateLimitPerSecond: 0,
    partnerUrls: 'any',
    hub: { country_code: 'NL', party_id: 'HUB', name: 'OCPI Hub' },
  });
  expect(secrets).toEqual({ adminToken: undefined, secretKey: undefined });
});

describe('settings that do not fit each other', () => {
  test.each(['api', 'worker'])('MODE=%s needs DATABASE_URL', (MODE) => {
    const rule = 'needs DATABASE_URL: the embedded database serves one process';
    expect(refusal({ MODE, ADMIN_TOKEN: 'token', SECRET_KEY: 'key' })).toBe(`setting MODE: ${MODE} ${rule}`);
    expect(refusal({ MODE, ...SHARED })).toBe('accepted');
  });

  test.each(['ADMIN_TOKEN', 'SECRET_KEY'])('DATABASE_URL needs %s', (name) => {
    const rule = 'setting DATABASE_URL: needs ADMIN_TOKEN and SECRET_KEY too: processes share them';
    expect(refusal({ ...SHARED, [name]: '' })).toBe(rule);
    expect(refusal(SHARED)).toBe('accepted');
  });

  test('RETRY_MIN_MS must not be over RETRY_MAX_MS', () => {
    const rule = 'setting RETRY_MIN_MS: must not be over RETRY_MAX_MS';
    expect(refusal({ RETRY_MIN_MS: '2001', RETRY_MAX_MS: '2000' })).toBe(rule);
    expect(refusal({ RETRY_MIN_MS: '2000', RETRY_MAX_MS: '2000' })).toBe('accepted');
    expect(refusal({ RETRY_MIN_MS: '300001' })).toBe(rule);
    expect(refusal({ RETRY_MAX_MS: '999' })).toBe(rule);
  });
});

describe('numbers', () => {
  test.each([
    ['PORT', 0, 65_535],
    ['FORWARD_TIMEOUT_MS', 50, 600_000],
    ['RETRY_MIN_MS', 1, 3_600_000],
    ['RETRY_MAX_MS', 1, 86_400_000],
    ['ALIVE_CHECK_S', 1, 86_400],
    ['PULL_INTERVAL_S', 1, 604_800],
    ['GAP_AFTER_HOURS', 0, 8760],
    ['PAGE_LIMIT', 1, 1000],
    ['RATE_LIMIT_PER_SECOND', 0, 1_000_000],
    ['RETENTION_HOURS', 1, 87_600],
    ['RETENTION_CHANGES', 1, 1_000_000_000],
  ])('%s is a whole number from %d to %d', (name, min, max) => {
    const others = { RETRY_MIN_MS: '1', RETRY_MAX_MS: '86400000' };
    const refused = `setting ${name}: must be a whole number from ${min} to ${max}`;
    for (const value of [min, max]) expect(refusal({ ...others, [name]: String(value) })).toBe('accepted');
    for (const value of [min - 1, max + 1, min + 0.5, 'many', '10s', 'Infinity'])
      expect(refusal({ ...others, [name]: String(value) })).toBe(refused);
  });

  test('a number that is set to nothing has its default', () => {
    expect(readConfig({ PAGE_LIMIT: '' }).config.pageLimit).toBe(100);
  });
});

describe('words', () => {
  test.each([
    ['MODE', ['all', 'api', 'worker'], 'ALL'],
    ['PARTNER_URLS', ['any', 'public'], 'private'],
    ['LOG_LEVEL', ['trace', 'debug', 'info', 'warn', 'error', 'fatal', 'silent'], 'verbose'],
  ])('%s is one of %j', (name, words, other) => {
    for (const word of words) expect(refusal({ ...SHARED, [name]: word })).toBe('accepted');
    expect(refusal({ ...SHARED, [name]: other })).toBe(`setting ${name}: must be one of ${words.join(', ')}`);
  });

  test('PARTNER_URLS is public in production unless it is set', () => {
    expect(readConfig({ NODE_ENV: 'production' }).config.partnerUrls).toBe('public');
    expect(readConfig({ NODE_ENV: 'production', PARTNER_URLS: 'any' }).config.partnerUrls).toBe('any');
  });
});

describe('the hub’s own party', () => {
  test.each([
    ['HUB_COUNTRY_CODE', 'must be two letters', ['NL', 'BE'], ['N', 'NLD', 'N1', ' NL']],
    ['HUB_PARTY_ID', 'must be one to three letters or digits', ['H', 'HUB', 'h1'], ['HUBS', 'H-1', 'É']],
    ['HUB_NAME', '1 to 100 characters', ['x', 'x'.repeat(100)], ['x'.repeat(101)]],
  ])('%s %s', (name, rule, good, bad) => {
    for (const value of good) expect(refusal({ [name]: value })).toBe('accepted');
    for (const value of bad) expect(refusal({ [name]: value })).toBe(`setting ${name}: ${rule}`);
  });
});

describe('what partners may show of the hub', () => {
  test.each(['HUB_WEBSITE', 'HUB_LOGO'])('%s is a URL', (name) => {
    const rule = `setting ${name}: must be an http(s) URL of at most 255 characters`;
    for (const bad of [
      'hub.example.com',
      'ftp://hub.example.com/a.png',
      'https://',
      `https://h/${'x'.repeat(250)}.png`,
    ])
      expect(refusal({ [name]: bad })).toBe(rule);
    expect(refusal({ [name]: 'https://hub.example.com/a.png' })).toBe('accepted');
    expect(refusal({ [name]: '' })).toBe('accepted');
  });

  test.each([
    ['https://h/logo.png', 'png'],
    ['https://h/logo.JPG?size=2', 'jpeg'],
    ['https://h/logo.jpeg', 'jpeg'],
    ['https://h/logo.svg#x', 'svg'],
    ['https://h/a.b/logo.gif', 'gif'],
  ])('the logo %s is of type %s', (url, type) => {
    expect(readConfig({ HUB_LOGO: url }).config.hub.logo).toEqual({ url, type });
  });

  test.each(['https://h/logo', 'https://h/logo.webp', 'https://h.png', 'https://h/?logo.png'])(
    'a logo needs the ending of an image: %s',
    (url) => {
      const rule = 'setting HUB_LOGO: must name a file that ends with .png, .jpg, .jpeg, .svg or .gif';
      expect(refusal({ HUB_LOGO: url })).toBe(rule);
    },
  );
});

describe('BODY_LIMIT', () => {
  test.each([
    ['65536', 65_536],
    ['512b', 512],
    ['512kb', 524_288],
    ['2 MB', 2_097_152],
  ])('%s is %d bytes', (text, bytes) => {
    expect(readConfig({ BODY_LIMIT: text }).config.bodyLimit).toBe(bytes);
  });

  test.each(['1gb', '1.5mb', '-1', 'mb', 'much'])('%s is no size', (text) => {
    const rule = 'setting BODY_LIMIT: must be a size such as 1mb, 512kb or 65536';
    expect(refusal({ BODY_LIMIT: text })).toBe(rule);
  });
});

describe('PUBLIC_URL', () => {
  test.each(['hub.example.com', 'ftp://hub.example.com', '/ocpi'])('%s is no http(s) URL', (text) => {
    expect(refusal({ PUBLIC_URL: text })).toBe('setting PUBLIC_URL: must be an http(s) URL');
  });

  test('loses the slash at its end, and follows PORT where it is not set', () => {
    expect(readConfig({ PUBLIC_URL: 'https://hub.example.com/x//' }).config.publicUrl).toBe(
      'https://hub.example.com/x',
    );
    expect(readConfig({ PORT: '8080' }).config.publicUrl).toBe('http://localhost:8080');
  });
});
