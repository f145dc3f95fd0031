import http from 'node:http';
import type { AddressInfo } from 'node:net';
import { randomBytes } from 'node:crypto';

/** JSON of an answer, read as it comes. */
// eslint-disable-next-line @typescript-eslint/no-explicit-any
export type Loose = any;

/** A request as the platform received it. */
export interface Seen {
  method: string;
  path: string;
  headers: http.IncomingHttpHeaders;
  body: Loose;
}

/** What it answers: an envelope's data, a whole answer, or nothing at all. */
export type Scripted =
  { data: unknown } | { http?: number; body: unknown; headers?: Record<string, string> } | 'hang' | 'reset';

export interface Answer {
  http: number;
  headers: Headers;
  json: Loose;
}

export interface RoleOptions {
  role?: string;
  country_code?: string;
  party_id?: string;
  business_details?: unknown;
}

/** A CredentialsRole that is valid but for what is given. */
export function role(options: RoleOptions = {}): object {
  return { role: 'CPO', country_code: 'NL', party_id: 'ABC', business_details: { name: 'ABC' }, ...options };
}

/**
 * A platform for handshakes alone, on a real socket, every answer of which a test can script: more control over
 * faults than a whole simulated platform gives.
 */
export class HandshakePlatform {
  readonly seen: Seen[] = [];
  /** The token under which the hub must call it. */
  token = randomBytes(24).toString('base64url');
  roles: object[] = [role()];
  /** Answers by path, with or without its query, in the place of its own. */
  readonly script = new Map<string, (seen: Seen) => Scripted | Promise<Scripted>>();
  private server: http.Server | undefined;

  async start(): Promise<this> {
    const server = http.createServer((request, response) => void this.serve(request, response));
    await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
    this.server = server;
    return this;
  }

  async stop(): Promise<void> {
    const { server } = this;
    server?.closeAllConnections();
    await new Promise((resolve) => (server ? server.close(resolve) : resolve(undefined)));
  }

  get base(): string {
    return `http://127.0.0.1:${(this.server?.address() as AddressInfo).port}`;
  }

  get versionsUrl(): string {
    return `${this.base}/versions`;
  }

  /** Credentials object to send; a new token each time unless given. */
  credentials(changes: Record<string, unknown> = {}): Record<string, unknown> {
    return { token: this.token, url: this.versionsUrl, roles: this.roles, ...changes };
  }

  endpoints(): object[] {
    return [
      { identifier: 'credentials', role: 'RECEIVER', url: `${this.base}/credentials` },
      { identifier: 'tokens', role: 'RECEIVER', url: `${this.base}/tokens/` },
      { identifier: 'nltnm-custom', role: 'SENDER', url: `${this.base}/custom` },
    ];
  }

  private own(path: string): Scripted {
    if (path === '/versions') {
      return {
        data: [
          { version: '2.1.1', url: `${this.base}/2.1.1` },
          { version: '2.2.1', url: `${this.base}/2.2.1` },
        ],
      };
    }
    if (path === '/2.2.1') return { data: { version: '2.2.1', endpoints: this.endpoints() } };
    if (path === '/credentials') return { data: this.credentials() };
    return { http: 404, body: { status_code: 2000, timestamp: new Date().toISOString() } };
  }

  private async serve(request: http.IncomingMessage, response: http.ServerResponse): Promise<void> {
    const chunks: Buffer[] = [];
    for await (const chunk of request) chunks.push(chunk as Buffer);
    const text = Buffer.concat(chunks).toString('utf8');
    const path = request.url ?? '';
    const body: unknown = text === '' ? undefined : JSON.parse(text);
    const seen: Seen = { method: request.method ?? '', path, headers: request.headers, body };
    this.seen.push(seen);
    const script = this.script.get(path) ?? this.script.get(path.split('?')[0] ?? '');
    const scripted = (await script?.(seen)) ?? this.own(path);
    if (scripted === 'hang') return;
    if (scripted === 'reset') return void request.socket.destroy();
    const envelope = (data: unknown): object => ({
      data,
      status_code: 1000,
      timestamp: new Date().toISOString(),
    });
    const answer = 'data' in scripted ? { body: envelope(scripted.data) } : scripted;
    const {
      http: status = 200,
      headers = {},
      body: out,
    } = { headers: undefined, http: undefined, ...answer };
    response.writeHead(status, { 'Content-Type': 'application/json', ...headers });
    response.end(typeof out === 'string' ? out : JSON.stringify(out));
  }
}

/** Calls the hub as a platform does. */
export async function callHub(
  url: string,
  call: {
    method?: string;
    token?: string | undefined;
    authorization?: string;
    body?: unknown;
    headers?: Record<string, string>;
  },
): Promise<Answer> {
  const { method = 'GET', token, body } = call;
  const headers: Record<string, string> = { 'Content-Type': 'application/json', ...call.headers };
  if (token !== undefined) headers.Authorization = `Token ${Buffer.from(token).toString('base64')}`;
  if (call.authorization !== undefined) headers.Authorization = call.authorization;
  const text = typeof body === 'string' ? body : JSON.stringify(body);
  const response = await fetch(url, { method, headers, ...(body === undefined ? {} : { body: text }) });
  return { http: response.status, headers: response.headers, json: await response.json() };
}
