import { createHash } from 'node:crypto';
import type { Partner } from '../../domain/partner';
import type { Snapshot, TokenFate } from './types';

/*
 * What an Authorization header means: the tokens that it may hold, and, where none of them opens the hub, what its
 * sender is told. Only who holds a token that was valid once, or is valid in another form, learns anything; to all
 * others it is an unknown token.
 */

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
 * and trimmed (spec: transport_and_format, Authorization header; semantics 1). Empty: no `Token` header.
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

/** As the registry knows a token. */
function sha256(text: string): string {
  return createHash('sha256').update(text, 'utf8').digest('base64');
}

/** Why a token is refused; `partner`: whose it is or was, where that is known. */
export interface TokenRefusal {
  reason: string;
  partner?: Partner;
}

type Known = Pick<Snapshot, 'tokens' | 'formerTokens'>;

const WORDS: Record<TokenFate, string> = {
  used: 'this token A was used: the platform is registered; use the credentials token that the hub gave in the handshake',
  renewed: 'this token A was replaced: use the newer one',
  replaced: 'this credentials token was replaced: use the one that the hub gave last',
  unregistered: 'the registration of this token has ended: register again, with a new token A',
};

/** None of the candidates opens the hub now; they are told apart by what the snapshot remembers. */
export function refusalOfToken(known: Known, candidates: readonly Candidate[]): TokenRefusal {
  for (const { token, hash } of candidates) {
    const dead = formerToken(known, hash);
    if (dead) return dead;
    const twice = encodedTwice(known, token);
    if (twice) return { reason: 'the token looks Base64-encoded twice: encode it once', partner: twice };
  }
  return { reason: 'unknown credentials token' };
}

function formerToken({ tokens, formerTokens }: Known, hash: string): TokenRefusal | undefined {
  const former = formerTokens.get(hash);
  if (former) return wordsFor(former.partner, former.fate);
  const expired = tokens.get(hash);
  if (expired?.kind === 'A') return wordsFor(expired.partner, 'used');
  if (expired?.kind === 'SUPERSEDED') return wordsFor(expired.partner, 'replaced');
  return undefined;
}

/** Who has unregistered since is not told that it is registered. */
function wordsFor(partner: Partner, fate: TokenFate): TokenRefusal {
  const isOver = fate === 'used' && partner.status !== 'REGISTERED';
  return { reason: WORDS[isOver ? 'unregistered' : fate], partner };
}

/** The partner whose valid token this one is the encoding of. */
function encodedTwice({ tokens }: Known, token: string): Partner | undefined {
  if (!BASE64.test(token)) return undefined;
  const decoded = Buffer.from(token, 'base64').toString('utf8');
  return (tokens.get(sha256(decoded)) ?? tokens.get(sha256(decoded.trim())))?.partner;
}
