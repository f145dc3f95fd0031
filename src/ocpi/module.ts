import type { InterfaceRole } from '../domain/partner';
import type { Operation } from '../domain/route';
import type { OwnedModule } from '../domain/visibility';

/*
 * Modules as data, both directions, no Express: the same descriptor makes the routes, the pushes and the version
 * details. A module is one folder and one line in the index of its version.
 */

export type ModuleID = OwnedModule | 'commands' | 'chargingprofiles' | 'hubclientinfo' | 'credentials';

/** One line of ENDPOINTS.md. */
export interface OperationDescriptor {
  interface: InterfaceRole;
  method: 'GET' | 'POST' | 'PUT' | 'PATCH' | 'DELETE';
  /** Below the module's endpoint; '' is the endpoint itself. */
  path: string;
  operation: Operation;
}

export interface ModuleDescriptor {
  identifier: ModuleID;
  operations: readonly OperationDescriptor[];
}

export interface OwnedModuleDescriptor extends ModuleDescriptor {
  identifier: OwnedModule;
  /** The field that identifies an object within its owner. */
  idField: 'id' | 'uid';
}

/** A segment of a URL to a partner. */
const segment = (value: string): string => encodeURIComponent(value);

/** Joins a partner's endpoint and segments with one `/` each, whatever the endpoint ends in. */
export function urlUnder(endpoint: string, segments: readonly string[]): string {
  const base = endpoint.replace(/\/+$/, '');
  return segments.length === 0 ? endpoint : `${base}/${segments.map(segment).join('/')}`;
}
