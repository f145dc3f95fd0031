import { isFields } from '../../../domain/json/fields';
import { ROLES } from '../../../domain/party';
import { fold } from '../../../domain/ci-string';
import { checkOf, finding, type Finding } from '../../check';
import type { CredentialsContent, CredentialsModule, OwnRole } from '../../version';
import { Credentials } from './dto';

type TheirRole = CredentialsContent['roles'][number];

/** What goes into a header and into URLs as it is. */
const PRINTABLE = /^[\x21-\x7e]+$/;
const isPrintable = (value: unknown): value is string => typeof value === 'string' && PRINTABLE.test(value);

/** What other software calls a role of this version. */
const ALIASES: Record<string, (typeof ROLES)[number]> = { MSP: 'EMSP' };

function roleNamed(name: unknown): (typeof ROLES)[number] | undefined {
  const folded = typeof name === 'string' ? fold(name) : '';
  return ROLES.find((role) => role === folded) ?? ALIASES[folded];
}

function roleOf(value: unknown): TheirRole | undefined {
  if (!isFields(value)) return undefined;
  const { country_code, party_id, business_details } = value;
  const role = roleNamed(value.role);
  if (role === undefined || !isPrintable(country_code) || !isPrintable(party_id)) return undefined;
  return { role, country_code, party_id, business_details };
}

const unusable = (path: string, words: string): { fault: Finding } => ({ fault: finding(path, words) });

/**
 * The hub cannot work without a token, a URL and one role that it knows. Roles that it cannot use are left out; a role
 * that stands twice, as other software names it, counts once.
 */
function read(value: unknown): { content: CredentialsContent } | { fault: Finding } {
  if (!isFields(value)) return unusable('$', 'must be an object');
  const { token, url } = value;
  if (!isPrintable(token)) return unusable('$.token', 'must be given, in printable ASCII without spaces');
  if (typeof url !== 'string' || url === '') return unusable('$.url', 'must be given as a string');
  const given: unknown[] = Array.isArray(value.roles) ? value.roles : [];
  const roles = given.map(roleOf).filter((role) => role !== undefined);
  if (roles.length > 0) return { content: { token, url, roles } };
  const names = given.map((role) => JSON.stringify(isFields(role) ? role.role : role)).join(', ');
  return unusable('$.roles', `must hold a role that OCPI 2.2.1 knows, of a party; given: ${names || 'none'}`);
}

/** The Credentials object (spec: credentials). */
function write({ token, url, hub }: Parameters<CredentialsModule['write']>[0]): CredentialsContent {
  const { country_code, party_id } = hub;
  return { token, url, roles: [{ role: 'HUB', business_details: detailsOf(hub), party_id, country_code }] };
}

/** BusinessDetails; of the categories of an Image, NETWORK is the logo of a roaming network (spec: mod_locations). */
function detailsOf({ name, website, logo }: OwnRole): object {
  return {
    name,
    ...(website === undefined ? {} : { website }),
    ...(logo === undefined ? {} : { logo: { ...logo, category: 'NETWORK' } }),
  };
}

/** credentials: served once, whatever the role. */
export const credentials: CredentialsModule = {
  identifier: 'credentials',
  dto: Credentials,
  hasInterfaces: false,
  check: checkOf(Credentials),
  read,
  write,
};
