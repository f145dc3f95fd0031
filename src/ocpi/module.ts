import type { InterfaceRole } from '../domain/partner';
import type { Role } from '../domain/party';
import type { Operation } from '../domain/relay/route';
import type { OwnedModule } from '../domain/visibility';
import type { DtoClass } from './check';

/*
 * Modules as data, both directions, no Express: the same descriptor makes the routes, the pushes and the version
 * details. A module is one folder and one line in the index of its version.
 */

export type ModuleID = OwnedModule | 'commands' | 'chargingprofiles' | 'hubclientinfo' | 'credentials';

/** By what the content of a request names the one that it is for (open routing, HUB-SEMANTICS 29). */
export type NamedBy = 'token' | 'location' | 'session' | 'reservation' | 'profile setter';

/** What is posted to a response_url. */
export type ResultName =
  'CommandResult' | 'ActiveChargingProfileResult' | 'ChargingProfileResult' | 'ClearProfileResult';

/** A request: checked by the hub before it goes out, answered by the one that it concerns (HUB-SEMANTICS 20a). */
export interface RequestDescriptor {
  /** Roles whose parties send it. */
  from: readonly Role[];
  namedBy: NamedBy;
  /** What its body holds; undefined: it has none. */
  body?: DtoClass;
  bodyIsOptional?: boolean;
  /** Its answer has no data: an empty 2xx will do. */
  answersNothing?: boolean;
  /** It has a response_url, in its body or else its query, to which this is posted later. */
  result?: ResultName;
}

/** One line of ENDPOINTS.md. */
export type OperationDescriptor = {
  interface: InterfaceRole;
  method: 'GET' | 'POST' | 'PUT' | 'PATCH' | 'DELETE';
  /** Below the module's endpoint; '' is the endpoint itself. */
  path: string;
} & (
  | { operation: Exclude<Operation, 'request'>; request?: undefined }
  | { operation: 'request'; request: RequestDescriptor }
);

export interface ModuleDescriptor {
  identifier: ModuleID;
  operations: readonly OperationDescriptor[];
}

export interface OwnedModuleDescriptor extends ModuleDescriptor {
  identifier: OwnedModule;
  /** The field that identifies an object within its owner. */
  idField: 'id' | 'uid';
}

/** An endpoint and a path below it, with one `/` between them, whatever either brings (HUB-SEMANTICS, Tolerance). */
export function urlBelow(endpoint: string, path: string): string {
  const below = path.replace(/^\/+/, '');
  return below === '' ? endpoint : `${endpoint.replace(/\/+$/, '')}/${below}`;
}

/** Joins a partner's endpoint and segments, which are percent-encoded. */
export function urlUnder(endpoint: string, segments: readonly string[]): string {
  return urlBelow(endpoint, segments.map(encodeURIComponent).join('/'));
}
