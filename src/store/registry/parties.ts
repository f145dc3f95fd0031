import type { PoolClient } from 'pg';
import { partyWords, partyKey, type ConnectionStatus, type PartyId, type Role } from '../../domain/party';

/** A party as a platform or an admin names it, all its roles together. */
export interface NamedParty extends PartyId {
  roles: Role[];
  /** BusinessDetails by role. */
  business_details: Record<string, unknown>;
}

/** CredentialsRole, as far as it is stored. */
export interface RoleEntry extends PartyId {
  role: Role;
  business_details?: unknown;
}

/** A party belongs to another platform, so nothing was written. */
export class PartyTaken extends Error {
  constructor(readonly party: PartyId) {
    super(`party ${partyWords(party)} belongs to another platform`);
  }
}

/** Of several entries of one party (one a role) one party; in the order of keys, in which rows are locked. */
export function partiesOf(entries: readonly RoleEntry[]): NamedParty[] {
  const byKey = new Map<string, NamedParty>();
  for (const { country_code, party_id, role, business_details } of entries) {
    const party = byKey.get(partyKey({ country_code, party_id })) ?? {
      country_code,
      party_id,
      roles: [],
      business_details: {},
    };
    if (!party.roles.includes(role)) party.roles.push(role);
    if (business_details !== undefined) party.business_details[role] = business_details;
    byKey.set(partyKey(party), party);
  }
  return [...byKey].sort(([a], [b]) => (a < b ? -1 : 1)).map(([, party]) => party);
}

interface LockedParty extends PartyId {
  number: number;
  partner_id: string | null;
  roles: Role[];
  former_roles: Role[];
  status: ConnectionStatus;
}

/** The ClientInfo changed: the end of the transaction (RAISE) gives it its version and its last_updated. */
const CHANGED = `info_version = null`;

/**
 * Gives a platform the parties that its credentials name and suspends those that they leave out; a party that an
 * admin named and that never connected stays PLANNED.
 * @returns the numbers of the parties that others see anew: connected again, or with a role more.
 * @throws PartyTaken
 */
export async function placeParties(
  client: PoolClient,
  owner: { partnerId: string; suspended: boolean },
  entries: readonly RoleEntry[],
): Promise<number[]> {
  const named = partiesOf(entries);
  const locked = await lockParties(client, owner.partnerId, named);
  const status = owner.suspended ? 'SUSPENDED' : 'CONNECTED';
  const anew: number[] = [];
  for (const party of named) {
    const before = locked.get(partyKey(party));
    if (!before) throw new PartyTaken(party);
    await updateParty(client, { before, party, partnerId: owner.partnerId, status });
    if (status === 'CONNECTED' && isNewToOthers(before, party)) anew.push(before.number);
  }
  await suspendOthers(client, owner.partnerId, named.map(partyKey));
  return anew;
}

function isNewToOthers(before: LockedParty, party: NamedParty): boolean {
  const was = before.partner_id !== null && (before.status === 'CONNECTED' || before.status === 'OFFLINE');
  return !was || party.roles.some((role) => !before.roles.includes(role));
}

/**
 * The rows of the parties, made where they are missing, locked in the order of their keys.
 * @throws PartyTaken
 */
export async function lockParties(
  client: PoolClient,
  partnerId: string,
  named: readonly PartyId[],
): Promise<Map<string, LockedParty>> {
  const parties = [named.map((p) => p.country_code), named.map((p) => p.party_id)];
  await client.query(
    `insert into party (country_code, party_id) select c, p from unnest($1::text[], $2::text[]) as named (c, p)
     on conflict (upper(country_code), upper(party_id)) do nothing`,
    parties,
  );
  const { rows } = await client.query<LockedParty>(
    `select number, country_code, party_id, partner_id, roles, former_roles, status from party
      where (upper(country_code), upper(party_id)) in
            (select upper(c), upper(p) from unnest($1::text[], $2::text[]) as named (c, p))
      order by upper(country_code), upper(party_id) for no key update`,
    parties,
  );
  const taken = rows.find((row) => row.partner_id !== null && row.partner_id !== partnerId);
  if (taken) throw new PartyTaken(taken);
  return new Map(rows.map((row) => [partyKey(row), row]));
}

