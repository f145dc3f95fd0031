import { randomBytes } from 'node:crypto';

export type TokenEncoding = 'base64' | 'plain';

/** A fresh credentials token: 43 characters of printable ASCII, 256 bits. */
export function newToken(): string {
  return randomBytes(32).toString('base64url');
}

/** The Authorization header for a token (transport_and_format, "Authorization header"). */
export function authorization(token: string, encoding: TokenEncoding): string {
  return `Token ${encoding === 'base64' ? Buffer.from(token, 'utf8').toString('base64') : token}`;
}

/** The token of an Authorization header; undefined where it is missing or of another scheme. */
export function credentialsTokenOf(header: string | undefined, encoding: TokenEncoding): string | undefined {
  const sent = /^Token (\S+)$/.exec(header ?? '')?.[1];
  if (sent === undefined || encoding === 'plain') return sent;
  return Buffer.from(sent, 'base64').toString('utf8');
}
