import type { Partner } from '../partner';
import { isLive, type Party } from '../party';
import { mayOwn, mayReceive, receivedModules, type SharedModule } from '../visibility';

/*
 * Whether a partner is in sync, in one word, and why not: one rule for all that names the state. The first that holds is
 * told. What somebody decided comes first, then what keeps everything back, then what is missing. Pure.
 */

export const SYNC_STATES = [
  'SUSPENDED',
  'NOT_CONNECTED',
  'NOTHING_TO_SYNC',
  'PAUSED',
  'REFUSING',
  'CATCHING_UP',
  'INCOMPLETE',
  'NEVER_PULLED',
  'IN_SYNC',
] as const;
export type SyncState = (typeof SYNC_STATES)[number];

/** What is known of a partner. What an asker does not look at, it leaves out. */
export interface Standing {
  suspended: boolean;
  /** Its parties are live, its platform is registered and answers. */
  connected: boolean;
  /** Why nothing flows either way; undefined where something does. */
  nothingFlows: string | undefined;
  /** Until when nothing is sent to it. */
  pausedUntil: string | null;
  lastError: string | null;
  /** Modules of which it refuses what it gets. */
  refusing: readonly string[];
  /** Something waits for it: changes, a full push, CDRs. */
  waits: boolean;
  /** Failed and uncertain deliveries, and differences that a check found. */
  missing?: number;
  /** Lists that were asked for and never read to their end. */
  neverPulled?: readonly string[];
}

/** A state, and why it is that one; no reason where it is in sync. */
export interface StateAndReason {
  state: SyncState;
  reason: string | null;
}

type Rule = (standing: Standing) => string | false;

const RULES: Record<Exclude<SyncState, 'IN_SYNC'>, Rule> = {
  SUSPENDED: (s) => s.suspended && 'an admin suspended it',
  NOT_CONNECTED: (s) =>
    !s.connected && `it is not connected${s.lastError === null ? '' : `: ${s.lastError}`}`,
  NOTHING_TO_SYNC: (s) => s.nothingFlows ?? false,
  PAUSED: (s) => s.pausedUntil !== null && `it is down, the next try is at ${s.pausedUntil}`,
  REFUSING: (s) => s.refusing.length > 0 && `since its last success it refused ${s.refusing.join(', ')}`,
  CATCHING_UP: (s) => s.waits && 'something waits for it, see behind',
  INCOMPLETE: (s) => (s.missing ?? 0) > 0 && `${s.missing} objects did not reach it or differ there`,
  NEVER_PULLED: (s) => (s.neverPulled ?? []).length > 0 && `never pulled: ${s.neverPulled?.join(', ')}`,
};

/** The state of a partner, and why. */
export function syncState(standing: Standing): StateAndReason {
  for (const state of SYNC_STATES) {
    if (state === 'IN_SYNC') break;
    const reason = RULES[state](standing);
    if (reason !== false) return { state, reason };
  }
  return { state: 'IN_SYNC', reason: null };
}

/**
 * Why nothing flows between the hub and a partner, whatever happens: none of its parties owns objects of these modules
 * or gets any. undefined where something flows.
 */
export function nothingFlows(partner: Partner, modules: readonly SharedModule[]): string | undefined {
  const parties = partner.parties.filter(isLive);
  const gets = (party: Party): boolean =>
    [...receivedModules(party, partner, modules)].some((module) => mayReceive(party, module));
  const flows = parties.some((party) => modules.some((module) => mayOwn(party, module)) || gets(party));
  if (parties.length === 0 || flows) return undefined;
  const roles = [...new Set(parties.flatMap((party) => party.roles))];
  if (roles.every((role) => role === 'HUB')) return 'its only role is HUB: hubs are not chained yet';
  return `its roles (${roles.join(', ')}) own nothing, and it has no Receiver of what they may get`;
}
