import { modulesOf } from './endpoints';
import { HttpClient } from './http-client';
import type { PlatformState } from './state';
import type { OfferedModule, Party } from './types';

export interface PlatformOptions {
  /** For messages; the first party's name where not given. */
  name?: string;
  parties: Party[];
  /** What version details list beside credentials; what the parties' roles usually have, where not given. */
  offered?: OfferedModule[];
  /** 0 or not given: any free one. */
  port?: number;
  /** X-Limit of its lists, 50 where not given. */
  pageLimit?: number;
  /**
   * Refuse what it does not know: locations and sessions of commands, response_urls it did not give out, parties
   * that TO names. False where not given.
   */
  strict?: boolean;
}

/** The state of a platform that is registered nowhere. */
export function initialState(
  options: PlatformOptions,
  server: Pick<PlatformState, 'baseUrl' | 'notify'>,
): PlatformState {
  const { parties, pageLimit = 50, strict = false } = options;
  return {
    ...server,
    name: options.name ?? parties[0]?.name ?? 'platform',
    parties,
    offered: options.offered ?? usualModules(parties),
    pageLimit,
    strict,
    invitations: new Set(),
    accepted: new Set(),
    peer: undefined,
    client: new HttpClient(),
    stored: new Map(),
    clientInfo: new Map(),
    owned: new Map(),
    reservations: new Map(),
    profiles: new Map(),
    asynchronous: { post: 'by hand', timeout: 30 },
    authorizing: {},
    asked: [],
    results: new Map(),
    observe: () => undefined,
  };
}

function usualModules(parties: Party[]): OfferedModule[] {
  const all = parties.flatMap((party) => modulesOf(party.role));
  return [...new Map(all.map((line) => [`${line.role} ${line.identifier}`, line])).values()];
}
