import { fold } from './ci-string';
import { isFields } from './json/fields';

/** Roles and parties (spec: types, Role enum; credentials, CredentialsRole). */
export const ROLES = ['CPO', 'EMSP', 'HUB', 'NAP', 'NSP', 'OTHER', 'SCSP'] as const;
export type Role = (typeof ROLES)[number];

export interface PartyId {
  country_code: string;
  party_id: string;
}

/** The one spelling under which a party is compared and kept in maps: CiStrings, so upper case. */
export function partyKey(party: PartyId): string {
  return fold(`${party.country_code}/${party.party_id}`);
}

/** The party that country_code and party_id of an object name; undefined where they are not both given as strings. */
export function partyNamed(value: unknown): PartyId | undefined {
  if (!isFields(value)) return undefined;
  const { country_code, party_id } = value;
  if (typeof country_code !== 'string' || typeof party_id !== 'string') return undefined;
  return { country_code, party_id };
}

export function sameParty(a: PartyId, b: PartyId): boolean {
  return partyKey(a) === partyKey(b);
}

/** A party in a message for people. */
export const partyWords = (party: PartyId): string => `${party.country_code}/${party.party_id}`;

/** ConnectionStatus of hubclientinfo. */
export const CONNECTION_STATES = ['CONNECTED', 'OFFLINE', 'PLANNED', 'SUSPENDED'] as const;
export type ConnectionStatus = (typeof CONNECTION_STATES)[number];

/** A party as the hub keeps it. `number` is its short key in the tables of objects and never changes. */
export interface Party extends PartyId {
  number: number;
  roles: readonly Role[];
  status: ConnectionStatus;
  /** The platform that holds it; null while an admin has released it. */
  partner: string | null;
}

/** Its objects are shown to others and pushes go to it: connected, or only out of reach for a while. */
export function isLive(party: Party): boolean {
  return party.partner !== null && (party.status === 'CONNECTED' || party.status === 'OFFLINE');
}
