import { endpointOf, isConnected, type Partner } from './partner';
import { isLive, type Party } from './party';
import { mayOwn, type SharedModule } from './visibility';

/*
 * What is pulled of a partner: per party the modules that its role may own and that its platform offers as SENDER.
 * A PARTY is asked at a time, as TO names one (semantics, Tolerance).
 */

export type PullKind = 'delta' | 'full';

/** One list of a partner. */
export interface PullTarget<M extends SharedModule = SharedModule> {
  party: Party;
  module: M;
  /** Its SENDER endpoint. */
  endpoint: string;
}

/** The lists of a partner that are pulled, of these modules; none while it is not connected. */
export function pullTargets<M extends SharedModule>(
  partner: Partner,
  modules: readonly M[],
): PullTarget<M>[] {
  if (!isConnected(partner)) return [];
  return partner.parties.filter(isLive).flatMap((party) =>
    modules.flatMap((module) => {
      const endpoint = endpointOf(partner, module.identifier, 'SENDER');
      return endpoint !== undefined && mayOwn(party, module) ? [{ party, module, endpoint }] : [];
    }),
  );
}

/** More than half of what is stored: nothing is removed until an admin says so. */
export const isTooMuchGone = (gone: number, stored: number): boolean => gone * 2 > stored;
