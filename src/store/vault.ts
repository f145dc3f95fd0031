import {
  createCipheriv,
  createDecipheriv,
  createHash,
  createHmac,
  randomBytes,
  scryptSync,
} from 'node:crypto';
import type { Pool } from 'pg';
import { ConfigError } from '../config';

const KEY_BYTES = 32;
const IV_BYTES = 12;
const TAG_BYTES = 16;
/** First byte of what is stored, so that another scheme can follow. */
const SCHEME = Buffer.from([1]);
/** Fixed on purpose: every process must derive the same key from SECRET_KEY alone. */
const SALT = 'ocpi-hub partner tokens';
const PROOF = 'ocpi-hub';
/** The rule that another SECRET_KEY breaks. */
export const WRONG_KEY =
  'does not open the tokens stored in this database: give the key they were stored with';
/** 48 random bytes are 384 bits and exactly the 64 characters that OCPI allows. */
const TOKEN_BYTES = 48;

/** Keeps credentials tokens: partners' own encrypted with SECRET_KEY (AES-256-GCM), the hub's as SHA-256. */
export class Vault {
  private readonly key: Buffer;

  constructor(secretKey: string) {
    this.key = scryptSync(secretKey, SALT, KEY_BYTES);
  }

  /** Scheme, nonce, tag and cipher text in one piece, for a bytea column. */
  encrypt(text: string): Buffer {
    const iv = randomBytes(IV_BYTES);
    const cipher = createCipheriv('aes-256-gcm', this.key, iv);
    const body = Buffer.concat([cipher.update(text, 'utf8'), cipher.final()]);
    return Buffer.concat([SCHEME, iv, cipher.getAuthTag(), body]);
  }

  /** @throws Error if it was encrypted with another key or changed since. */
  decrypt(stored: Buffer): string {
    if (stored[0] !== SCHEME[0]) throw new Error('unknown encryption scheme');
    const iv = stored.subarray(1, 1 + IV_BYTES);
    const tag = stored.subarray(1 + IV_BYTES, 1 + IV_BYTES + TAG_BYTES);
    const decipher = createDecipheriv('aes-256-gcm', this.key, iv, { authTagLength: TAG_BYTES });
    decipher.setAuthTag(tag);
    const body = stored.subarray(1 + IV_BYTES + TAG_BYTES);
    return Buffer.concat([decipher.update(body), decipher.final()]).toString('utf8');
  }

  /** What is stored of a token that the hub issued; it has too many bits to be guessed from it. */
  hash(token: string): Buffer {
    return createHash('sha256').update(token, 'utf8').digest();
  }

  /** A fresh credentials token: 64 characters of U+0021..U+007E, 384 random bits. */
  newToken(): string {
    return randomBytes(TOKEN_BYTES).toString('base64url');
  }

  /** A name that nobody can guess without SECRET_KEY, the same for the same parts: 43 characters, 256 bits. */
  nameFor(parts: readonly string[]): string {
    return createHmac('sha256', this.key).update(JSON.stringify(parts)).digest('base64url');
  }

  /**
   * Leaves a proof of the key in an empty database, checks it in every other.
   * @throws ConfigError if SECRET_KEY is not the key that the stored tokens were encrypted with.
   */
  static async verifyKey(pool: Pool, vault: Vault): Promise<void> {
    await pool.query('insert into hub_key (one, proof) values (true, $1) on conflict do nothing', [
      vault.encrypt(PROOF),
    ]);
    const { rows } = await pool.query<{ proof: Buffer }>('select proof from hub_key');
    const proof = rows[0]?.proof;
    if (proof === undefined || !vault.opens(proof)) {
      throw new ConfigError('SECRET_KEY', WRONG_KEY);
    }
  }

  /** Whether this is the proof of a key that is ours. */
  opens(proof: Buffer): boolean {
    try {
      return this.decrypt(proof) === PROOF;
    } catch {
      return false;
    }
  }
}
