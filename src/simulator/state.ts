import type { AsyncBehaviour, AsyncRequest } from './async-request';
import type { Authorizing } from './authorizing';
import type { HttpClient } from './http-client';
import type { Json, JsonObject } from './json';
import type { Exchange, OfferedModule, Party, Peer, ReceivedRequest } from './types';

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

/** The role, country and party of a credentials object, as this platform states them. */
export function rolesOf(state: PlatformState): Json {
  return state.parties.map(({ role, country_code, party_id, name }) => ({
    role,
    country_code,
    party_id,
    business_details: { name },
  }));
}
