/**
 * The only reader of process.env. Every setting has a type, a default and a rule; a setting that breaks its
 * rule stops the start with a message that names it. Secrets are kept apart, so that the rest can be logged.
 */
export type Mode = 'all' | 'api' | 'worker';
export type PartnerUrls = 'any' | 'public';

/** An image that partners may show. */
export interface Logo {
  url: string;
  /** By the ending of its file. */
  type: 'png' | 'jpeg' | 'svg' | 'gif';
}

export interface Config {
  port: number;
  host: string | undefined;
  /** Base of every URL that the hub hands out, without a slash at its end. */
  publicUrl: string;
  databaseUrl: string | undefined;
  dataDir: string;
  hub: {
    country_code: string;
    party_id: string;
    name: string;
    website: string | undefined;
    logo: Logo | undefined;
  };
  mode: Mode;
  /** Milliseconds that a whole exchange with a partner may take. */
  forwardTimeoutMs: number;
  retryMinMs: number;
  retryMaxMs: number;
  aliveCheckS: number;
  pullIntervalS: number;
  pageLimit: number;
  /** Hours after its end from which a session without a CDR is a gap. */
  gapAfterHours: number;
  /** Bytes of a request body that are accepted. */
  bodyLimit: number;
  rateLimitPerSecond: number;
  partnerUrls: PartnerUrls;
  logLevel: string;
  /** Of the change log, for receivers that are behind: beyond it they get a full push. */
  retention: { hours: number; changes: number };
  /** The database was restored: a name for that, acted on once. */
  restored: string | undefined;
}

/** What must never be logged. `undefined`: to be made once and kept in dataDir. */
export interface Secrets {
  adminToken: string | undefined;
  secretKey: string | undefined;
}

export class ConfigError extends Error {
  constructor(name: string, rule: string) {
    super(`setting ${name}: ${rule}`);
  }
}

type Env = Record<string, string | undefined>;

function integer(env: Env, name: string, rule: { fallback: number; min: number; max: number }): number {
  const text = env[name];
  if (text === undefined || text === '') return rule.fallback;
  const value = Number(text);
  if (!Number.isInteger(value) || value < rule.min || value > rule.max) {
    throw new ConfigError(name, `must be a whole number from ${rule.min} to ${rule.max}`);
  }
  return value;
}

function oneOf<T extends string>(env: Env, name: string, rule: { fallback: T; values: readonly T[] }): T {
  const text = env[name];
  if (text === undefined || text === '') return rule.fallback;
  const value = rule.values.find((v) => v === text);
  if (value === undefined) throw new ConfigError(name, `must be one of ${rule.values.join(', ')}`);
  return value;
}

function matching(
  env: Env,
  name: string,
  rule: { fallback: string; pattern: RegExp; words: string },
): string {
  const text = env[name] || rule.fallback;
  if (!rule.pattern.test(text)) throw new ConfigError(name, rule.words);
  return text;
}

const UNITS: Record<string, number> = { '': 1, b: 1, kb: 1024, mb: 1024 * 1024 };

function bytes(env: Env, name: string, fallback: string): number {
  const found = /^(\d+)\s*(b|kb|mb)?$/i.exec(env[name] || fallback);
  if (!found) throw new ConfigError(name, 'must be a size such as 1mb, 512kb or 65536');
  return Number(found[1]) * (UNITS[(found[2] ?? '').toLowerCase()] ?? 1);
}

