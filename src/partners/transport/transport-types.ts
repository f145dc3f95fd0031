/** Why no answer came. `blocked`: the hub refused to send it. */
export type FailureKind =
  'timeout' | 'refused' | 'dns' | 'tls' | 'reset' | 'blocked' | 'too_large' | 'aborted';

export interface TransportFailure {
  kind: FailureKind;
  /** For people; holds no secrets. */
  detail: string;
}

/** An answer, whatever its status, or why there is none. */
export type TransportResult =
  | { ok: true; status: number; headers: Record<string, string | string[]>; body: Buffer }
  | { ok: false; failure: TransportFailure };

/** Leave to send that may end, as that of a lease does. */
export interface Permit {
  /** Ends what is under way. */
  readonly signal: AbortSignal;
  /** Asked at the very moment at which the request goes out. */
  isValid(): boolean;
}

export interface TransportRequest {
  /** Whose connections it uses: one partner's traffic never waits for another's, though they may share a host. */
  pool: string;
  /** Connections apart from its others: a relay never waits for pushes, nor they for it. */
  connections?: 'relay' | undefined;
  method: string;
  /** Absolute, http or https. */
  url: string;
  headers: Record<string, string>;
  body?: string | Buffer | undefined;
  /** Milliseconds for the whole exchange, from the wait for a connection to the last byte. */
  timeoutMs: number;
  signal?: AbortSignal | undefined;
  permit?: Permit | undefined;
}

/** A platform as requests reach it: over HTTP (`remote`), or in this process (`local`). */
export interface Receiver {
  readonly kind: 'remote' | 'local';
  /** Sends a request; never rejects: what goes wrong is a result. */
  send(request: TransportRequest): Promise<TransportResult>;
}

export function failed(kind: FailureKind, detail: string): TransportResult {
  return { ok: false, failure: { kind, detail } };
}

/** A header of an answer; of several with one name the first. */
export function headerOf(headers: Record<string, string | string[]>, name: string): string | undefined {
  const value = headers[name];
  return typeof value === 'string' ? value : value?.[0];
}
