import type { PartyId, Role } from '../../domain/party';
import type { HandshakeParts } from './parts';

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
  parts: Pick<HandshakeParts, 'config' | 'registry'>,
  token: string,
): OwnCredentials {
  const { country_code, party_id, name } = parts.registry.hub;
  const role = { role: 'HUB' as const, business_details: { name }, party_id, country_code };
  return { token, url: versionsUrl(parts.config), roles: [role] };
}
