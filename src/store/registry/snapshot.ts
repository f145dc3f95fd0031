import type { Pool, PoolClient } from 'pg';
import type { Partner, Endpoint, Policies } from '../../domain/partner';
import { partyKey, type ConnectionStatus, type Party, type Role } from '../../domain/party';
import type { ClientInfoEntry, FormerToken, Snapshot, TokenEntry, TokenFate, TokenKind } from './types';
import type { Vault } from '../vault';

interface Rows {
  version: number;
  partners: readonly PartnerRow[];
  parties: readonly PartyRow[];
  tokens: readonly TokenRow[];
  formerTokens: readonly FormerTokenRow[];
}

/** Rows as maps. `decrypt` opens partners' tokens. */
export function buildSnapshot(rows: Rows, decrypt: (stored: Buffer) => string): Snapshot {
  const partyList = rows.parties.map(partyOf);
  const held = groupByPartner(partyList);
  const partnerList = rows.partners.map((row) => partnerOf(row, held.get(row.id) ?? [], decrypt));
  const partners = new Map(partnerList.map((partner) => [partner.id, partner]));
  return {
    version: rows.version,
    partners,
    partnerList,
    parties: new Map(partyList.map((party) => [partyKey(party), party])),
    partiesByNumber: new Map(partyList.map((party) => [party.number, party])),
    partyList,
    tokens: new Map(rows.tokens.flatMap((row) => tokenOf(row, partners))),
    formerTokens: new Map(rows.formerTokens.flatMap((row) => formerTokenOf(row, partners))),
    clientInfo: rows.parties.flatMap((row, index) => clientInfoOf(row, partyList[index])),
  };
}

function partyOf(row: PartyRow): Party {
  const { number, country_code, party_id, roles, status, partner_id } = row;
  return { number, country_code, party_id, roles, status, partner: partner_id };
}

function groupByPartner(parties: readonly Party[]): Map<string, Party[]> {
  const held = new Map<string, Party[]>();
  for (const party of parties) {
    if (party.partner === null) continue;
    const list = held.get(party.partner);
    if (list) list.push(party);
    else held.set(party.partner, [party]);
  }
  return held;
}

function partnerOf(row: PartnerRow, parties: readonly Party[], decrypt: (stored: Buffer) => string): Partner {
  const { id, name, status, suspended, versions_url, version, endpoints } = row;
  const { validation, token_encoding, broadcast, authorize_unknown_tokens, trailing_slash } = row;
  const policies = { validation, token_encoding, broadcast, authorize_unknown_tokens, trailing_slash };
  const their_token = row.their_token === null ? null : decrypt(row.their_token);
  return { id, name, status, suspended, policies, versions_url, version, endpoints, their_token, parties };
}

function tokenOf(row: TokenRow, partners: ReadonlyMap<string, Partner>): [string, TokenEntry][] {
  const partner = partners.get(row.partner_id);
  if (!partner) return [];
  const hash = row.hash.toString('base64');
  const expiresAt = row.expires_at?.getTime();
  return [[hash, { hash, kind: row.kind, partner, expiresAt, used: row.first_used_at !== null }]];
}

function formerTokenOf(
  { hash, partner_id, fate }: FormerTokenRow,
  partners: ReadonlyMap<string, Partner>,
): [string, FormerToken][] {
  const partner = partners.get(partner_id);
  return partner ? [[hash.toString('base64'), { partner, fate }]] : [];
}

function clientInfoOf(row: PartyRow, party: Party | undefined): ClientInfoEntry[] {
  if (!party) return [];
  const { country_code, party_id } = row;
  const entry = (role: Role, status: ConnectionStatus): ClientInfoEntry => ({
    country_code,
    party_id,
    role,
    status,
    party,
    ...lastChangeOf(row, role),
  });
  return [
    ...row.roles.map((role) => entry(role, row.status)),
    ...row.former_roles.map((role) => entry(role, 'SUSPENDED')),
  ];
}

/** Of its role; of the party where a process of the release before, which knows no roles, wrote last. */
function lastChangeOf(row: PartyRow, role: Role): Pick<ClientInfoEntry, 'version' | 'last_updated'> {
  const newest = Math.max(0, ...Object.values(row.role_info).map(({ version }) => version));
  const info = row.role_info[role];
  if (!info || row.info_version > newest)
    return { version: row.info_version, last_updated: row.last_updated };
  return { version: info.version, last_updated: info.at };
}

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

export interface FormerTokenRow {
  hash: Buffer;
  partner_id: string;
  fate: TokenFate;
}

const PARTNERS = `
  select id, name, status, suspended, validation, token_encoding, broadcast, authorize_unknown_tokens,
         trailing_slash, versions_url, version, endpoints, their_token
    from partner order by created_at, id`;
const PARTIES = `
  select number, country_code, party_id, partner_id, roles, former_roles, status, role_info,
         coalesce(info_version, 0)::float8 as info_version,
         (extract(epoch from last_updated) * 1000000)::float8 as last_updated
    from party order by number`;
const TOKENS = `
  select hash, partner_id, kind, expires_at, first_used_at from credentials_token
   where expires_at is null or expires_at > now()`;
/** What expired as a token that was kept for an hour died by its successor. */
const FORMER_TOKENS = `
  select hash, partner_id, fate from former_token
  union all
  select hash, partner_id, case kind when 'A' then 'used' else 'replaced' end from credentials_token
   where kind in ('A', 'SUPERSEDED') and expires_at <= now()`;

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
  const { version } = await readVersion(client);
  const partners = await client.query<PartnerRow>(PARTNERS);
  const parties = await client.query<PartyRow>(PARTIES);
  const tokens = await client.query<TokenRow>(TOKENS);
  const former = await client.query<FormerTokenRow>(FORMER_TOKENS);
  await client.query('commit');
  return buildSnapshot(
    {
      version,
      partners: partners.rows,
      parties: parties.rows,
      tokens: tokens.rows,
      formerTokens: former.rows,
    },
    (stored) => vault.decrypt(stored),
  );
}

/** What can run a query: the pool or one client. */
export type Queryable = Pick<PoolClient, 'query'>;

/** What the database says of itself at a moment. */
export interface VersionRead {
  /** The version that is committed now. */
  version: number;
  /** Milliseconds by which the database's clock is ahead of this process's. */
  clockAheadMs: number;
}

const READ_VERSION =
  'select version, (extract(epoch from clock_timestamp()) * 1000)::float8 as now from registry_version';

/** The version of the registry and the database's clock, now. */
export async function readVersion(database: Queryable): Promise<VersionRead> {
  const { rows } = await database.query<{ version: string; now: number }>(READ_VERSION);
  const row = rows[0];
  return { version: Number(row?.version ?? 0), clockAheadMs: row ? row.now - Date.now() : 0 };
}
