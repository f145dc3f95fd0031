/* What the bench and its child processes say to each other. */

/** Where and how a load is sent; the same path and headers go to the hub and to its yardstick. */
export interface Target {
  port: number;
  /** Path below which the objects lie. */
  base: string;
  /** Header lines, each ended by CRLF. */
  headers: string;
}

export type Work =
  /** PATCH of EVSE statuses, going through `count` locations in a scattered order; of 5 EVSEs each, or `evses`. */
  | { kind: 'patch'; count: number; evses?: number }
  /** PUT of a 3 kB Location, likewise. */
  | { kind: 'put'; count: number }
  /** PUT of `count` objects, each once. */
  | { kind: 'fill'; count: number; small: boolean }
  /** PATCH of the first EVSE of `count` locations, each once. */
  | { kind: 'touch'; count: number }
  /** Ready requests in turn; `__RECEIVER__` in them is the number of the connection. */
  | { kind: 'replay'; requests: string[] };

export interface Load {
  target: Target;
  work: Work;
  connections: number;
  /** Milliseconds; a load that ends by itself ends earlier. */
  ms: number;
  /** Ends it after so many requests. */
  requests?: number;
  /** Sends no faster than this, over all connections together. */
  perSecond?: number;
}

export interface LoadResult {
  done: number;
  refused: number;
  ms: number;
  /** Microseconds from sending a request to its whole answer. */
  p50: number;
  p99: number;
  /** The first answer that was no success. */
  example: string | undefined;
}

/** What the receivers' process is asked: `refuse` makes a platform hang up on whoever calls it, or no longer. */
export type ReceiversQuestion = 'count' | 'sample' | 'forget' | { platform: number; refuse: boolean };

/** One push as a receiver got it, to be sent again by the bare loop. */
export interface Sample {
  received: number;
  requests: string[];
}
