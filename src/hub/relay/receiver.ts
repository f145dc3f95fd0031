import { fail } from '../../errors';
import { isLive, partyWords, type Party, type PartyId } from '../../domain/party';
import { endpointOf, isConnected, type InterfaceRole, type Partner } from '../../domain/partner';
import type { ModuleID } from '../../ocpi/module';
import type { Registry } from '../../store/registry';

/** The one that a message goes to. */
export interface Receiver {
  party: Party;
  partner: Partner;
  /** As OCPI-to names it. */
  named: PartyId;
}

/** The platform behind a party. @throws ReceiverNotConnected (HUB-SEMANTICS 22) */
export function receiverOf(registry: Registry, party: Party, named: PartyId = party): Receiver {
  const partner = party.partner === null ? undefined : registry.partner(party.partner);
  if (!partner || !isLive(party) || !isConnected(partner))
    return fail({ kind: 'ReceiverNotConnected', party: partyWords(named), reason: party.status });
  return { party, partner, named };
}

/** The one that OCPI-to names. @throws UnknownReceiver, ReceiverNotConnected */
export async function receiverNamed(registry: Registry, to: PartyId): Promise<Receiver> {
  const party = registry.party(to) ?? (await registry.findParty(to));
  if (!party) return fail({ kind: 'UnknownReceiver', party: partyWords(to) });
  return receiverOf(registry, party, to);
}

/** Where the receiver serves this interface. @throws Unroutable where it does not */
export function endpointAt(receiver: Receiver, at: { module: ModuleID; interface: InterfaceRole }): string {
  const url = endpointOf(receiver.partner, at.module, at.interface);
  const what = `${at.module} as ${at.interface}`;
  return url ?? fail({ kind: 'Unroutable', reason: `${partyWords(receiver.named)} does not offer ${what}` });
}
