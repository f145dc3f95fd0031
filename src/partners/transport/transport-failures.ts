import { AddressBlocked } from './address-guard';
import type { FailureKind, TransportFailure } from './transport-types';

const KINDS: Record<string, FailureKind> = {
  ECONNREFUSED: 'refused',
  EHOSTUNREACH: 'refused',
  ENETUNREACH: 'refused',
  EADDRNOTAVAIL: 'refused',
  ENOTFOUND: 'dns',
  EAI_AGAIN: 'dns',
  ENODATA: 'dns',
  EPROTO: 'tls',
  ETIMEDOUT: 'timeout',
  UND_ERR_CONNECT_TIMEOUT: 'timeout',
  UND_ERR_HEADERS_TIMEOUT: 'timeout',
  UND_ERR_BODY_TIMEOUT: 'timeout',
  UND_ERR_INVALID_ARG: 'blocked',
  UND_ERR_ABORTED: 'aborted',
  UND_ERR_CLOSED: 'aborted',
  UND_ERR_DESTROYED: 'aborted',
};

/** OpenSSL's and Node's names for a certificate that does not hold. */
const TLS = /CERT|TLS|SSL|SELF_SIGNED|UNABLE_TO|ISSUER/;

/** What an error of the network means; whatever has no name of its own broke the connection. */
export function failureOf(error: unknown): TransportFailure {
  if (error instanceof AddressBlocked) return { kind: 'blocked', detail: error.message };
  const code = codeOf(error);
  const kind = KINDS[code] ?? (TLS.test(code) ? 'tls' : 'reset');
  const words = wordsOf(error) || code || 'the connection broke';
  return { kind, detail: words.slice(0, 300) };
}

type Fields = Partial<Record<'code' | 'message' | 'cause' | 'errors', unknown>>;

/** Node's own errors are not always instances of this realm's Error. */
const isFields = (value: unknown): value is Fields => typeof value === 'object' && value !== null;

/** Several addresses of one name fail as one AggregateError: its first cause counts. */
function codeOf(error: unknown): string {
  if (!isFields(error)) return '';
  if (typeof error.code === 'string') return error.code;
  return codeOf(Array.isArray(error.errors) ? error.errors[0] : error.cause);
}

function wordsOf(error: unknown): string {
  return isFields(error) && typeof error.message === 'string' ? error.message : '';
}
