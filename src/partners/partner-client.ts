import { randomUUID } from 'node:crypto';
import type { AxiosInstance } from 'axios';
import type { Logger } from 'pino';
import type { Config } from '../config';
import { partnerInLog, type Partner, type TokenEncoding } from '../domain/partner';
import { refusalOf } from './transport/address-guard';
import { parseAnswer, type Answer } from './answer';
import { axiosOver, NoAnswer } from './transport/axios-over';
import { LocalReceiver, type LocalAnswer } from './local-receiver';
import { Transport } from './transport/transport';
import { failed, type Permit, type Receiver, type TransportResult } from './transport/transport-types';

export { describeAnswer, parseAnswer, type Answer } from './answer';

/*
 * Everything that leaves the hub towards a partner. The client adds the token and the message ids, the transport
 * sends with a deadline, a size limit and an address guard, and the answer is read tolerantly. Partners are
 * untrusted: their URLs are checked at connect time. A partner that is down is paused (pauses); relays to it stop
 * early (relay-gate).
 */

export type {
  FailureKind,
  TransportFailure,
  TransportRequest,
  TransportResult,
} from './transport/transport-types';

/** A request to a partner, without what every request to it has. */
export interface PartnerRequest {
  method: string;
  /** Absolute. */
  url: string;
  headers?: Record<string, string>;
  /** JSON, as it shall go out. */
  body?: string | Buffer | undefined;
  /** Milliseconds for the whole exchange; FORWARD_TIMEOUT_MS if not given. */
  timeoutMs?: number | undefined;
  requestId?: string;
  correlationId?: string;
  signal?: AbortSignal | undefined;
  /** The lease under which it is sent; of `request` alone. */
  permit?: Permit;
}

/** To whom a request speaks: a registered partner, or one in the middle of a handshake. */
export interface Target {
  /** The partner's id: whose connections are used. */
  pool: string;
  name: string;
  token: string;
  encoding: TokenEncoding;
}

/** A partner as a request with this token speaks to it. */
export function targetOf(
  { id, name, policies }: Pick<Partner, 'id' | 'name' | 'policies'>,
  token: string,
): Target {
  return { pool: id, name, token, encoding: policies.token_encoding };
}

export interface PartnerClientOptions {
  config: Config;
  log: Logger;
  /** Told of every outcome, with the partner's id. */
  observe?: (partner: string, result: TransportResult) => void;
}

/** Everything that the hub sends to partners goes through here. */
export class PartnerClient {
  /** For paths that build their headers themselves. */
  readonly transport: Transport;
  private readonly http: AxiosInstance;
  /** Platforms that run in this process, by partner. */
  private readonly local = new Map<string, LocalReceiver>();

  constructor(private readonly options: PartnerClientOptions) {
    const { config, observe } = options;
    this.transport = new Transport({ partnerUrls: config.partnerUrls, observe });
    this.http = axiosOver(this.transport);
  }

  /**
   * Has a platform in this process answer what is relayed and pushed to this partner.
   * @returns ends that: the partner is reached over HTTP again
   */
  answerLocally(partner: string, answer: LocalAnswer): () => void {
    const receiver = new LocalReceiver(answer, (result) => this.options.observe?.(partner, result));
    this.local.set(partner, receiver);
    return () => {
      receiver.end();
      this.local.delete(partner);
    };
  }

  private receiverOf(partner: string): Receiver {
    return this.local.get(partner) ?? this.transport;
  }

  /**
   * Sends a request with the partner's token straight to its receiver; every outcome is a result. `relay`: over
   * connections of their own.
   */
  request(partner: Partner, request: PartnerRequest, connections?: 'relay'): Promise<TransportResult> {
    if (partner.their_token === null)
      return Promise.resolve(failed('blocked', 'the partner is not registered'));
    const target = targetOf(partner, partner.their_token);
    return this.receiverOf(partner.id).send({
      pool: target.pool,
      connections,
      method: request.method,
      url: request.url,
      headers: headersFor(target, request),
      body: request.body,
      timeoutMs: request.timeoutMs ?? this.options.config.forwardTimeoutMs,
      signal: request.signal,
      permit: request.permit,
    });
  }

  /** A request whose answer is read as OCPI: for handshakes and whatever is no hot path. */
  async ask(target: Target, request: PartnerRequest): Promise<Answer> {
    const started = performance.now();
    const answer = parseAnswer(await this.throughAxios(target, request), target.token);
    const http = answer.kind === 'failure' ? answer.failure.kind : answer.http;
    const ms = Math.round(performance.now() - started);
    const partner = partnerInLog({ id: target.pool, name: target.name });
    this.options.log.debug({ ...partner, method: request.method, http, ms }, 'asked a partner');
    return answer;
  }

  /** GET of a registered partner, read as OCPI. */
  getJson(partner: Partner, request: Omit<PartnerRequest, 'method' | 'body'>): Promise<Answer> {
    return this.ask(targetOf(partner, partner.their_token ?? ''), { ...request, method: 'GET' });
  }

  /** Why the hub would not send to this URL; undefined where it would. */
  refusalOf(url: string): string | undefined {
    return refusalOf(url, this.options.config.partnerUrls);
  }

  /** Relays under way end without an answer. */
  endRelays(): void {
    this.transport.endRelays();
    for (const receiver of this.local.values()) receiver.end();
  }

  /** Ends all connections. */
  close(): Promise<void> {
    return this.transport.close();
  }

  private async throughAxios(target: Target, request: PartnerRequest): Promise<TransportResult> {
    try {
      const response = await this.http.request<Buffer>({
        pool: target.pool,
        method: request.method,
        url: request.url,
        headers: headersFor(target, request),
        data: request.body,
        timeout: request.timeoutMs ?? this.options.config.forwardTimeoutMs,
        signal: request.signal,
      });
      const headers: Record<string, string | string[]> = {};
      for (const [name, value] of Object.entries(response.headers)) {
        headers[name] = Array.isArray(value) ? value.map(String) : String(value);
      }
      return { ok: true, status: response.status, headers, body: response.data };
    } catch (error) {
      if (error instanceof NoAnswer) return { ok: false, failure: error.failure };
      throw error;
    }
  }
}

/** Header value of a credentials token (spec: transport_and_format, Authorization header). */
function authorizationOf(token: string, encoding: TokenEncoding): string {
  return `Token ${encoding === 'plain' ? token : Buffer.from(token, 'utf8').toString('base64')}`;
}

function headersFor(target: Target, request: PartnerRequest): Record<string, string> {
  const headers: Record<string, string> = {
    Authorization: authorizationOf(target.token, target.encoding),
    Accept: 'application/json',
    'Accept-Encoding': 'identity',
    'X-Request-ID': request.requestId ?? randomUUID(),
    'X-Correlation-ID': request.correlationId ?? randomUUID(),
  };
  for (const name in request.headers) headers[name] = request.headers[name] ?? '';
  if (request.body !== undefined) headers['Content-Type'] ??= 'application/json';
  return headers;
}