async function updateParty(
  client: PoolClient,
  change: { before: LockedParty; party: NamedParty; partnerId: string; status: ConnectionStatus },
): Promise<void> {
  const { before, party, partnerId, status } = change;
  const same = before.status === status && before.roles.join() === party.roles.join();
  await client.query(
    `update party set country_code = $2, party_id = $3, partner_id = $4, roles = $5, business_details = $6,
            in_credentials = true, status = $7, info_version = case when $8 then info_version end,
            former_roles = array(select unnest(former_roles || roles) except select unnest($5::text[]))
      where number = $1`,
    [
      before.number,
      party.country_code,
      party.party_id,
      partnerId,
      party.roles,
      storableJson(party.business_details),
      status,
      same,
    ],
  );
}

/** PostgreSQL has no place for U+0000 in a jsonb. */
function storableJson(value: unknown): string {
  return JSON.stringify(value, (_key, inner: unknown) =>
    typeof inner === 'string' ? inner.replaceAll('\0', '') : inner,
  );
}

async function suspendOthers(client: PoolClient, partnerId: string, keys: readonly string[]): Promise<void> {
  await client.query(
    `update party set in_credentials = false, status = 'SUSPENDED', ${CHANGED}
      where partner_id = $1 and in_credentials and upper(country_code || '/' || party_id) <> all($2::text[])`,
    [partnerId, keys],
  );
}

/** The platform is suspended or has unregistered: others see its parties SUSPENDED; the PLANNED stay so. */
export async function suspendParties(client: PoolClient, partnerId: string): Promise<void> {
  await client.query(
    `update party set status = 'SUSPENDED', ${CHANGED}
      where partner_id = $1 and status in ('CONNECTED', 'OFFLINE')`,
    [partnerId],
  );
}

/** The platform is back: what its credentials name is CONNECTED. @returns the parties that were not before. */
export async function resumeParties(client: PoolClient, partnerId: string): Promise<number[]> {
  const { rows } = await client.query<{ number: number }>(
    `update party set status = 'CONNECTED', ${CHANGED}
      where partner_id = $1 and in_credentials and status = 'SUSPENDED' returning number`,
    [partnerId],
  );
  return rows.map((row) => row.number);
}

/** The platform holds these parties no longer: they and their objects stay, shown to nobody. */
export async function releaseParties(client: PoolClient, numbers: readonly number[]): Promise<void> {
  await client.query(
    `update party set partner_id = null, in_credentials = false, status = 'SUSPENDED', ${CHANGED}
      where number = any($1::int[])`,
    [numbers],
  );
  await client.query('delete from position where receiver = any($1::int[])', [numbers]);
}

/** A platform's live parties become CONNECTED or OFFLINE. */
export interface ReachChange {
  partnerId: string;
  status: 'CONNECTED' | 'OFFLINE';
  /** It calls the hub although it cannot be reached. */
  calling: boolean;
  /** The worker that says so: it must still lease the platform. */
  holder: string;
}

/**
 * Within the transaction of Registry.write, the partner's row locked. What failed before no longer counts.
 * @returns whether anything changed.
 */
export async function setReach(client: PoolClient, change: ReachChange): Promise<boolean> {
  const { partnerId, status, calling, holder } = change;
  const { rowCount } = await client.query(
    `update party set status = $2, info_version = null
      where partner_id = $1 and status = $3
        and exists (select 1 from lease join worker using (holder) where partner_id = $1 and holder = $4
                     and lease.until > clock_timestamp() and worker.until > clock_timestamp())`,
    [partnerId, status, status === 'OFFLINE' ? 'CONNECTED' : 'OFFLINE', holder],
  );
  if (!rowCount) return false;
  await client.query(
    `insert into partner_contact (partner_id, calling) values ($1, $2)
     on conflict (partner_id) do update set calling = excluded.calling, failures = 0, failing_since = null`,
    [partnerId, calling],
  );
  return true;
}

/** Numbers of the platform's parties that are CONNECTED. */
export async function connectedParties(client: PoolClient, partnerId: string): Promise<number[]> {
  const { rows } = await client.query<{ number: number }>(
    `select number from party where partner_id = $1 and status = 'CONNECTED' order by number`,
    [partnerId],
  );
  return rows.map((row) => row.number);
}
