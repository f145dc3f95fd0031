import { fail } from '../errors';
import type { Party, PartyId } from '../domain/party';
import type { RoutingHeaders } from '../ocpi/headers';
import type { ModuleDescriptor, OperationDescriptor, OwnedModuleDescriptor } from '../ocpi/module';
import { ownedModules } from '../ocpi/v2_2_1';
import type { Exchange } from './exchange';

/** A request to a functional module whose headers, sender and role are known. */
export interface Routed<M extends ModuleDescriptor = ModuleDescriptor> {
  exchange: Exchange;
  module: M;
  operation: OperationDescriptor;
  sender: Party;
  /** The sender as OCPI-from named it. */
  from: PartyId;
  /** Whom OCPI-to names. */
  to: PartyId | undefined;
  /** Of an object's URL on a Receiver interface. */
  owner: Party | undefined;
  /** URL segments below the owner. */
  ids: readonly string[];
  /** The answer's routing headers: set anew as soon as it is known who answers. */
  sides: RoutingHeaders;
}

export type OwnedRouted = Routed<OwnedModuleDescriptor>;

/** The module of this name, if the hub stores its objects. */
export const ownedModule = (module: ModuleDescriptor): OwnedModuleDescriptor | undefined =>
  Object.values(ownedModules).find((owned) => owned.identifier === module.identifier);

/** As one of a module whose objects the hub stores: lists, objects and pushes are of no other. */
export function asOwned(routed: Routed): OwnedRouted {
  return { ...routed, module: ownedModule(routed.module) ?? fail({ kind: 'HubFault' }) };
}
