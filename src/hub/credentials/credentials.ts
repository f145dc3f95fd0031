import type { HubContext } from '../context';
import { fail } from '../../errors';
import type { Partner } from '../../domain/partner';
import { partyWords, partyKey } from '../../domain/party';
import { finding, wildcard, type Finding } from '../../ocpi/check';
import type { CredentialsContent, Version } from '../../ocpi/version';
import { statusMessageOf } from '../objects/validate';

/*
 * Two platforms register with each other by one handshake (spec: credentials). `receive` answers a partner that
 * calls the hub; `start` calls a partner on behalf of an admin. Both discover the other side's endpoints first and
 * then settle: the connection and its parties are stored in one transaction, and what fails changes nothing. Here
 * are the credentials that go over the wire, ours and theirs.
 */

const SHORTEST_TOKEN = 8;

/**
 * Checks a Credentials object under the partner's policy, and that its roles are unique.
 * @throws Invalid naming path and rule.
 */
export function readCredentials(
  context: HubContext,
  from: { partner: Partner; version: Version },
  value: unknown,
): CredentialsContent {
  const { partner, version } = from;
  const { check, read } = version.credentials;
  const found = check(value);
  const strict = partner.policies.validation === 'strict';
  if (strict && found.length > 0) fail({ kind: 'Invalid', message: statusMessageOf(found) });
  const result = read(value);
  if ('fault' in result) return fail({ kind: 'Invalid', message: result.fault.message });
  const credentials = strict ? result.content : withoutDoubles(result.content);
  refuseDoubles(credentials);
  record(context, from, [...found, ...weakToken(credentials.token)]);
  return credentials;
}

/** Whoever guesses it can speak to the partner as the hub. The specification has no lower bound: it is not refused. */
function weakToken(token: string): Finding[] {
  if (token.length >= SHORTEST_TOKEN) return [];
  return [finding('$.token', `should have at least ${SHORTEST_TOKEN} characters: others may guess it`)];
}

/** The same role of a party twice says nothing more. */
function withoutDoubles(content: CredentialsContent): CredentialsContent {
  const roles = new Map(content.roles.map((role) => [`${role.role} ${partyKey(role)}`, role]));
  return { ...content, roles: [...roles.values()] };
}

function record(
  context: HubContext,
  { partner, version }: { partner: Partner; version: Version },
  found: readonly Finding[],
): void {
  const items = found.map((f) => ({ path: wildcard(f.path), rule: f.rule, example_id: partner.name }));
  if (items.length > 0) context.findings.record(partner.id, version.credentials.identifier, items);
}

/** Role, country and party are unique together (spec: credentials, Credentials object). */
function refuseDoubles({ roles }: CredentialsContent): void {
  const seen = new Set<string>();
  roles.forEach((role, index) => {
    const key = `${role.role} ${partyKey(role)}`;
    if (seen.has(key))
      fail({ kind: 'Invalid', message: `$.roles[${index}]: role, country_code and party_id must be unique` });
    seen.add(key);
  });
}

/**
 * A party belongs to one platform (semantics 17); the last word on it is the database's.
 * @throws Invalid for the hub's own party and another platform's.
 */
export async function refuseForeignParties(
  context: Pick<HubContext, 'registry'>,
  partner: Partner,
  roles: CredentialsContent['roles'],
): Promise<void> {
  for (const [index, role] of roles.entries()) {
    const words = `$.roles[${index}]: party ${partyWords(role)}`;
    if (context.registry.isHub(role)) fail({ kind: 'Invalid', message: `${words} is the hub's own` });
    const held = (await context.registry.findParty(role))?.partner ?? null;
    if (held !== null && held !== partner.id)
      fail({ kind: 'Invalid', message: `${words} belongs to another platform` });
  }
}

/** The URL that partners begin with. */
export function versionsUrl(config: { publicUrl: string }): string {
  return `${config.publicUrl}/ocpi/versions`;
}

/** The hub's credentials with this token; it reports the single role HUB (semantics 18). */
export function ownCredentials(
  context: Pick<HubContext, 'config' | 'registry'>,
  version: Version,
  token: string,
): object {
  const { hub } = context.registry;
  return version.credentials.write({ token, url: versionsUrl(context.config), hub });
}
