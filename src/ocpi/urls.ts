import type { InterfaceRole } from '../domain/partner';
import type { PartyId } from '../domain/party';
import { VERSION } from './v2_2_1';

/** Path of an endpoint below the hub's base: the two interfaces of a module have prefixes of their own. */
export function endpointPath(endpoint: { module: string; interface: InterfaceRole }): string {
  return `${VERSION}/${endpoint.interface.toLowerCase()}/${endpoint.module}`;
}

/** Where the hub has its own copy of a CDR. */
export function cdrUrl(publicUrl: string, owner: PartyId, id: string): string {
  const endpoint = endpointUrl(publicUrl, { module: 'cdrs', interface: 'RECEIVER' });
  return `${endpoint}/${owner.country_code}/${owner.party_id}/${encodeURIComponent(id)}`;
}

/** The absolute URL of an endpoint. */
export function endpointUrl(
  publicUrl: string,
  endpoint: { module: string; interface: InterfaceRole },
): string {
  return `${publicUrl}/ocpi/${endpointPath(endpoint)}`;
}
