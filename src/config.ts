import { ConfigError } from './settings/config-error';
import { noting, refuseMisspelt } from './settings/misspelt';
import { SECRET_FILES, withSecretFiles } from './settings/secret-files';
import { bytes, databaseUrl, integer, matching, oneOf, publicUrl, type Env } from './settings/values';
import { logo, webUrl, type Logo } from './settings/web-url';

export { ConfigError } from './settings/config-error';
export type { Logo } from './settings/web-url';

/*
 * The only reader of process.env. Every setting has a type, a default and a rule; a setting that breaks its
 * rule stops the start with a message that names it. Secrets are kept apart, so that the rest can be logged.
 */

export type Mode = 'all' | 'api' | 'worker';
export type PartnerUrls = 'any' | 'public';

export interface Config {
  /** NODE_ENV says so. */
  production: boolean;
  port: number;
  host: string | undefined;
  /** Base of every URL that the hub hands out, without a slash at its end. */
  publicUrl: string;
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
  /** A line per answered request, at info. */
  logAccess: boolean;
  /** Of the change log, for receivers that are behind: beyond it they get a full push. */
  retention: { hours: number; changes: number };
  /** The database was restored: a name for that, acted on once. */
  restored: string | undefined;
}

/** What must never be logged. */
export interface Secrets {
  /** undefined: made once and kept in dataDir. */
  adminToken: string | undefined;
  /** undefined: made once and kept in dataDir. */
  secretKey: string | undefined;
  /** With its password; undefined: the embedded database. */
  databaseUrl: string | undefined;
}

/** All settings, and what is allowed but unwise. */
export interface Settings {
  config: Config;
  secrets: Secrets;
  warnings: readonly { setting: string; warning: string }[];
}

function crossCheck(config: Config, secrets: Secrets): void {
  if (secrets.databaseUrl === undefined && config.mode !== 'all') {
    throw new ConfigError(
      'MODE',
      `${config.mode} needs DATABASE_URL: the embedded database serves one process`,
    );
  }
  if (secrets.databaseUrl !== undefined && (!secrets.adminToken || !secrets.secretKey)) {
    throw new ConfigError('DATABASE_URL', 'needs ADMIN_TOKEN and SECRET_KEY too: processes share them');
  }
  if (config.retryMinMs > config.retryMaxMs)
    throw new ConfigError('RETRY_MIN_MS', 'must not be over RETRY_MAX_MS');
}

/** Nobody means to start a hub with an empty database in production. */
function refuseForgottenDatabase(env: Env, { production }: Config): void {
  if (!production || env.DATABASE_URL || env.DATA_DIR) return;
  const rule = 'must be set when NODE_ENV=production, or DATA_DIR to use the embedded database';
  throw new ConfigError('DATABASE_URL', rule);
}

/** Shorter secrets can be guessed. */
const SECRET_LENGTH = 24;

/** @throws ConfigError for a short secret in production; elsewhere it is a warning */
function weakSecrets(env: Env, { production }: Config): Settings['warnings'] {
  const weak = ['ADMIN_TOKEN', 'SECRET_KEY'].filter((name) => env[name] && env[name].length < SECRET_LENGTH);
  const rule = `has fewer than ${SECRET_LENGTH} characters: others may guess it; \`openssl rand -hex 32\` makes a good one`;
  if (weak[0] !== undefined && production) throw new ConfigError(weak[0], rule);
  return weak.map((setting) => ({ setting, warning: rule }));
}

/**
 * Reads and checks all settings.
 * @throws ConfigError that names the setting and its rule.
 */
export function readConfig(given: Env = process.env): Settings {
  const known = new Set(SECRET_FILES);
  const env = noting(withSecretFiles(given), known);
  const port = integer(env, 'PORT', { fallback: 3000, min: 0, max: 65535 });
  const production = env.NODE_ENV === 'production';
  const config: Config = {
    production,
    port,
    host: env.HOST || undefined,
    publicUrl: publicUrl(env, port),
    dataDir: env.DATA_DIR || './data',
    hub: {
      country_code: matching(env, 'HUB_COUNTRY_CODE', {
        fallback: 'NL',
        pattern: /^[A-Z]{2}$/,
        words: 'must be two capital letters',
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
      fallback: production ? 'public' : 'any',
      values: ['any', 'public'],
    }),
    retention: {
      hours: integer(env, 'RETENTION_HOURS', { fallback: 168, min: 1, max: 87_600 }),
      changes: integer(env, 'RETENTION_CHANGES', { fallback: 1_000_000, min: 1, max: 1_000_000_000 }),
    },
    restored: env.RESTORED || undefined,
    logAccess: oneOf(env, 'LOG_ACCESS', { fallback: 'false', values: ['true', 'false'] }) === 'true',
    logLevel: oneOf(env, 'LOG_LEVEL', {
      fallback: 'info',
      values: ['trace', 'debug', 'info', 'warn', 'error', 'fatal', 'silent'],
    }),
  };
  const secrets: Secrets = {
    adminToken: env.ADMIN_TOKEN || undefined,
    secretKey: env.SECRET_KEY || undefined,
    databaseUrl: databaseUrl(env),
  };
  refuseMisspelt(given, known);
  refuseForgottenDatabase(env, config);
  crossCheck(config, secrets);
  return { config, secrets, warnings: weakSecrets(env, config) };
}
