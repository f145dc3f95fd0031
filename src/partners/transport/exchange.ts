import { setMaxListeners } from 'node:events';
import type { Dispatcher } from 'undici';
import {
  failed,
  type TransportRequest,
  type TransportResult,
  type FailureKind,
  type TransportFailure,
} from './transport-types';
import { AddressBlocked } from './address-guard';

/**
 * One request and its answer, as undici's handler. It ends once: with the answer, a failure, the deadline or the
 * caller's signal, whatever comes first, also while the request still waits for a connection.
 */
export class Exchange implements Dispatcher.DispatchHandler {
  private readonly chunks: Buffer[] = [];
  private readonly timer: NodeJS.Timeout;
  private controller: Dispatcher.DispatchController | undefined;
  private status = 0;
  private headers: Record<string, string | string[]> = {};
  private size = 0;
  private over = false;

  constructor(
    private readonly request: TransportRequest,
    private readonly maxBytes: number,
    private readonly resolve: (result: TransportResult) => void,
  ) {
    this.timer = setTimeout(this.late, request.timeoutMs);
    if (request.signal) this.listen(request.signal);
    if (request.permit) this.listen(request.permit.signal);
  }

  onRequestStart(controller: Dispatcher.DispatchController): void {
    this.controller = controller;
    // Undici writes the request right after this: a process that slept while it waited for a connection ends it here.
    if (this.request.permit?.isValid() === false) this.cancel();
    else if (this.over) controller.abort(new Error('ended before it was sent'));
  }

  onResponseStart(
    _controller: Dispatcher.DispatchController,
    status: number,
    headers: IncomingHeaders,
  ): void {
    if (status < 200) return;
    this.status = status;
    for (const name in headers) {
      const value = headers[name];
      if (value !== undefined) this.headers[name] = value;
    }
    if (Number(headers['content-length']) > this.maxBytes) this.tooLarge();
  }

  onResponseData(_controller: Dispatcher.DispatchController, chunk: Buffer): void {
    this.size += chunk.length;
    if (this.size > this.maxBytes) this.tooLarge();
    else this.chunks.push(chunk);
  }

  onResponseEnd(): void {
    const first = this.chunks[0];
    const body = this.chunks.length === 1 && first ? first : Buffer.concat(this.chunks);
    this.end({ ok: true, status: this.status, headers: this.headers, body });
  }

  onResponseError(_controller: Dispatcher.DispatchController, error: Error): void {
    this.fail(error);
  }

  /** It could not be sent, or broke. */
  fail(error: unknown): void {
    this.end({ ok: false, failure: failureOf(error) });
  }

  private readonly late = (): void =>
    this.stop(failed('timeout', `no answer within ${this.request.timeoutMs} ms`));

  /** Ends it without an answer. */
  readonly cancel = (): void => this.stop(failed('aborted', 'cancelled by the hub'));

  private listen(signal: AbortSignal): void {
    setMaxListeners(0, signal); // one signal may end many exchanges
    signal.addEventListener('abort', this.cancel);
  }

  private tooLarge(): void {
    this.stop(failed('too_large', `the answer is over ${this.maxBytes} bytes`));
  }

  private stop(result: TransportResult): void {
    this.end(result);
    this.controller?.abort(new Error('ended by the hub'));
  }

  private end(result: TransportResult): void {
    if (this.over) return;
    this.over = true;
    clearTimeout(this.timer);
    this.request.signal?.removeEventListener('abort', this.cancel);
    this.request.permit?.signal.removeEventListener('abort', this.cancel);
    this.resolve(result);
  }
}

type IncomingHeaders = Record<string, string | string[] | undefined>;

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
