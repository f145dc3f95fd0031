import type { HttpClient } from './http-client';
import type { Json, JsonObject } from './json';
import type { OfferedModule, Party, Peer } from './types';

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
