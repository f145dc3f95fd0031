import { writeFileSync } from 'node:fs';
import path from 'node:path';
import { ConfigError, readConfig } from '../src/config';
import { temporaryFolder } from './support/test-server';

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
  const { config, secrets, warnings } = readConfig({});
  expect(config).toMatchObject({
    port: 3000,
    publicUrl: 'http://localhost:3000',
    mode: 'all',
    bodyLimit: 1_048_576,
    rateLimitPerSecond: 0,
    partnerUrls: 'any',
    hub: { country_code: 'NL', party_id: 'HUB', name: 'OCPI Hub' },
  });
  expect(secrets).toEqual({ adminToken: undefined, secretKey: undefined, databaseUrl: undefined });
  expect(warnings).toEqual([]);
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
    const production = { NODE_ENV: 'production', DATA_DIR: '/data' };
    expect(readConfig(production).config.partnerUrls).toBe('public');
    expect(readConfig({ ...production, PARTNER_URLS: 'any' }).config.partnerUrls).toBe('any');
  });
});

describe('the hub’s own party', () => {
  test.each([
    ['HUB_COUNTRY_CODE', 'must be two capital letters', ['NL', 'BE'], ['N', 'NLD', 'N1', ' NL', 'nl', 'Nl']],
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

describe('a name that is one edit away from a setting', () => {
  test.each([
    ['DATABSE_URL', 'DATABASE_URL'],
    ['DATABASE_URLS', 'DATABASE_URL'],
    ['DATABASE_URI', 'DATABASE_URL'],
    ['PORTT', 'PORT'],
    ['PROT', 'PORT'],
    ['HSOT', 'HOST'],
    ['MOD', 'MODE'],
    ['ADMIN_TOKN', 'ADMIN_TOKEN'],
    ['ADMIN_TOKEN_FIEL', 'ADMIN_TOKEN_FILE'],
    ['LOG_LEVLE', 'LOG_LEVEL'],
    ['NODE_EVN', 'NODE_ENV'],
  ])('%s stops the start, and the message names %s', (name, meant) => {
    const remedy = `write ${meant}, or unset it where it is another program's`;
    const refused = `setting ${name}: there is none of this name, but ${meant}: ${remedy}`;
    expect(refusal({ [name]: '/some/text' })).toBe(refused);
    expect(refusal({ [name]: '' })).toBe('accepted');
  });

  test.each([
    'NODE',
    'POST',
    'CODE',
    'HOME',
    'PATH',
    'PWD',
    'HOSTNAME',
    'PGPORT',
    'DATABASE',
    'npm_config_port',
  ])('%s is another program’s', (name) => {
    expect(refusal({ [name]: 'x' })).toBe('accepted');
  });
});

describe('NODE_ENV=production', () => {
  const NODE_ENV = 'production';
  const LONG = 'x'.repeat(24);

  test('needs DATABASE_URL or DATA_DIR, so that no hub with an empty database starts by mistake', () => {
    const rule = 'must be set when NODE_ENV=production, or DATA_DIR to use the embedded database';
    expect(refusal({ NODE_ENV })).toBe(`setting DATABASE_URL: ${rule}`);
    expect(refusal({ NODE_ENV, DATA_DIR: './data' })).toBe('accepted');
    expect(refusal({ NODE_ENV, ...SHARED, ADMIN_TOKEN: LONG, SECRET_KEY: LONG })).toBe('accepted');
  });

  test.each(['ADMIN_TOKEN', 'SECRET_KEY'])('refuses a short %s; elsewhere it is a warning', (name) => {
    const short = { DATA_DIR: './data', [name]: 'x'.repeat(23) };
    const rule = /^setting (ADMIN_TOKEN|SECRET_KEY): has fewer than 24 characters/;
    expect(refusal({ NODE_ENV, ...short })).toMatch(rule);
    expect(refusal({ NODE_ENV, ...short, [name]: LONG })).toBe('accepted');
    expect(readConfig(short).warnings).toEqual([
      { setting: name, warning: expect.stringContaining('fewer than 24 characters') },
    ]);
    expect(readConfig({ ...short, [name]: LONG }).warnings).toEqual([]);
  });
});

describe('DATABASE_URL', () => {
  test.each(['nonsense', 'mysql://root@db/hub', 'db:5432/hub', 'postgresql://hub:a#b@db/hub'])(
    '%s is no URL of PostgreSQL',
    (text) => {
      const refused = refusal({ ...SHARED, DATABASE_URL: text });
      expect(refused).toContain(
        'setting DATABASE_URL: must be postgresql://USER:PASSWORD@HOST:PORT/DATABASE',
      );
      expect(refused).not.toContain(text);
    },
  );

  test.each([
    'postgres://db/hub',
    'postgresql://hub:p%23w@[::1]:5433/hub',
    'postgresql://hub@%2Ftmp:5432/hub',
  ])('%s is one', (text) => {
    expect(readConfig({ ...SHARED, DATABASE_URL: text }).secrets.databaseUrl).toBe(text);
  });
});

describe('a secret in a file', () => {
  const folder = temporaryFolder();
  const file = (name: string, text: string): string => {
    writeFileSync(path.join(folder, name), text);
    return path.join(folder, name);
  };

  test.each([
    ['ADMIN_TOKEN', 'adminToken', 'token'],
    ['SECRET_KEY', 'secretKey', 'key'],
    ['DATABASE_URL', 'databaseUrl', 'postgresql://db/hub'],
  ] as const)('%s_FILE names it; the newline at its end does not count', (name, key, value) => {
    for (const end of ['', '\n', '\r\n']) {
      const env = { ...SHARED, [name]: '', [`${name}_FILE`]: file(name, `${value}${end}`) };
      expect(readConfig(env).secrets[key]).toBe(value);
    }
  });

  test('is refused beside the secret itself', () => {
    const env = { ADMIN_TOKEN: 'a', ADMIN_TOKEN_FILE: file('both', 'b') };
    expect(refusal(env)).toBe('setting ADMIN_TOKEN_FILE: ADMIN_TOKEN is set too: set one of them');
  });

  test('is named where it cannot be read or is empty', () => {
    const absent = path.join(folder, 'absent');
    const refused = `setting SECRET_KEY_FILE: ${absent} cannot be read (ENOENT)`;
    expect(refusal({ SECRET_KEY_FILE: absent })).toBe(refused);
    expect(refusal({ SECRET_KEY_FILE: folder })).toContain('cannot be read (EISDIR)');
    const empty = file('empty', '\n');
    expect(refusal({ SECRET_KEY_FILE: empty })).toBe(`setting SECRET_KEY_FILE: ${empty} is empty`);
  });
});
