import { sameId } from '../objects/keys';
import type { Party, PartyId, ReceivedRequest } from '../types';

/** The party that the routing headers of a request name; undefined where they name none. */
export function partyOf(request: ReceivedRequest, side: 'from' | 'to'): PartyId | undefined {
  const country_code = request.headers[`ocpi-${side}-country-code`];
  const party_id = request.headers[`ocpi-${side}-party-id`];
  return country_code === undefined || party_id === undefined ? undefined : { country_code, party_id };
}

/** Are these the same party (CiStrings)? */
export function sameParty(a: PartyId, b: PartyId): boolean {
  return sameId(a.country_code, b.country_code) && sameId(a.party_id, b.party_id);
}

/** The party among these that TO names. */
export function addressee(parties: readonly Party[], request: ReceivedRequest): Party | undefined {
  const to = partyOf(request, 'to');
  return to === undefined ? undefined : parties.find((party) => sameParty(party, to));
}
