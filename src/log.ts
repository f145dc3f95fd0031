import path from 'node:path';
import { isNativeError } from 'node:util/types';
import pino, { type Logger } from 'pino';
import type { Settings } from './config';
import { ADMIN_TOKEN_FILE } from './settings/secrets';
import { targetOf } from './store/database-fault';
import { release } from './version';

/*
 * The log: one JSON object per line on stdout, and nothing else there. docs/operations.md lists its messages. Level
 * and time are words that people read. No line holds a token, so errors are reduced to what cannot hold one.
 */

/** Writes to stdout from this level on. */
export function loggerOf(level: string): Logger {
  return pino({
    level,
    timestamp: pino.stdTimeFunctions.isoTime,
    formatters: { level: (label) => ({ level: label }) },
    serializers: { err: errorFields },
    redact: ['token', '*.token', 'authorization', '*.authorization', 'headers.authorization'],
  });
}

/** Errors of libraries carry requests with their headers, and statements with their parameters: these stay out. */
export function errorFields(error: unknown): unknown {
  if (!isNativeError(error)) return String(error);
  const { name: type, message, stack, cause } = error;
  const code = 'code' in error ? error.code : undefined;
  return { type, message, code, stack, cause: cause === undefined ? undefined : errorFields(cause) };
}

interface Started extends Settings {
  port: number;
  /** Where the embedded database lies. */
  embedded: string | undefined;
  madeAdminToken: boolean;
}

/** What the line `started` says: which hub this is, with which settings, on which database. */
export function startFields({ config, secrets, port, embedded, madeAdminToken }: Started): object {
  const { publicUrl: url, ...settings } = config;
  const made = madeAdminToken && { admin_token_file: path.resolve(config.dataDir, ADMIN_TOKEN_FILE) };
  return {
    version: release().version,
    node: process.version,
    url,
    port,
    database: secrets.databaseUrl === undefined ? { embedded } : targetOf(secrets.databaseUrl),
    settings,
    ...made,
  };
}
