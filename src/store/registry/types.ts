import type { PoolClient } from 'pg';
import type { EntityManager } from 'typeorm';
import type { Partner } from '../../domain/partner';
import type { Party, PartyId, Role, ConnectionStatus } from '../../domain/party';

export type TokenKind = 'A' | 'B' | 'C' | 'SUPERSEDED';

/** Who calls: the platform, and the credentials token that it called with. */
export interface Caller {
  partner: Partner;
  kind: TokenKind;
  /** As it was issued, whatever form the header had; never logged. */
  token: string;
}

/** A credentials token that the hub issued, as memory keeps it. */
export interface TokenEntry {
  /** SHA-256, base64. */
  hash: string;
  kind: TokenKind;
  partner: Partner;
  /** Milliseconds since 1970; undefined: until it is replaced. */
  expiresAt: number | undefined;
  used: boolean;
}

/** How a token died: a token A by registering or by a newer one, a token C by a newer one or with the registration. */
export type TokenFate = 'used' | 'renewed' | 'replaced' | 'unregistered';

/** A token that opened the hub once. */
export interface FormerToken {
  partner: Partner;
  fate: TokenFate;
}

/** ClientInfo (spec: hubclientinfo) with what a list of them is filtered and ordered by. */
export interface ClientInfoEntry extends PartyId {
  role: Role;
  status: ConnectionStatus;
  /** Microseconds since 1970, by the hub's clock. */
  last_updated: number;
  /** The version of the registry with which it last changed. */
  version: number;
  party: Party;
}

/** Everything about partners at one version of the registry; never changed once made. */
export interface Snapshot {
  version: number;
  partners: ReadonlyMap<string, Partner>;
  partnerList: readonly Partner[];
  /** By partyKey. */
  parties: ReadonlyMap<string, Party>;
  partiesByNumber: ReadonlyMap<number, Party>;
  partyList: readonly Party[];
  /** By hash. */
  tokens: ReadonlyMap<string, TokenEntry>;
  /** By hash: the last few of each partner. */
  formerTokens: ReadonlyMap<string, FormerToken>;
  /** In the order in which the parties were made. */
  clientInfo: readonly ClientInfoEntry[];
}

/** One transaction on the registry, for the statements of `store/registry`. */
export type Transaction = PoolClient;

/** A write of the registry under way: TypeORM and plain SQL on one transaction. */
export interface RegistryWrite {
  client: Transaction;
  manager: EntityManager;
}
