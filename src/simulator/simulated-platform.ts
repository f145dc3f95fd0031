import type { AsyncBehaviour, AsyncRequest } from './commands/async-request';
import { newResponseUrl, resultsAt } from './commands/response-urls';
import { newToken } from './credentials/credentials-token';
import { register, registered, unregister, update } from './credentials/handshake';
import type { Authorizing } from './objects/authorize';
import { listAll, type Listed } from './objects/lists';
import { PlatformServer } from './platform/platform-server';
import type { SavedState } from './platform/saved-state';
import { send, sendTo } from './platform/send';
import type {
  Answer,
  Exchange,
  OfferedModule,
  Party,
  PartyId,
  Peer,
  Recipient,
  ReceivedRequest,
  Sending,
} from './types';

export type { PlatformOptions } from './platform/platform-state';

/**
 * One OCPI 2.2.1 platform on a real socket of 127.0.0.1: it serves versions, credentials, Sender lists of what it
 * owns and Receiver interfaces that store what is pushed; and it registers at one other platform and sends to it.
 * Commands and charging profiles it answers as `asynchronous` says: results by hand unless that is changed.
 */
export class SimulatedPlatform extends PlatformServer {
  /** The other platform. @throws Error before a handshake */
  get peer(): Peer {
    return registered(this.state);
  }
  get isRegistered(): boolean {
    return this.state.peer !== undefined;
  }

  /** How it answers commands and charging profiles; may be changed at any time. */
  get asynchronous(): AsyncBehaviour {
    return this.state.asynchronous;
  }
  /** How it answers real-time authorizations; may be changed at any time. */
  get authorizing(): Authorizing {
    return this.state.authorizing;
  }
  /** The commands and charging profile requests that it received, in order; each can post its result. */
  get asked(): readonly AsyncRequest[] {
    return this.state.asked;
  }
  /** Told of each exchange with functional and configuration modules that was received, and of each that was sent. */
  set observe(observe: (exchange: Exchange) => void) {
    this.state.observe = observe;
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
  /** What brings the registration back in another process. @throws Error where nothing is registered */
  saved(): SavedState {
    return { port: this.port, accepted: [...this.state.accepted], peer: this.peer };
  }
  /** Takes a registration back: no handshake is needed. Its port must be this platform's. */
  resume({ accepted, peer }: SavedState): Peer {
    this.state.accepted = new Set(accepted);
    return (this.state.peer = peer);
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
    routing: { from?: PartyId; to?: Recipient } = {},
  ): Promise<Listed> {
    return listAll(this.state, module, { to: 'hub', ...routing, query });
  }

  /** A new response_url of its own, which nobody can guess. */
  responseUrl(module: 'commands' | 'chargingprofiles', name: string): string {
    return newResponseUrl(this.state, module, name);
  }
  /** The results that came to one, in order; the list grows. @throws Error for one that it did not make */
  resultsAt(responseUrl: string): readonly ReceivedRequest[] {
    return resultsAt(this.state, responseUrl);
  }
}
