import { isFields } from '../../../domain/json/fields';
import { ROLES } from '../../../domain/party';
import { checkOf } from '../../check';
import type { CredentialsContent, CredentialsModule } from '../../version';
import { Credentials } from './dto';

type TheirRole = CredentialsContent['roles'][number];

const ESSENTIAL =
  /^\$$|^\$\.(token|url|roles)$|^\$\.roles\[\d+\]$|^\$\.roles\[\d+\]\.(role|country_code|party_id)$/;

function roleOf(value: unknown): TheirRole | undefined {
  if (!isFields(value)) return undefined;
  const { country_code, party_id, business_details } = value;
  const role = ROLES.find((name) => name === value.role);
  if (role === undefined || typeof country_code !== 'string' || typeof party_id !== 'string')
    return undefined;
  return { role, country_code, party_id, business_details };
}

function read(value: unknown): CredentialsContent | undefined {
  if (!isFields(value) || typeof value.token !== 'string' || typeof value.url !== 'string') return undefined;
  if (!Array.isArray(value.roles) || value.roles.length === 0) return undefined;
  const roles = value.roles.map(roleOf);
  const known = roles.filter((role) => role !== undefined);
  return known.length === roles.length ? { token: value.token, url: value.url, roles: known } : undefined;
}

/** The Credentials object (spec: credentials). */
function write({ token, url, hub }: Parameters<CredentialsModule['write']>[0]): CredentialsContent {
  const { country_code, party_id, name } = hub;
  return { token, url, roles: [{ role: 'HUB', business_details: { name }, party_id, country_code }] };
}

/** credentials: served once, whatever the role. */
export const credentials: CredentialsModule = {
  identifier: 'credentials',
  dto: Credentials,
  hasInterfaces: false,
  check: checkOf(Credentials),
  isEssential: (path) => ESSENTIAL.test(path),
  read,
  write,
};
