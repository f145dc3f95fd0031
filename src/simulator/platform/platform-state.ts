import type { AsyncBehaviour, AsyncRequest } from '../commands/async-request';
import { HttpClient } from '../http/http-client';
import type { Json, JsonObject } from '../json';
import type { Authorizing } from '../objects/authorize';
import type { Exchange, OfferedModule, Party, Peer, ReceivedRequest } from '../types';
import { modulesOf } from './endpoints';

/** What a simulated platform is made of. */
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
  /**
   * Refuse what it does not know: locations and sessions of commands, response_urls it did not give out, parties
   * that TO names. False where not given.
   */
  strict?: boolean;
}

/** What the parts of one simulated platform share. */
export interface PlatformState {
  name: string;
  /** Base of its own URLs, without a slash at the end. */
  baseUrl(): string;
  parties: Party[];
  offered: OfferedModule[];
  /** X-Limit of its lists. */
  pageLimit: number;
  /** CREDENTIALS_TOKEN_A that it has given out, still unused. */
  invitations: Set<string>;
  /** Tokens with which the registered peer may call it. */
  accepted: Set<string>;
  peer: Peer | undefined;
  client: HttpClient;
  /** What it received, by objectKey. */
  stored: Map<string, Json>;
  /** ClientInfo that it received, by objectKey with the role as id. */
  clientInfo: Map<string, Json>;
  /** What it owns and lists as Sender, by objectKey, oldest created first. */
  owned: Map<string, JsonObject>;
  /** Does it refuse what it does not know: locations, sessions, its own response_urls, parties that TO names? */
  strict: boolean;
  asynchronous: AsyncBehaviour;
  authorizing: Authorizing;
  /** Commands and charging profile requests that it received, in order. */
  asked: AsyncRequest[];
  /** Reservations it holds: the ReserveNow by asking party and id. */
  reservations: Map<string, JsonObject>;
  /** ChargingProfile by session id. */
  profiles: Map<string, JsonObject>;
  /** Results received, by the path of the response_url that it gave out. */
  results: Map<string, ReceivedRequest[]>;
  /** Tells those who wait that something happened. */
  notify: () => void;
  /** Told of each exchange, sent and received. */
  observe: (exchange: Exchange) => void;
}

/** The state of a platform that is registered nowhere. */
export function initialState(
  options: PlatformOptions,
  server: Pick<PlatformState, 'baseUrl' | 'notify'>,
): PlatformState {
  const { parties, pageLimit = 50, strict = false } = options;
  return {
    ...server,
    name: options.name ?? parties[0]?.name ?? 'platform',
    parties,
    offered: options.offered ?? usualModules(parties),
    pageLimit,
    strict,
    invitations: new Set(),
    accepted: new Set(),
    peer: undefined,
    client: new HttpClient(),
    stored: new Map(),
    clientInfo: new Map(),
    owned: new Map(),
    reservations: new Map(),
    profiles: new Map(),
    asynchronous: { post: 'by hand', timeout: 30 },
    authorizing: {},
    asked: [],
    results: new Map(),
    observe: () => undefined,
  };
}

function usualModules(parties: Party[]): OfferedModule[] {
  const all = parties.flatMap((party) => modulesOf(party.role));
  return [...new Map(all.map((line) => [`${line.role} ${line.identifier}`, line])).values()];
}
