import { fail } from '../errors';
import { isLive, partyWords, sameParty, type Party, type PartyId } from '../domain/party';
import type { Partner } from '../domain/partner';

/* Which party of its platform speaks (semantics 21, 37). */

/** The platform's parties that take part in traffic. */
const liveParties = (partner: Partner): Party[] => partner.parties.filter(isLive);

/** The platform's party of this name. */
export function ownParty(partner: Partner, id: PartyId): Party | undefined {
  return liveParties(partner).find((party) => sameParty(party, id));
}

/**
 * FROM of a request whose sender stands behind a URL that the hub handed out: it may be missing.
 * @throws Invalid where it is another platform's.
 */
export function checkFrom(partner: Partner, from: PartyId | undefined): void {
  if (from) partyOf(partner, from);
}

function partyOf(partner: Partner, from: PartyId): Party {
  const message = `OCPI-from: ${partyWords(from)} is not a party of this platform`;
  return ownParty(partner, from) ?? fail({ kind: 'Invalid', message });
}

/**
 * FROM as given, or inferred where the platform has one party that fits.
 * @throws Invalid where it is another platform's or cannot be inferred.
 */
export function senderOf(
  partner: Partner,
  from: PartyId | undefined,
  fits: (party: Party) => boolean,
): Party {
  if (from) return partyOf(partner, from);
  const parties = liveParties(partner);
  const fitting = parties.filter(fits);
  const only =
    fitting.length === 1 ? fitting[0] : fitting.length === 0 && parties.length === 1 ? parties[0] : undefined;
  return (
    only ??
    fail({ kind: 'Invalid', message: 'OCPI-from: must be given, this platform has several parties or none' })
  );
}

/** The owner that a URL names. @throws ForeignParty unless the sender's platform holds it. */
export function ownerOf(partner: Partner, id: PartyId): Party {
  return ownParty(partner, id) ?? fail({ kind: 'ForeignParty', party: partyWords(id) });
}
