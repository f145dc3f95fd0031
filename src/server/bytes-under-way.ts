/*
 * Bodies are held in memory until they are answered. Their sum over all connections is bounded: a large one waits for its
 * turn at its sender's, so that small ones still find room.
 */

const MEBIBYTE = 1024 * 1024;

export interface BytesLimits {
  /** Bytes of all bodies under way. */
  all: number;
  /** Bytes of all bodies under way up to which a large one is let in. */
  large: number;
}

const LIMITS: BytesLimits = { all: 256 * MEBIBYTE, large: 128 * MEBIBYTE };

/** What the body of one request weighs, until it is answered. */
export interface Weight {
  /** False where there is no room for these bytes more. `large`: the body is over BODY_LIMIT by now. */
  add(bytes: number, large: boolean): boolean;
  release(): void;
}

export class BytesUnderWay {
  private sum = 0;

  constructor(private readonly limits: BytesLimits = LIMITS) {}

  get bytes(): number {
    return this.sum;
  }

  /** The weight of a request that begins: nothing yet. */
  weigh(): Weight {
    let own = 0;
    return {
      add: (bytes, large) => {
        if (this.sum + bytes > (large ? this.limits.large : this.limits.all)) return false;
        own += bytes;
        this.sum += bytes;
        return true;
      },
      release: () => {
        this.sum -= own;
        own = 0;
      },
    };
  }
}