/** As OCPI takes a URL. */
function webUrl(env: Env, name: string): string | undefined {
  const text = env[name] || undefined;
  if (text === undefined) return undefined;
  if (text.length > 255 || /[^\x21-\x7e]/.test(text) || !/^https?:\/\//i.test(text) || !URL.canParse(text))
    throw new ConfigError(name, 'must be an http(s) URL of at most 255 characters');
  return text;
}

const IMAGE_TYPES: Record<string, Logo['type']> = {
  png: 'png',
  jpg: 'jpeg',
  jpeg: 'jpeg',
  svg: 'svg',
  gif: 'gif',
};

function logo(env: Env, name: string): Logo | undefined {
  const url = webUrl(env, name);
  if (url === undefined) return undefined;
  const ending = /\.([a-z]+)$/i.exec(new URL(url).pathname)?.[1]?.toLowerCase() ?? '';
  const type = IMAGE_TYPES[ending];
  if (type === undefined)
    throw new ConfigError(name, 'must name a file that ends with .png, .jpg, .jpeg, .svg or .gif');
  return { url, type };
}

function publicUrl(env: Env, port: number): string {
  const text = env.PUBLIC_URL || `http://localhost:${port}`;
  if (!URL.canParse(text) || !/^https?:/.test(text))
    throw new ConfigError('PUBLIC_URL', 'must be an http(s) URL');
  return text.replace(/\/+$/, '');
}

function crossCheck(config: Config, secrets: Secrets): void {
  if (config.databaseUrl === undefined && config.mode !== 'all') {
    throw new ConfigError(
      'MODE',
      `${config.mode} needs DATABASE_URL: the embedded database serves one process`,
    );
  }
  if (config.databaseUrl !== undefined && (!secrets.adminToken || !secrets.secretKey)) {
    throw new ConfigError('DATABASE_URL', 'needs ADMIN_TOKEN and SECRET_KEY too: processes share them');
  }
  if (config.retryMinMs > config.retryMaxMs)
    throw new ConfigError('RETRY_MIN_MS', 'must not be over RETRY_MAX_MS');
}

/**
 * Reads and checks all settings.
 * @throws ConfigError that names the setting and its rule.
 */
export function readConfig(env: Env = process.env): { config: Config; secrets: Secrets } {
  const port = integer(env, 'PORT', { fallback: 3000, min: 0, max: 65535 });
  const config: Config = {
    port,
    host: env.HOST || undefined,
    publicUrl: publicUrl(env, port),
    databaseUrl: env.DATABASE_URL || undefined,
    dataDir: env.DATA_DIR || './data',
    hub: {
      country_code: matching(env, 'HUB_COUNTRY_CODE', {
        fallback: 'NL',
        pattern: /^[A-Za-z]{2}$/,
        words: 'must be two letters',
      }),
      party_id: matching(env, 'HUB_PARTY_ID', {
        fallback: 'HUB',
        pattern: /^[A-Za-z0-9]{1,3}$/,
        words: 'must be one to three letters or digits',
      }),
      name: matching(env, 'HUB_NAME', {
        fallback: 'OCPI Hub',
        pattern: /^.{1,100}$/,
        words: '1 to 100 characters',
      }),
      website: webUrl(env, 'HUB_WEBSITE'),
      logo: logo(env, 'HUB_LOGO'),
    },
    mode: oneOf(env, 'MODE', { fallback: 'all', values: ['all', 'api', 'worker'] }),
    forwardTimeoutMs: integer(env, 'FORWARD_TIMEOUT_MS', { fallback: 10_000, min: 50, max: 600_000 }),
    retryMinMs: integer(env, 'RETRY_MIN_MS', { fallback: 1000, min: 1, max: 3_600_000 }),
    retryMaxMs: integer(env, 'RETRY_MAX_MS', { fallback: 300_000, min: 1, max: 86_400_000 }),
    aliveCheckS: integer(env, 'ALIVE_CHECK_S', { fallback: 300, min: 1, max: 86_400 }),
    pullIntervalS: integer(env, 'PULL_INTERVAL_S', { fallback: 3600, min: 1, max: 604_800 }),
    gapAfterHours: integer(env, 'GAP_AFTER_HOURS', { fallback: 48, min: 0, max: 8760 }),
    pageLimit: integer(env, 'PAGE_LIMIT', { fallback: 100, min: 1, max: 1000 }),
    bodyLimit: bytes(env, 'BODY_LIMIT', '1mb'),
    rateLimitPerSecond: integer(env, 'RATE_LIMIT_PER_SECOND', { fallback: 0, min: 0, max: 1_000_000 }),
    partnerUrls: oneOf(env, 'PARTNER_URLS', {
      fallback: env.NODE_ENV === 'production' ? 'public' : 'any',
      values: ['any', 'public'],
    }),
    retention: {
      hours: integer(env, 'RETENTION_HOURS', { fallback: 168, min: 1, max: 87_600 }),
      changes: integer(env, 'RETENTION_CHANGES', { fallback: 1_000_000, min: 1, max: 1_000_000_000 }),
    },
    restored: env.RESTORED || undefined,
    logLevel: oneOf(env, 'LOG_LEVEL', {
      fallback: 'info',
      values: ['trace', 'debug', 'info', 'warn', 'error', 'fatal', 'silent'],
    }),
  };
  const secrets: Secrets = {
    adminToken: env.ADMIN_TOKEN || undefined,
    secretKey: env.SECRET_KEY || undefined,
  };
  crossCheck(config, secrets);
  return { config, secrets };
}
