import type { HubContext } from '../context';
import { isFields } from '../../domain/json/fields';
import { fail } from '../../errors';
import type { Partner } from '../../domain/partner';
import { partyWords, partyKey, ROLES, type PartyId, type Role } from '../../domain/party';
import { checkOf, wildcard, type Finding } from '../../ocpi/check';
import { Credentials } from '../../ocpi/v2_2_1/credentials/dto';
import { statusMessageOf } from '../objects/validate';

/*
 * Two platforms register with each other by one handshake (spec: credentials). `receive` answers a partner that
 * calls the hub; `start` calls a partner on behalf of an admin. Both discover the other side's endpoints first and
 * then settle: the connection and its parties are stored in one transaction, and what fails changes nothing. Here
 * are the credentials that go over the wire, ours and theirs.
 */

/** A platform's Credentials, as far as the hub uses them. */
export interface TheirCredentials {
  token: string;
  url: string;
  roles: (PartyId & { role: Role; business_details: unknown })[];
}

/** What the hub cannot work without, also of a lenient partner. */
const ESSENTIAL =
  /^\$$|^\$\.(token|url|roles)$|^\$\.roles\[\d+\]$|^\$\.roles\[\d+\]\.(role|country_code|party_id)$/;

/**
 * Checks a Credentials object under the partner's policy, and that its roles are unique.
 * @throws Invalid naming path and rule.
 */
export function readCredentials(context: HubContext, partner: Partner, value: unknown): TheirCredentials {
  const found = checkOf(Credentials)(value);
  const lenient = partner.policies.validation === 'lenient';
  const refused = lenient ? found.filter((f) => ESSENTIAL.test(f.path)) : found;
  if (refused.length > 0) fail({ kind: 'Invalid', message: statusMessageOf(refused) });
  const credentials = shapeOf(value) ?? fail({ kind: 'Invalid', message: '$: must be a Credentials object' });
  refuseDoubles(credentials);
  record(context, partner, found);
  return credentials;
}

function record(context: HubContext, partner: Partner, found: readonly Finding[]): void {
  const items = found.map((f) => ({ path: wildcard(f.path), rule: f.rule, example_id: partner.name }));
  if (items.length > 0) context.findings.record(partner.id, 'credentials', items);
}

/** Role, country and party are unique together (spec: credentials, Credentials object). */
function refuseDoubles({ roles }: TheirCredentials): void {
  const seen = new Set<string>();
  roles.forEach((role, index) => {
    const key = `${role.role} ${partyKey(role)}`;
    if (seen.has(key))
      fail({ kind: 'Invalid', message: `$.roles[${index}]: role, country_code and party_id must be unique` });
    seen.add(key);
  });
}

/**
 * A party belongs to one platform (HUB-SEMANTICS 17); the last word on it is the database's.
 * @throws Invalid for the hub's own party and another platform's.
 */
export async function refuseForeignParties(
  context: Pick<HubContext, 'registry'>,
  partner: Partner,
  roles: TheirCredentials['roles'],
): Promise<void> {
  for (const [index, role] of roles.entries()) {
    const words = `$.roles[${index}]: party ${partyWords(role)}`;
    if (context.registry.isHub(role)) fail({ kind: 'Invalid', message: `${words} is the hub's own` });
    const held = (await context.registry.findParty(role))?.partner ?? null;
    if (held !== null && held !== partner.id)
      fail({ kind: 'Invalid', message: `${words} belongs to another platform` });
  }
}

/** The checked value with its types; undefined only if the check let something through. */
function shapeOf(value: unknown): TheirCredentials | undefined {
  if (!isFields(value) || typeof value.token !== 'string' || typeof value.url !== 'string') return undefined;
  if (!Array.isArray(value.roles) || value.roles.length === 0) return undefined;
  const roles = value.roles.map(roleOf);
  const known = roles.filter((role) => role !== undefined);
  return known.length === roles.length ? { token: value.token, url: value.url, roles: known } : undefined;
}

function roleOf(value: unknown): TheirCredentials['roles'][number] | undefined {
  if (!isFields(value)) return undefined;
  const { country_code, party_id, business_details } = value;
  const role = ROLES.find((name) => name === value.role);
  if (role === undefined || typeof country_code !== 'string' || typeof party_id !== 'string')
    return undefined;
  return { role, country_code, party_id, business_details };
}

/** Credentials object (spec: credentials). */
export interface OwnCredentials {
  token: string;
  url: string;
  roles: (PartyId & { role: Role; business_details: { name: string } })[];
}

/** The URL that partners begin with. */
export function versionsUrl(config: { publicUrl: string }): string {
  return `${config.publicUrl}/ocpi/versions`;
}

/** The hub's credentials with this token; it reports the single role HUB (HUB-SEMANTICS 18). */
export function ownCredentials(
  context: Pick<HubContext, 'config' | 'registry'>,
  token: string,
): OwnCredentials {
  const { country_code, party_id, name } = context.registry.hub;
  const role = { role: 'HUB' as const, business_details: { name }, party_id, country_code };
  return { token, url: versionsUrl(context.config), roles: [role] };
}
