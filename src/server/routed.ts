import { fail } from '../errors';
import type { Party, PartyId } from '../domain/party';
import {
  isOwned,
  type ModuleDescriptor,
  type OperationDescriptor,
  type OwnedModuleDescriptor,
} from '../ocpi/module';
import { mayOwn, mayReceive } from '../domain/visibility';
import { endpointPath } from '../ocpi/urls';
import type { Version } from '../ocpi/version';
import type { OcpiCall } from './ocpi-call';

/** A request to a functional module whose headers, sender and role are known. */
export interface Routed<M extends ModuleDescriptor = ModuleDescriptor> {
  call: OcpiCall;
  version: Version;
  module: M;
  operation: OperationDescriptor;
  /** Path of the module's endpoint, below /ocpi. */
  endpoint: string;
  sender: Party;
  /** The sender as OCPI-from named it. */
  from: PartyId;
  /** Whom OCPI-to names. */
  to: PartyId | undefined;
  /** Of an object's URL on a Receiver interface. */
  owner: Party | undefined;
  /** URL segments below the owner. */
  ids: readonly string[];
}

export type OwnedRouted = Routed<OwnedModuleDescriptor>;

/** An operation as it is served: what is the same for each of its requests is found once. */
export interface Served {
  version: Version;
  module: ModuleDescriptor;
  operation: OperationDescriptor;
  endpoint: string;
  /** The module, if the hub stores its objects. */
  owned: OwnedModuleDescriptor | undefined;
  /** Sessions and CDRs. */
  concernsOne: boolean;
  /** Parameters of the path that name the object, outermost first. */
  idParams: readonly string[];
  /** May this party send such a request? It decides where a platform of several parties does not say which speaks. */
  fits: (party: Party) => boolean;
}

const OWNER_PARAMS = ['country_code', 'party_id'];

function fitsFor(
  owned: OwnedModuleDescriptor | undefined,
  operation: OperationDescriptor,
): (party: Party) => boolean {
  const { request } = operation;
  if (request) return (party) => party.roles.some((role) => request.from.includes(role));
  if (!owned) return () => true;
  if (operation.interface === 'RECEIVER') return (party) => mayOwn(party, owned);
  return (party) => mayReceive(party, owned);
}

/** What is known of an operation before any request for it comes. */
export function served(version: Version, module: ModuleDescriptor, operation: OperationDescriptor): Served {
  const owned = isOwned(module) ? module : undefined;
  const params = operation.path.split('/').filter((segment) => segment.startsWith(':'));
  return {
    version,
    module,
    operation,
    endpoint: endpointPath({ version, module: module.identifier, interface: operation.interface }),
    owned,
    concernsOne: owned !== undefined && owned.sharing.concernsOne,
    idParams: params.map((param) => param.slice(1)).filter((name) => !OWNER_PARAMS.includes(name)),
    fits: fitsFor(owned, operation),
  };
}

/** As one of a module whose objects the hub stores: lists, objects and pushes are of no other. */
export function asOwned(routed: Routed, { owned }: Served): OwnedRouted {
  return { ...routed, module: owned ?? fail({ kind: 'HubFault' }) };
}
