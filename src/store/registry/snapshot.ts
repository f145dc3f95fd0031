import type { Partner } from '../../domain/partner';
import { partyKey, type ConnectionStatus, type Party, type Role } from '../../domain/party';
import type { PartnerRow, PartyRow, TokenRow } from './load';
import type { ClientInfoEntry, Snapshot, TokenEntry } from './types';

interface Rows {
  version: number;
  partners: readonly PartnerRow[];
  parties: readonly PartyRow[];
  tokens: readonly TokenRow[];
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
  const { validation, token_encoding, broadcast, authorize_unknown_tokens } = row;
  const policies = { validation, token_encoding, broadcast, authorize_unknown_tokens };
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

function clientInfoOf(row: PartyRow, party: Party | undefined): ClientInfoEntry[] {
  if (!party) return [];
  const { country_code, party_id } = row;
  const entry = (role: Role, status: ConnectionStatus): ClientInfoEntry => ({
    ...{ country_code, party_id, role, status, party, ...lastChangeOf(row, role) },
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
