import type { TransportResult } from './transport/transport-types';

/** What an exchange says about whether a partner can be reached; undefined: nothing. */
export type ContactEvidence = { reached: true } | { reached: false; error: string } | undefined;

const OPEN = 0x7b; // {
/** White space, and the bytes of a byte order mark. */
const SKIPPED = new Set([0x20, 0x09, 0x0a, 0x0d, 0xef, 0xbb, 0xbf]);

/** Looks like an envelope, or is empty: read without parsing, as every answer passes here. */
function mayBeOcpi(body: Buffer): boolean {
  for (const byte of body) if (!SKIPPED.has(byte)) return byte === OPEN;
  return true;
}

/**
 * An answer that may be OCPI's shows that the partner is there, a refusal too. No connection, a timeout, 401 (it does
 * not know our token) and the page of a proxy show that nothing passes. What the hub itself ended, and a fault that
 * the partner owns up to (5xx with an envelope), show nothing.
 */
export function evidenceOf(result: TransportResult): ContactEvidence {
  if (!result.ok) return ofFailure(result.failure.kind, result.failure.detail);
  const { status, body } = result;
  if (status === 429) return { reached: true };
  if (status === 401) return { reached: false, error: 'HTTP 401' };
  const ocpi = mayBeOcpi(body);
  if (status >= 500 && ocpi && body.length > 0) return undefined;
  if (status >= 500 || !ocpi) return { reached: false, error: `HTTP ${status} without an OCPI envelope` };
  return { reached: true };
}

function ofFailure(kind: string, detail: string): ContactEvidence {
  if (kind === 'aborted' || kind === 'blocked' || kind === 'too_large') return undefined;
  return { reached: false, error: `${kind}: ${detail}` };
}
