import type { InterfaceRole } from '../domain/partner';
import type { PartyId } from '../domain/party';

/** One interface of a module, in one version. */
export interface EndpointName {
  version: { number: string };
  module: string;
  interface: InterfaceRole;
}

/** Path of an endpoint below the hub's base: the two interfaces of a module have prefixes of their own. */
export function endpointPath(endpoint: EndpointName): string {
  return `${endpoint.version.number}/${endpoint.interface.toLowerCase()}/${endpoint.module}`;
}

/** The absolute URL of an endpoint. */
export function endpointUrl(publicUrl: string, endpoint: EndpointName): string {
  return `${publicUrl}/ocpi/${endpointPath(endpoint)}`;
}

/** Where the hub has its own copy of an object. */
export function objectUrl(
  publicUrl: string,
  of: Pick<EndpointName, 'version' | 'module'>,
  object: { owner: PartyId; id: string },
): string {
  const { owner, id } = object;
  const endpoint = endpointUrl(publicUrl, { ...of, interface: 'RECEIVER' });
  return `${endpoint}/${owner.country_code}/${owner.party_id}/${encodeURIComponent(id)}`;
}
