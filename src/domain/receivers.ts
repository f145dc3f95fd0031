import { isLive, type Party } from './party';
import { endpointOf, type Partner } from './partner';
import { mayReceive, type OwnedModule } from './visibility';

const BROADCAST = ['locations', 'tariffs', 'tokens'] as const;
const FOR_ONE = ['sessions', 'cdrs'] as const;

/**
 * The modules of which a party of this platform gets pushes: those that the platform has a Receiver interface of;
 * under policy broadcast: "platform" of what is broadcast only the platform's first fitting party (HUB-SEMANTICS 27).
 */
export function receivedModules(party: Party, partner: Partner): Set<OwnedModule> {
  const modules = new Set<OwnedModule>();
  const offers = (module: OwnedModule): boolean => endpointOf(partner, module, 'RECEIVER') !== undefined;
  for (const module of BROADCAST) {
    const first = partner.parties.find((p) => isLive(p) && mayReceive(p, module));
    const chosen = partner.policies.broadcast === 'party' || first?.number === party.number;
    if (chosen && mayReceive(party, module) && offers(module)) modules.add(module);
  }
  for (const module of FOR_ONE) if (offers(module)) modules.add(module);
  return modules;
}
