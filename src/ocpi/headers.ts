import type { IncomingHttpHeaders } from 'node:http';
import { fail } from '../errors';
import type { PartyId } from '../domain/party';

/** The routing headers of functional modules (spec: transport_and_format, Message Routing Headers). */
export interface RoutingHeaders {
  to: PartyId | undefined;
  from: PartyId | undefined;
}

function pair(headers: IncomingHttpHeaders, side: 'to' | 'from'): PartyId | undefined {
  const country_code = headers[`ocpi-${side}-country-code`];
  const party_id = headers[`ocpi-${side}-party-id`];
  if (country_code === undefined && party_id === undefined) return undefined;
  if (typeof country_code !== 'string' || typeof party_id !== 'string' || !country_code || !party_id) {
    return fail({
      kind: 'Invalid',
      message: `OCPI-${side}-country-code and OCPI-${side}-party-id: both or neither must be given`,
    });
  }
  return { country_code, party_id };
}

/** @throws Invalid for half a pair (HUB-SEMANTICS 21). */
export function readRoutingHeaders(headers: IncomingHttpHeaders): RoutingHeaders {
  return { to: pair(headers, 'to'), from: pair(headers, 'from') };
}

/** The four headers; a side that is not known is left out. */
export function routingHeaders(sides: Partial<RoutingHeaders>): Record<string, string> {
  const headers: Record<string, string> = {};
  for (const side of ['to', 'from'] as const) {
    const party = sides[side];
    if (!party) continue;
    headers[`OCPI-${side}-country-code`] = party.country_code;
    headers[`OCPI-${side}-party-id`] = party.party_id;
  }
  return headers;
}
