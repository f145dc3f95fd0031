import { refuse } from '../http/replies';
import type { PlatformState } from './platform-state';
import { sameId } from '../objects/keys';
import type { Party, PartyId, ReceivedRequest, Reply } from '../types';

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

/** The party of this platform that TO names. */
export function addressee(state: PlatformState, request: ReceivedRequest): Party | undefined {
  const to = partyOf(request, 'to');
  return to === undefined ? undefined : state.parties.find((party) => sameParty(party, to));
}

/**
 * What a strict platform says to a TO that it does not host. The specification has no status for that but the hub's
 * own 4001, so it is the 2001 of a wrong parameter.
 */
export function misdirected(state: PlatformState, request: ReceivedRequest): Reply | undefined {
  const to = partyOf(request, 'to');
  const isHub = state.parties.some(({ role }) => role === 'HUB');
  if (!state.strict || isHub || to === undefined || addressee(state, request) !== undefined) return undefined;
  return refuse(2001, `OCPI-to: ${to.country_code}/${to.party_id} is not here`);
}

/** Does the other side ask for a whole list on its own account: FROM is a hub's own party, or it is not known yet? */
export function isPull(state: PlatformState, request: ReceivedRequest): boolean {
  const { method, role, segments } = request;
  if (method !== 'GET' || role !== 'SENDER' || segments.length > 0) return false;
  const from = partyOf(request, 'from');
  const { peer } = state;
  if (from === undefined || peer === undefined) return from !== undefined;
  return peer.parties.some((party) => party.role === 'HUB' && sameParty(party, from));
}
