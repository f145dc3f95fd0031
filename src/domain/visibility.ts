import { isLive, type Party, type Role } from './party';
import { endpointOf, type Partner } from './partner';

/*
 * Who may see what: one rule as data with two renderings, in memory for the feed (`maySee`), as sets for the SQL of
 * lists (`visibleOwners`). A test compares them on random data. HUB-SEMANTICS 27, 28, 30.
 */

export type OwnedModule = 'locations' | 'tariffs' | 'sessions' | 'cdrs' | 'tokens';

/** The number of a module in the tables of objects. 0 stands for all of an owner. */
export const MODULE_NUMBERS: Record<OwnedModule, number> = {
  locations: 1,
  tariffs: 2,
  sessions: 3,
  cdrs: 4,
  tokens: 5,
};

export const MODULE_NAMES: readonly OwnedModule[] = ['locations', 'tariffs', 'sessions', 'cdrs', 'tokens'];

export function moduleName(number: number): OwnedModule | undefined {
  return MODULE_NAMES.find((name) => MODULE_NUMBERS[name] === number);
}

export interface SharingRule {
  /** Roles whose parties may own objects of the module. */
  owners: readonly Role[];
  /** Roles whose parties a broadcast reaches. */
  receivers: readonly Role[];
  /** The object concerns one party (its counterpart) and nobody else sees it. */
  concernsOne: boolean;
}

const LOCATION_LIKE: SharingRule = {
  owners: ['CPO', 'NAP'],
  receivers: ['EMSP', 'NSP', 'NAP', 'OTHER'],
  concernsOne: false,
};
const SESSION_LIKE: SharingRule = {
  owners: ['CPO'],
  receivers: ['EMSP', 'OTHER', 'SCSP'],
  concernsOne: true,
};

export const SHARING: Record<OwnedModule, SharingRule> = {
  locations: LOCATION_LIKE,
  tariffs: LOCATION_LIKE,
  sessions: SESSION_LIKE,
  cdrs: SESSION_LIKE,
  tokens: { owners: ['EMSP', 'OTHER'], receivers: ['CPO'], concernsOne: false },
};

const hasOne = (party: Party, roles: readonly Role[]): boolean =>
  party.roles.some((role) => roles.includes(role));

/** May this party own objects of the module? */
export function mayOwn(party: Party, module: OwnedModule): boolean {
  return hasOne(party, SHARING[module].owners);
}

/** Does a broadcast of the module reach this party? */
export function mayReceive(party: Party, module: OwnedModule): boolean {
  return hasOne(party, SHARING[module].receivers);
}

export interface ObjectOwnership {
  module: OwnedModule;
  owner: Party;
  counterpart: number | null;
}

/** May `viewer` see this object? Its own always; of others what a broadcast would bring it. */
export function maySee(viewer: Party, object: ObjectOwnership): boolean {
  if (viewer.number === object.owner.number) return true;
  if (!isLive(object.owner)) return false;
  if (SHARING[object.module].concernsOne) return object.counterpart === viewer.number;
  return mayReceive(viewer, object.module) && mayOwn(object.owner, object.module);
}

/**
 * The same rule as sets of party numbers: owners all of whose objects are visible, and owners of what concerns the
 * viewer.
 */
export interface VisibleSet {
  module: OwnedModule;
  viewer: number;
  /** Every object of these owners. */
  owners: readonly number[];
  /** Of these owners, the objects whose counterpart is the viewer. */
  concerning: readonly number[];
}

/** `maySee` rendered for SQL. */
export function visibleSet(viewer: Party, module: OwnedModule, parties: readonly Party[]): VisibleSet {
  const live = parties.filter((p) => p.number !== viewer.number && isLive(p));
  const rule = SHARING[module];
  const broadcast = !rule.concernsOne && mayReceive(viewer, module);
  const owners = broadcast ? live.filter((p) => mayOwn(p, module)).map((p) => p.number) : [];
  const concerning = rule.concernsOne ? live.map((p) => p.number) : [];
  return { module, viewer: viewer.number, owners: [viewer.number, ...owners], concerning };
}

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
