import { isLive, type Party, type Role } from './party';
import { endpointOf, type Partner } from './partner';

/*
 * Who may see what: one rule as data with two renderings, in memory for the feed (`maySee`), as sets for the SQL of
 * lists (`visibleOwners`). A test compares them on random data. semantics 27, 28, 30.
 */

export interface SharingRule {
  /** Roles whose parties may own objects of the module. */
  owners: readonly Role[];
  /** Roles whose parties a broadcast reaches. */
  receivers: readonly Role[];
  /** The object concerns one party (its counterpart) and nobody else sees it. */
  concernsOne: boolean;
}

/** A module whose objects the hub shares, as far as the rule needs it. */
export interface SharedModule {
  identifier: string;
  /** Its number in the tables of objects, which never changes. 0 stands for all objects of an owner. */
  number: number;
  sharing: SharingRule;
}

const hasOne = (party: Party, roles: readonly Role[]): boolean =>
  party.roles.some((role) => roles.includes(role));

/** May this party own objects of the module? */
export function mayOwn(party: Party, { sharing }: Pick<SharedModule, 'sharing'>): boolean {
  return hasOne(party, sharing.owners);
}

/** Does a broadcast of the module reach this party? */
export function mayReceive(party: Party, { sharing }: Pick<SharedModule, 'sharing'>): boolean {
  return hasOne(party, sharing.receivers);
}

export interface ObjectOwnership {
  module: Pick<SharedModule, 'sharing'>;
  owner: Party;
  counterpart: number | null;
}

/** May `viewer` see this object? Its own always; of others what a broadcast would bring it. */
export function maySee(viewer: Party, object: ObjectOwnership): boolean {
  if (viewer.number === object.owner.number) return true;
  if (!isLive(object.owner)) return false;
  if (object.module.sharing.concernsOne) return object.counterpart === viewer.number;
  return mayReceive(viewer, object.module) && mayOwn(object.owner, object.module);
}

/**
 * The same rule as sets of party numbers: owners all of whose objects are visible, and owners of what concerns the
 * viewer.
 */
export interface VisibleSet<M extends SharedModule = SharedModule> {
  module: M;
  viewer: number;
  /** Every object of these owners. */
  owners: readonly number[];
  /** Of these owners, the objects whose counterpart is the viewer. */
  concerning: readonly number[];
}

/** `maySee` rendered for SQL. */
export function visibleSet<M extends SharedModule>(
  viewer: Party,
  module: M,
  parties: readonly Party[],
): VisibleSet<M> {
  const live = parties.filter((p) => p.number !== viewer.number && isLive(p));
  const { concernsOne } = module.sharing;
  const broadcast = !concernsOne && mayReceive(viewer, module);
  const owners = broadcast ? live.filter((p) => mayOwn(p, module)).map((p) => p.number) : [];
  const concerning = concernsOne ? live.map((p) => p.number) : [];
  return { module, viewer: viewer.number, owners: [viewer.number, ...owners], concerning };
}

/** Does a broadcast of the module go to this party of a platform? */
function isChosen(party: Party, partner: Partner, module: SharedModule): boolean {
  if (!mayReceive(party, module)) return false;
  if (partner.policies.broadcast === 'party') return true;
  const first = partner.parties.find((p) => isLive(p) && mayReceive(p, module));
  return first?.number === party.number;
}

/**
 * Those of these modules of which a party of this platform gets pushes: the platform has a Receiver interface of them;
 * under policy broadcast: "platform" of what is broadcast only the platform's first fitting party (semantics 27).
 */
export function receivedModules<M extends SharedModule>(
  party: Party,
  partner: Partner,
  modules: readonly M[],
): Set<M> {
  const offered = modules.filter(
    ({ identifier }) => endpointOf(partner, identifier, 'RECEIVER') !== undefined,
  );
  return new Set(offered.filter((module) => module.sharing.concernsOne || isChosen(party, partner, module)));
}
