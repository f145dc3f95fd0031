import { Pool } from 'undici';
import type { PartnerUrls } from '../../config';
import { guardedConnector, refusalOf } from './address-guard';
import { Exchange } from './exchange';
import { failed, type Receiver, type TransportRequest, type TransportResult } from './transport-types';

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

type Resolve = (result: TransportResult) => void;

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
    const [, origin, path] = PARTS.exec(request.url) ?? [];
    if (origin === undefined || path === undefined)
      return Promise.resolve(failed('blocked', 'not an http(s) URL'));
    const pool = this.poolOf(`${request.pool} ${request.connections ?? ''}`, origin);
    if (typeof pool === 'string') return Promise.resolve(failed('blocked', `the URL ${pool}`));
    if (request.signal?.aborted || request.permit?.isValid() === false)
      return Promise.resolve(failed('aborted', 'cancelled by the hub'));
    const target = path.startsWith('/') ? path : `/${path}`;
    return new Promise((resolve) =>
      this.dispatch(pool, target, { request, resolve: this.observed(request, resolve) }),
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

  private dispatch(pool: Pool, path: string, call: { request: TransportRequest; resolve: Resolve }): void {
    const { request, resolve } = call;
    const isRelay = request.connections === 'relay';
    const exchange: Exchange = new Exchange(request, this.maxAnswerBytes, (result) => {
      if (isRelay) this.relays.delete(exchange);
      resolve(result);
    });
    if (isRelay) this.relays.add(exchange);
    try {
      const { method, headers, body = null } = request;
      pool.dispatch({ method, path, headers, body, headersTimeout: 0, bodyTimeout: 0 }, exchange);
    } catch (error) {
      exchange.fail(error);
    }
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
