import { isLive, type Party } from './party';
import { endpointOf, type Partner } from './partner';
import { mayReceive, MODULE_NAMES, SHARING, type OwnedModule } from './visibility';

const BROADCAST = MODULE_NAMES.filter((module) => !SHARING[module].concernsOne);
const FOR_ONE = MODULE_NAMES.filter((module) => SHARING[module].concernsOne);

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
