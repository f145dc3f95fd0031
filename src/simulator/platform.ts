import type { IncomingMessage, ServerResponse } from 'node:http';
import { VERSIONS_PATH, modulesOf } from './endpoints';
import { handle, isFunctional } from './handle';
import { register, registered, unregister, update } from './handshake';
import { HttpClient } from './http-client';
import { HttpServer } from './http-server';
import { receivedRequest } from './incoming';
import { messageOf, type Json, type JsonObject } from './json';
import { listAll, type Listed } from './list-all';
import { refuse } from './replies';
import { replacesAnswer, respond } from './respond';
import { send, sendTo } from './send';
import type { PlatformState } from './state';
import { newToken } from './tokens';
import type { Answer, Behaviour, OfferedModule, Override, Party, PartyId, Peer } from './types';
import type { ReceivedRequest, Reply, Sending } from './types';
import { Waiting } from './waiting';

export interface PlatformOptions {
  /** For messages; the first party's name where not given. */
  name?: string;
  parties: Party[];
  /** What version details list beside credentials; what the parties' roles usually have, where not given. */
  offered?: OfferedModule[];
  /** 0 or not given: any free one. */
  port?: number;
  /** X-Limit of its lists, 50 where not given. */
  pageLimit?: number;
}

/**
 * One OCPI 2.2.1 platform on a real socket of 127.0.0.1: it serves versions, credentials, Sender lists of what it
 * owns and Receiver interfaces that store what is pushed; and it registers at one other platform and sends to it.
 */
export class SimulatedPlatform {
  /** Requests to functional endpoints in order of arrival, refused ones too. */
  readonly received: ReceivedRequest[] = [];
  /** Requests to hubclientinfo, a configuration module. */
  readonly receivedClientInfo: ReceivedRequest[] = [];
  /** Asked before each request is handled, configuration modules included. */
  behaviour: Behaviour | undefined;
  private readonly state: PlatformState;
  private readonly server: HttpServer;
  private readonly waiting = new Waiting();

  constructor(options: PlatformOptions) {
    this.server = new HttpServer(options.port ?? 0, (message, body, response) => {
      void this.take(message, body, response);
    });
    this.state = initialState(options, () => `http://127.0.0.1:${this.server.port}`);
  }

  get name(): string {
    return this.state.name;
  }
  get parties(): readonly Party[] {
    return this.state.parties;
  }
  get versionsUrl(): string {
    return this.state.baseUrl() + VERSIONS_PATH;
  }
  get port(): number {
    return this.server.port;
  }
  /** What it received, by `module/CC/PARTY/id` (objectKey). */
  get stored(): Map<string, Json> {
    return this.state.stored;
  }
  /** ClientInfo that it received, by `hubclientinfo/CC/PARTY/ROLE`. */
  get clientInfo(): Map<string, Json> {
    return this.state.clientInfo;
  }
  /** What it lists as Sender, by objectKey. */
  get owned(): Map<string, JsonObject> {
    return this.state.owned;
  }
  /** Version details; may be changed at any time. */
  get offered(): OfferedModule[] {
    return this.state.offered;
  }
  set offered(modules: OfferedModule[]) {
    this.state.offered = modules;
  }
  /** The other platform. @throws Error before a handshake */
  get peer(): Peer {
    return registered(this.state);
  }
  get isRegistered(): boolean {
    return this.state.peer !== undefined;
  }

  /** Opens the socket. Rejects when the port is taken. */
  async start(): Promise<this> {
    await this.server.up();
    return this;
  }
  /** Ends every socket, its own requests under way too. */
  async stop(): Promise<void> {
    this.state.client.close();
    await this.server.down();
  }
  /** Nobody reaches it any more (connection refused); it can still send. */
  async down(): Promise<void> {
    await this.server.down();
  }
  /** Back on the same port. */
  async up(): Promise<void> {
    await this.server.up();
  }

