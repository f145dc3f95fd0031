import { createHash } from 'node:crypto';

/* Which objects a pull has seen: 48 bits of a hash each, in memory and as bytes for the process that goes on. */

const BYTES = 6;

/** 48 bits of a stored key. */
function digest(key: string): Buffer {
  return createHash('sha1').update(key, 'utf8').digest().subarray(0, BYTES);
}

export class Seen {
  private readonly numbers = new Set<number>();

  constructor(pages: readonly Buffer[] = []) {
    for (const page of pages)
      for (let at = 0; at + BYTES <= page.length; at += BYTES) this.numbers.add(page.readUIntBE(at, BYTES));
  }

  /** Those of these keys that are new, in their order, and their bytes. */
  take(keys: readonly string[]): { fresh: boolean[]; bytes: Buffer } {
    const bytes: Buffer[] = [];
    const fresh = keys.map((key) => {
      const hash = digest(key);
      const number = hash.readUIntBE(0, BYTES);
      if (this.numbers.has(number)) return false;
      this.numbers.add(number);
      bytes.push(hash);
      return true;
    });
    return { fresh, bytes: Buffer.concat(bytes) };
  }

  has(key: string): boolean {
    return this.numbers.has(digest(key).readUIntBE(0, BYTES));
  }
}
