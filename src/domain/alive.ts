/*
 * Is a platform CONNECTED or OFFLINE? One rule decides it: an alive check (GET of its versions; spec:
 * mod_hub_client_info, Still alive check). What passes between it and the hub says when to check, and that it is back.
 * Pure; seconds throughout, Infinity for what never was.
 */

export interface Reach {
  status: 'CONNECTED' | 'OFFLINE';
  /** Since its status became what it is. */
  statusS: number;
  /** Since it called the hub. */
  heardS: number;
  /** Since a request to it succeeded. */
  successS: number;
  /** Requests to it that failed on the way, with no success since the first of them, `failingS` ago. */
  failures: number;
  failingS: number;
  /** It went OFFLINE while it was calling the hub: a call does not show that it can be reached. */
  calling: boolean;
  /** Since the last alive check, and how many failed in a row up to it. */
  checkS: number;
  checksFailed: number;
}

export interface AliveLimits {
  /** Silent longer than this: checked. */
  silentS: number;
  /** So many failures, over so long: checked. Checks are as far apart at least. */
  failures: number;
  failingS: number;
  /** A failed check of one that was only silent is repeated after this: one lost packet is no evidence. */
  confirmS: number;
  /** For so long at least it stays CONNECTED: one that comes and goes does not toggle. */
  minimumInStateS: number;
}

export type AliveStep = 'rest' | 'check' | 'offline' | 'online';

/** The limits that belong to ALIVE_CHECK_S. */
export function aliveLimits(aliveCheckS: number): AliveLimits {
  return {
    silentS: aliveCheckS,
    failures: 3,
    failingS: Math.min(5, aliveCheckS),
    confirmS: Math.min(1, aliveCheckS),
    minimumInStateS: Math.min(30, aliveCheckS),
  };
}

/** What is to be done about a platform now. */
export function aliveStep(reach: Reach, limits: AliveLimits): AliveStep {
  return reach.status === 'CONNECTED' ? ofConnected(reach, limits) : ofOffline(reach, limits);
}

/** A call or a success since it is OFFLINE, unless calls alone are known to mean little. */
function ofOffline(reach: Reach, limits: AliveLimits): AliveStep {
  if (reach.successS < reach.statusS) return 'online';
  if (reach.heardS < reach.statusS && !reach.calling) return 'online';
  return reach.checkS >= pauseOf(reach, limits) ? 'check' : 'rest';
}

/** Checks of what is OFFLINE become rarer; a call since the last one is a reason to look at once. */
function pauseOf({ heardS, checkS, checksFailed }: Reach, { failingS, silentS }: AliveLimits): number {
  if (heardS < checkS) return failingS;
  return Math.min(silentS, failingS * 2 ** Math.min(checksFailed, 30));
}

function ofConnected(reach: Reach, limits: AliveLimits): AliveStep {
  const { statusS, heardS, successS, checkS } = reach;
  const failing = reach.failures >= limits.failures && reach.failingS >= limits.failingS;
  const silent = Math.min(heardS, successS, statusS) > limits.silentS;
  if (!(failing || silent) || statusS < limits.minimumInStateS) return 'rest';
  const failed = checkS < statusS && checkS < successS ? reach.checksFailed : 0;
  if (failed >= (failing ? 1 : 2)) return 'offline';
  return checkS >= (failed > 0 ? limits.confirmS : limits.failingS) ? 'check' : 'rest';
}

/** It called the hub while requests to it failed. */
export function isCalling(reach: Reach): boolean {
  return reach.heardS < reach.failingS && reach.failures > 0;
}
