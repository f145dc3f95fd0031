import { isNativeError } from 'node:util/types';
import { ConfigError } from '../config';
import type { Connection } from './database';

/* What the database refuses, in the words of the one who set DATABASE_URL: which setting, why, what to do. */

/** Host, port and database of a DATABASE_URL, and the user; never the password. */
export interface DatabaseTarget {
  place: string;
  user: string;
  database: string;
}

/** Reads a DATABASE_URL that config.ts has let pass. */
export function targetOf(url: string): DatabaseTarget {
  const { hostname, port, username, pathname } = new URL(url);
  const user = decodeURIComponent(username);
  const database = decodeURIComponent(pathname.slice(1)) || user;
  return { place: `${decodeURIComponent(hostname)}:${port || 5432}`, user, database };
}

const START_IT = 'start PostgreSQL there, or correct host and port';
const UNREACHABLE = new Set([
  ...['ECONNREFUSED', 'ECONNRESET', 'EHOSTUNREACH', 'ENETUNREACH', 'ETIMEDOUT'],
  ...['ENOTFOUND', 'EAI_AGAIN', 'ENOENT', 'EACCES'],
]);

/** By PostgreSQL's own code (its appendix A). */
const BY_CODE: Record<string, (target: DatabaseTarget) => string> = {
  '28P01': ({ user }) => `the password of user "${user}" is refused: correct user and password`,
  '28000': ({ user }) => `user "${user}" may not log in from here: correct the user, or pg_hba.conf`,
  '3D000': ({ database }) => `there is no database "${database}": create it, or correct the name`,
  '42501': ({ user }) =>
    `user "${user}" lacks a right: GRANT USAGE, CREATE ON SCHEMA public, or make it owner`,
  '53300': () => 'the server takes no more connections: raise max_connections, or end other clients',
  '57P03': () => 'the server is starting or ending: try again soon',
  '25006': () => 'the server takes no writes: name the primary, not a standby',
};

function codeOf(error: Error): string {
  return 'code' in error ? String(error.code) : '';
}

function wordsOf(error: Error, target: DatabaseTarget): string {
  const code = codeOf(error);
  const known = BY_CODE[code]?.(target);
  const said = error.message || code;
  if (known !== undefined) return `${known} (${said})`;
  if (UNREACHABLE.has(code)) return `nothing answers at ${target.place} (${code}): ${START_IT}`;
  if (/timeout|terminated/i.test(said))
    return `no PostgreSQL answers at ${target.place} (${said}): ${START_IT}`;
  if (said.startsWith('SASL')) return `user "${target.user}" needs a password (${said}): put it into the URL`;
  if (/SSL|certificate/i.test(said)) return `no TLS as the URL asks for it (${said}): correct its sslmode`;
  return `${target.place} says: ${said}; correct the URL, or the server`;
}

/** An error that names DATABASE_URL and what to do; one of the embedded database stays as it is. */
export function explained(error: unknown, connection: Connection): unknown {
  if (!('url' in connection) || !isNativeError(error) || error instanceof ConfigError) return error;
  return new ConfigError('DATABASE_URL', wordsOf(error, targetOf(connection.url)));
}
