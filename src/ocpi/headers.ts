import type { IncomingHttpHeaders } from 'node:http';
import { fail } from '../errors';
import type { PartyId } from '../domain/party';

/** The routing headers of functional modules (spec: transport_and_format, Message Routing Headers). */
export interface RoutingHeaders {
  to: PartyId | undefined;
  from: PartyId | undefined;
}

function pair(
  headers: IncomingHttpHeaders,
  side: 'to' | 'from',
  names: readonly [string, string],
): PartyId | undefined {
  const country_code = headers[names[0]];
  const party_id = headers[names[1]];
  if (country_code === undefined && party_id === undefined) return undefined;
  if (typeof country_code !== 'string' || typeof party_id !== 'string' || !country_code || !party_id) {
    return fail({
      kind: 'Invalid',
      message: `OCPI-${side}-country-code and OCPI-${side}-party-id: both or neither must be given`,
    });
  }
  return { country_code, party_id };
}

/** @throws Invalid for half a pair (semantics 21). */
export function readRoutingHeaders(headers: IncomingHttpHeaders): RoutingHeaders {
  return {
    to: pair(headers, 'to', ['ocpi-to-country-code', 'ocpi-to-party-id']),
    from: pair(headers, 'from', ['ocpi-from-country-code', 'ocpi-from-party-id']),
  };
}

/** The four headers; a side that is not known is left out. */
export function routingHeaders(sides: Partial<RoutingHeaders>): Record<string, string> {
  const headers: Record<string, string> = {};
  const { to, from } = sides;
  if (to) {
    headers['OCPI-to-country-code'] = to.country_code;
    headers['OCPI-to-party-id'] = to.party_id;
  }
  if (from) {
    headers['OCPI-from-country-code'] = from.country_code;
    headers['OCPI-from-party-id'] = from.party_id;
  }
  return headers;
}
