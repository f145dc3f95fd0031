import type { Pool, PoolClient } from 'pg';
import type { Endpoint, Partner, Policies } from '../../domain/partner';
import type { ConnectionStatus, Role } from '../../domain/party';
import type { Vault } from '../vault';
import { buildSnapshot } from './snapshot';
import type { Snapshot, TokenKind } from './types';

export interface PartnerRow extends Policies {
  id: string;
  name: string;
  status: Partner['status'];
  suspended: boolean;
  versions_url: string | null;
  version: string | null;
  endpoints: Endpoint[];
  their_token: Buffer | null;
}

export interface PartyRow {
  number: number;
  country_code: string;
  party_id: string;
  partner_id: string | null;
  roles: Role[];
  former_roles: Role[];
  status: ConnectionStatus;
  info_version: number;
  /** Microseconds since 1970. */
  last_updated: number;
  role_info: Partial<Record<Role, RoleInfo>>;
}

/** When the ClientInfo of one role last changed, and to what. */
export interface RoleInfo {
  status: ConnectionStatus;
  version: number;
  /** Microseconds since 1970. */
  at: number;
}

export interface TokenRow {
  hash: Buffer;
  partner_id: string;
  kind: TokenKind;
  expires_at: Date | null;
  first_used_at: Date | null;
}

const PARTNERS = `
  select id, name, status, suspended, validation, token_encoding, broadcast, authorize_unknown_tokens,
         versions_url, version, endpoints, their_token
    from partner order by created_at, id`;
const PARTIES = `
  select number, country_code, party_id, partner_id, roles, former_roles, status, role_info,
         coalesce(info_version, 0)::float8 as info_version,
         (extract(epoch from last_updated) * 1000000)::float8 as last_updated
    from party order by number`;
const TOKENS = `
  select hash, partner_id, kind, expires_at, first_used_at from credentials_token
   where expires_at is null or expires_at > now()`;

/** Reads everything at one version, in one snapshot of the database. */
export async function loadSnapshot(pool: Pool, vault: Vault): Promise<Snapshot> {
  const client = await pool.connect();
  const broken = (): void => undefined; // the query under way rejects; without a listener the process would end
  client.on('error', broken);
  try {
    const snapshot = await readAll(client, vault);
    client.off('error', broken);
    client.release();
    return snapshot;
  } catch (error) {
    client.release(true);
    throw error;
  }
}

async function readAll(client: PoolClient, vault: Vault): Promise<Snapshot> {
  await client.query('begin isolation level repeatable read read only');
  const version = await readVersion(client);
  const partners = await client.query<PartnerRow>(PARTNERS);
  const parties = await client.query<PartyRow>(PARTIES);
  const tokens = await client.query<TokenRow>(TOKENS);
  await client.query('commit');
  const rows = { version, partners: partners.rows, parties: parties.rows, tokens: tokens.rows };
  return buildSnapshot(rows, (stored) => vault.decrypt(stored));
}

/** What can run a query: the pool or one client. */
export type Queryable = Pick<PoolClient, 'query'>;

/** The version that is committed now. */
export async function readVersion(database: Queryable): Promise<number> {
  const { rows } = await database.query<{ version: string }>('select version from registry_version');
  return Number(rows[0]?.version ?? 0);
}
