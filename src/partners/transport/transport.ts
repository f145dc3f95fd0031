import { randomUUID } from 'node:crypto';
import { Pool } from 'undici';
import { sameOrigin } from '../../domain/origin';
import type { PartnerUrls } from '../../config';
import { guardedConnector, refusalOf } from './address-guard';
import { Exchange } from './exchange';
import {
  failed,
  headerOf,
  type Receiver,
  type TransportRequest,
  type TransportResult,
} from './transport-types';

export type { FailureKind, TransportFailure, TransportRequest, TransportResult } from './transport-types';

export interface TransportOptions {
  partnerUrls: PartnerUrls;
  /** Connections to one host for one partner. */
  connections?: number;
  /** Bytes of an answer that are accepted. */
  maxAnswerBytes?: number;
  /** Told of every outcome, with the pool that it belongs to. */
  observe?: ((pool: string, result: TransportResult) => void) | undefined;
}

const CONNECTIONS = 64;
const MAX_ANSWER_BYTES = 16 * 1024 * 1024;
/** The exchange's own deadline ends it earlier; this one frees the socket of a host that does not answer at all. */
const CONNECT_TIMEOUT_MS = 30_000;
/** Origin and request target of a URL; a fragment is not sent. */
const PARTS = /^(https?:\/\/[^/?#]+)([^#]*)/i;

const UNSENDABLE = /[^\x21-\x7e]/;

/** What of a URL goes out: a blank or a letter beyond ASCII is encoded, what is encoded already stays. */
function partsOf(url: string): { origin?: string; target?: string } {
  const [, origin, path = ''] = PARTS.exec(url) ?? [];
  const target = path.startsWith('/') ? path : `/${path}`;
  if (origin === undefined || !UNSENDABLE.test(target)) return { origin, target };
  try {
    return { origin, target: target.replace(/[^\x21-\x7e]/gu, encodeURIComponent) };
  } catch {
    return {}; // half a surrogate pair is no character
  }
}

type Resolve = (result: TransportResult) => void;

/** A request on its way out. */
interface Call {
  request: TransportRequest;
  resolve: Resolve;
  /** performance.now() */
  begun: number;
  /** It is sent once more. */
  again: boolean;
}

/** Methods that may be repeated (RFC 9110, 9.2.2). */
const IDEMPOTENT = ['GET', 'PUT', 'DELETE'];

/** Where a GET was sent on the same server (RFC 9110, 307 and 308); undefined: nowhere, or elsewhere. */
function redirectOf({ method, url }: TransportRequest, result: TransportResult): string | undefined {
  if (method !== 'GET' || !result.ok || (result.status !== 307 && result.status !== 308)) return undefined;
  const location = headerOf(result.headers, 'location');
  if (location === undefined || !URL.canParse(location, url)) return undefined;
  const { href } = new URL(location, url);
  return sameOrigin(href, url) ? href : undefined;
}

/** The connection broke before anything of an answer came, and the request may be repeated. */
function wasClosedIdle({ method }: TransportRequest, result: TransportResult, exchange: Exchange): boolean {
  const broke = !result.ok && result.failure.kind === 'reset';
  return broke && !exchange.isAnswered && IDEMPOTENT.includes(method);
}

/** Pools kept; beyond it, those without traffic are closed. */
const POOLS_KEPT = 1000;

/**
 * The one way out of the hub: a keep-alive pool per partner and host, one deadline for a whole exchange, a limit on an
 * answer's size, no redirects, no compression, and the address guard at connect time.
 */
export class Transport implements Receiver {
  readonly kind = 'remote';
  private readonly pools = new Map<string, Pool>();
  private readonly relays = new Set<Exchange>();
  private readonly maxAnswerBytes: number;

  constructor(private readonly options: TransportOptions) {
    this.maxAnswerBytes = options.maxAnswerBytes ?? MAX_ANSWER_BYTES;
  }

  /** Sends a request and never rejects: what goes wrong is a result. */
  send(request: TransportRequest): Promise<TransportResult> {
    const { origin, target } = partsOf(request.url);
    if (origin === undefined || target === undefined)
      return Promise.resolve(failed('blocked', 'not an http(s) URL'));
    const pool = this.poolOf(`${request.pool} ${request.connections ?? ''}`, origin);
    if (typeof pool === 'string') return Promise.resolve(failed('blocked', `the URL ${pool}`));
    if (request.signal?.aborted || request.permit?.isValid() === false)
      return Promise.resolve(failed('aborted', 'cancelled by the hub'));
    const begun = performance.now();
    return new Promise((resolve) =>
      this.dispatch(pool, target, { request, resolve: this.observed(request, resolve), begun, again: false }),
    );
  }

  /** Relays under way end as if cancelled: a hub that ends still answers their senders. */
  endRelays(): void {
    for (const exchange of this.relays) exchange.cancel();
  }

  /** Closes every connection; what is still under way ends as aborted. */
  async close(): Promise<void> {
    const pools = [...this.pools.values()];
    this.pools.clear();
    await Promise.all(pools.map((pool) => pool.destroy()));
  }

  private observed({ pool }: TransportRequest, resolve: Resolve): Resolve {
    const { observe } = this.options;
    if (!observe) return resolve;
    return (result) => {
      observe(pool, result);
      resolve(result);
    };
  }

  private dispatch(pool: Pool, path: string, call: Call): void {
    const { request, resolve } = call;
    const isRelay = request.connections === 'relay';
    const exchange: Exchange = new Exchange(request, this.maxAnswerBytes, (result) => {
      if (isRelay) this.relays.delete(exchange);
      if (isRelay && !call.again && wasClosedIdle(request, result, exchange)) this.sendAgain(path, call);
      else if (!call.again && redirectOf(request, result) !== undefined) this.follow(result, call);
      else resolve(result);
    });
    if (isRelay) this.relays.add(exchange);
    try {
      const { method, headers, body = null } = request;
      pool.dispatch({ method, path, headers, body, headersTimeout: 0, bodyTimeout: 0 }, exchange);
    } catch (error) {
      exchange.fail(error);
    }
  }

  /**
   * A receiver may close an idle connection just when a request goes out on it. Once more, on a connection of its own and
   * within the same deadline: the first failure says nothing about the receiver.
   */
  private sendAgain(path: string, { request, resolve, begun }: Call): void {
    const key = `again ${randomUUID()}`;
    const pool = this.open(request.url);
    this.pools.set(key, pool);
    const timeoutMs = Math.max(1, request.timeoutMs - (performance.now() - begun));
    const end = (result: TransportResult): void => {
      this.pools.delete(key);
      void pool.close().catch(() => undefined);
      resolve(result);
    };
    this.dispatch(pool, path, { request: { ...request, timeoutMs }, resolve: end, begun, again: true });
  }

  /** A GET that its server sends elsewhere on itself, with a `/` more or less, say: once. */
  private follow(result: TransportResult, { request, resolve, begun }: Call): void {
    const url = redirectOf(request, result) ?? request.url;
    const { origin = '', target = '' } = partsOf(url);
    const pool = this.poolOf(`${request.pool} ${request.connections ?? ''}`, origin);
    if (typeof pool === 'string') return resolve(result);
    const timeoutMs = Math.max(1, request.timeoutMs - (performance.now() - begun));
    this.dispatch(pool, target, { request: { ...request, url, timeoutMs }, resolve, begun, again: true });
  }

  /** The pool, or why the origin may not be used. */
  private poolOf(connections: string, origin: string): Pool | string {
    const key = `${connections} ${origin}`;
    const known = this.pools.get(key);
    if (known) return known;
    const refusal = refusalOf(origin, this.options.partnerUrls);
    if (refusal !== undefined) return refusal;
    if (this.pools.size >= POOLS_KEPT) this.closeIdle();
    const pool = this.open(origin);
    this.pools.set(key, pool);
    return pool;
  }

  private open(origin: string): Pool {
    return new Pool(new URL(origin).origin, {
      connections: this.options.connections ?? CONNECTIONS,
      pipelining: 1,
      connect: guardedConnector(this.options.partnerUrls, CONNECT_TIMEOUT_MS),
    });
  }

  private closeIdle(): void {
    for (const [key, pool] of this.pools) {
      const { running, pending, queued } = pool.stats;
      if (running + pending + queued > 0) continue;
      this.pools.delete(key);
      void pool.close();
    }
  }
}
