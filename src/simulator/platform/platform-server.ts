import type { IncomingMessage, ServerResponse } from 'node:http';
import { HttpServer, receivedRequest } from '../http/http-server';
import { refuse } from '../http/replies';
import { replacesAnswer, respond, type Answering } from '../http/respond';
import { messageOf, type Json, type JsonObject } from '../json';
import type { Behaviour, OfferedModule, Party, ReceivedRequest } from '../types';
import { VERSIONS_PATH } from './endpoints';
import { handle, isFunctional, isPull } from './handle';
import { initialState, type PlatformOptions, type PlatformState } from './platform-state';

/*
 * A platform receives requests here. The HTTP server gives each request with its whole body to PlatformServer, which
 * records the request. A test may then replace the answer by an override. Otherwise `handle` checks the token and the
 * receiver and calls the function that serves the module. That function reads and changes the PlatformState, which
 * all parts of one platform share. After each answer, everything that waits for a condition checks the condition
 * again. Requests to the other platform leave through `send`.
 */

/** The serving half of a platform: a socket, what comes in over it, and what the platform holds. */
export class PlatformServer {
  /** Requests to functional endpoints in order of arrival, refused ones too; without `receivedPulls`. */
  readonly received: ReceivedRequest[] = [];
  /** Lists that a hub asked for on its own account: when it does is its own affair. */
  readonly receivedPulls: ReceivedRequest[] = [];
  /** Requests to hubclientinfo, a configuration module. */
  readonly receivedClientInfo: ReceivedRequest[] = [];
  /** Asked before each request is handled, configuration modules included. */
  behaviour: Behaviour | undefined;
  protected readonly state: PlatformState;
  private readonly server: HttpServer;
  private readonly waiting = new Waiting();

  constructor(options: PlatformOptions) {
    this.server = new HttpServer(options.port ?? 0, (message, body, response) => {
      void this.take(message, body, response);
    });
    this.state = initialState(options, {
      baseUrl: () => `http://127.0.0.1:${this.server.port}`,
      notify: () => this.waiting.notify(),
    });
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
    if (isPull(this.state, request)) this.receivedPulls.push(request);
    else if (isFunctional(request)) this.received.push(request);
    if (request.module === 'hubclientinfo') this.receivedClientInfo.push(request);
    const answered = respond(response, request, await this.answer(request));
    const { method, headers, at } = request;
    this.state.observe({ direction: 'received', method, url: message.url ?? '', headers, at, ...answered });
    this.waiting.notify();
  }

  private async answer(request: ReceivedRequest): Promise<Answering> {
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

/** Who waits for something that a request may bring about. */
interface Waiter {
  check(): void;
}

/** Conditions that are looked at each time something happened. */
class Waiting {
  private readonly waiters = new Set<Waiter>();

  /** Tells that something happened. */
  notify(): void {
    for (const waiter of [...this.waiters]) waiter.check();
  }

  /**
   * Resolves as soon as the condition holds. @throws Error with `message()` after timeoutMs, or what the condition
   * throws
   */
  async until(holds: () => boolean, limit: { timeoutMs: number; message: () => string }): Promise<void> {
    if (holds()) return;
    await new Promise<void>((resolve, reject) => {
      const end = (settle: () => void) => {
        clearTimeout(timer);
        this.waiters.delete(waiter);
        settle();
      };
      const timer = setTimeout(() => end(() => reject(new Error(limit.message()))), limit.timeoutMs);
      const waiter = {
        check: () => attempt(holds, { met: () => end(resolve), failed: (e) => end(() => reject(e)) }),
      };
      this.waiters.add(waiter);
    });
  }
}

function attempt(holds: () => boolean, then: { met: () => void; failed: (error: Error) => void }): void {
  try {
    if (holds()) then.met();
  } catch (error) {
    then.failed(error instanceof Error ? error : new Error(String(error)));
  }
}
