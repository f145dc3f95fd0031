import { endpointOf, isConnected, type Partner } from './partner';
import { isLive, type Party } from './party';
import { MODULE_NAMES, mayOwn, type OwnedModule } from './visibility';

/*
 * What is pulled of a partner: per party the modules that its role may own and that its platform offers as SENDER.
 * A PARTY is asked at a time, as TO names one (HUB-SEMANTICS, Tolerance).
 */

export type PullKind = 'delta' | 'full';

/** One list of a partner. */
export interface PullTarget {
  party: Party;
  module: OwnedModule;
  /** Its SENDER endpoint. */
  endpoint: string;
}

/** The lists of a partner that are pulled; none while it is not connected. */
export function pullTargets(partner: Partner): PullTarget[] {
  if (!isConnected(partner)) return [];
  return partner.parties.filter(isLive).flatMap((party) =>
    MODULE_NAMES.flatMap((module) => {
      const endpoint = endpointOf(partner, module, 'SENDER');
      return endpoint !== undefined && mayOwn(party, module) ? [{ party, module, endpoint }] : [];
    }),
  );
}

/** More than half of what is stored: nothing is removed until an admin says so. */
export const isTooMuchGone = (gone: number, stored: number): boolean => gone * 2 > stored;