  /** Gives out a CREDENTIALS_TOKEN_A with which another platform can start the handshake. */
  invite(): { versionsUrl: string; tokenA: string } {
    const tokenA = newToken();
    this.state.invitations.add(tokenA);
    return { versionsUrl: this.versionsUrl, tokenA };
  }
  /** Handshake as the one who starts it. @throws Error that names the step that failed */
  async register(versionsUrl: string, tokenA: string): Promise<Peer> {
    return register(this.state, versionsUrl, tokenA);
  }
  /** PUT of credentials, with other parties or modules if given; they stay as they were when it fails. */
  async updateCredentials(changes: { parties?: Party[]; offered?: OfferedModule[] } = {}): Promise<Peer> {
    const { parties, offered } = this.state;
    Object.assign(this.state, changes);
    try {
      return await update(this.state);
    } catch (error) {
      Object.assign(this.state, { parties, offered });
      throw error;
    }
  }
  /** DELETE of credentials. */
  async unregister(): Promise<Answer> {
    return unregister(this.state);
  }

  /** Sends a request to a module of the other platform. Rejects only when no answer came. */
  async send(sending: Sending): Promise<Answer> {
    return send(this.state, sending);
  }
  /** The same to a URL the other platform gave (a Link, a Location, a response_url). */
  async sendTo(
    url: string,
    sending: Omit<Sending, 'module' | 'interface' | 'path' | 'query'>,
  ): Promise<Answer> {
    return sendTo(this.state, url, sending);
  }
  /** All pages of a list of the other platform, by Link. TO is a hub's own party unless given. */
  async listAll(
    module: string,
    query: Record<string, string | number> = {},
    routing: { from?: PartyId; to?: PartyId | 'hub' } = {},
  ): Promise<Listed> {
    return listAll(this.state, module, { to: 'hub', ...routing, query });
  }

  /** Resolves when the condition holds; looked at now and after each handled request. */
  async waitFor(
    predicate: (platform: this) => boolean,
    options: { timeoutMs: number; what: string },
  ): Promise<void> {
    const message = () => `${this.name}: no ${options.what} within ${options.timeoutMs} ms; ${this.story()}`;
    await this.waiting.until(() => predicate(this), { timeoutMs: options.timeoutMs, message });
  }

  private story(): string {
    const last = this.received.slice(-3).map(({ method, path }) => `${method} ${path}`);
    return `${this.received.length} requests so far, the last: ${last.join(', ') || 'none'}`;
  }

  private async take(message: IncomingMessage, body: string, response: ServerResponse): Promise<void> {
    const request = receivedRequest(message, body);
    if (isFunctional(request)) this.received.push(request);
    if (request.module === 'hubclientinfo') this.receivedClientInfo.push(request);
    const answer = await this.answer(request);
    respond(response, request, answer);
    this.waiting.notify();
  }

  private async answer(request: ReceivedRequest): Promise<{ reply: Reply; override: Override | undefined }> {
    try {
      const override = await this.behaviour?.(request);
      if (override?.until !== undefined) {
        this.waiting.notify(); // who waits for the request to arrive need not wait for its answer
        await override.until;
      }
      const skip = override !== undefined && replacesAnswer(override) && override.handle !== true;
      const reply = skip ? { http: 200, status_code: 1000 } : await handle(this.state, request);
      return { reply, override };
    } catch (error) {
      return { reply: refuse(3000, messageOf(error), 500), override: undefined };
    }
  }
}

function initialState(options: PlatformOptions, baseUrl: () => string): PlatformState {
  const { parties, pageLimit = 50 } = options;
  return {
    name: options.name ?? parties[0]?.name ?? 'platform',
    baseUrl,
    parties,
    offered: options.offered ?? usualModules(parties),
    pageLimit,
    invitations: new Set(),
    accepted: new Set(),
    peer: undefined,
    client: new HttpClient(),
    stored: new Map(),
    clientInfo: new Map(),
    owned: new Map(),
  };
}

function usualModules(parties: Party[]): OfferedModule[] {
  const all = parties.flatMap((party) => modulesOf(party.role));
  return [...new Map(all.map((line) => [`${line.role} ${line.identifier}`, line])).values()];
}
