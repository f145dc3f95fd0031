import { createHash } from 'node:crypto';

/** A token that the header may mean, with the hash under which it would be known. */
export interface Candidate {
  token: string;
  /** SHA-256, base64. */
  hash: string;
}

const SCHEME = /^token +(\S.*)$/i;
const BASE64 = /^[A-Za-z0-9+/_-]+=*$/;
/** A header longer than this holds no token of ours, in whatever form. */
const LONGEST = 512;

const remembered = new Map<string, readonly Candidate[]>();
const MOST_REMEMBERED = 1000;

/** As `read`; what a header means never changes, so the last thousand headers are not hashed again. */
export function candidatesOf(header: string | undefined): readonly Candidate[] {
  if (header === undefined || header.length > LONGEST) return [];
  const known = remembered.get(header);
  if (known) return known;
  const candidates = read(header);
  if (remembered.size >= MOST_REMEMBERED) remembered.clear();
  remembered.set(header, candidates);
  return candidates;
}

/**
 * The tokens that an Authorization header may mean, in the order in which they count: as it stands, decoded, decoded
 * and trimmed (spec: transport_and_format, Authorization header; HUB-SEMANTICS 1). Empty: no `Token` header.
 */
function read(header: string): Candidate[] {
  const raw = SCHEME.exec(header.trim())?.[1];
  if (raw === undefined) return [];
  const texts = new Set([raw]);
  if (BASE64.test(raw)) {
    const decoded = Buffer.from(raw, 'base64').toString('utf8');
    texts.add(decoded).add(decoded.trim());
  }
  texts.delete('');
  return [...texts].map((token) => ({ token, hash: sha256(token) }));
}

function sha256(text: string): string {
  return createHash('sha256').update(text, 'utf8').digest('base64');
}
