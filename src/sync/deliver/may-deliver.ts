import { isConnected, type Partner } from '../../domain/partner';
import { isLive, type Party } from '../../domain/party';
import type { SyncContext } from '../context';
import type { Lease } from '../leases/leases';
import { AGAIN_MS } from '../loop';

/** Does the party take part in traffic, and its platform too? */
export function isReachable(party: Party | undefined, partner: Partner | undefined): boolean {
  return party !== undefined && partner !== undefined && isLive(party) && isConnected(partner);
}

/**
 * For how many milliseconds nothing may go to this partner under this lease; 0: something may go now. A lease in doubt
 * is in force again with the next heartbeat, or gone.
 */
export function waitMs(
  { pauses }: Pick<SyncContext, 'pauses'>,
  to: { partner: string; lease: Lease },
): number {
  if (!to.lease.isValid()) return AGAIN_MS;
  return Math.max(pauses.pauseMs(to.partner), to.lease.waitMs);
}
