import { fold } from '../domain/ci-string';
import type { Fields } from '../domain/json/fields';
import { withSlash, type InterfaceRole, type TrailingSlash } from '../domain/partner';
import type { PartyId, Role } from '../domain/party';
import type { Operation } from '../domain/relay/route';
import type { SharedModule } from '../domain/visibility';
import type { DtoClass } from './check';

/*
 * Modules as data, both directions, no Express: the same descriptor makes the routes, the pushes, the version details
 * and the OpenAPI document. A module is one folder and one line in the index of its version.
 */

/** By what the content of a request names the one that it is for (open routing, semantics 29). */
export type NamedBy = 'token' | 'location' | 'session' | 'reservation' | 'profile setter';

/** What is posted to a response_url. */
export type ResultName =
  'CommandResult' | 'ActiveChargingProfileResult' | 'ChargingProfileResult' | 'ClearProfileResult';

/** A request: checked by the hub before it goes out, answered by the one that it concerns (semantics 20a). */
export interface RequestDescriptor {
  /** Roles whose parties send it. */
  from: readonly Role[];
  namedBy: NamedBy;
  /** The field of its body that names it, where the URL does not. */
  namedIn?: string;
  /** What its body holds; undefined: it has none. */
  body?: DtoClass;
  bodyIsOptional?: boolean;
  /** What its answer holds, for the OpenAPI document: a class, or the name of an enum. */
  answer?: DtoClass | string;
  /** Its answer has no data: an empty 2xx will do. */
  answersNothing?: boolean;
  /** It has a response_url, in its body or else its query, to which this is posted later. */
  result?: ResultName;
}

/** One line of docs/endpoints.md. */
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
  /** ModuleID. */
  identifier: string;
  /** Its objects may be some megabytes large. */
  largeBodies?: boolean;
  operations: readonly OperationDescriptor[];
}

/** Objects within an object, in a list of it, that are put and read by their own id. */
export interface Level {
  /** The member that is the list. */
  member: string;
  idField: 'id' | 'uid';
  /** What one is called in a message. */
  what: string;
  dto: DtoClass;
}

/** How a pushed object is received: as a whole; level by level, the first of which has rows; or once for good. */
export type ReceiveKind = 'whole' | 'levels' | 'once';

/** How an object names the one party that it concerns. */
export interface ConcernedParty {
  member: string;
  /** The party that the value of this member names. */
  party: (value: unknown) => PartyId | undefined;
}

/** A list to which a PATCH appends, and the DateTime of its elements that tells their order. */
export interface Appended {
  member: string;
  orderedBy: string;
}

/** A module whose objects the hub stores. */
export interface OwnedModuleDescriptor extends ModuleDescriptor, SharedModule {
  /** The field that identifies an object within its owner. */
  idField: 'id' | 'uid';
  /** The class of its objects. */
  dto: DtoClass;
  receive: ReceiveKind;
  /** How an object is pushed: PUT at its URL; POST at the endpoint, once, answered with its Location. */
  push: 'PUT' | 'POST';
  /** It has DELETE: an object that a full pull does not see any more is deleted, not only reported. */
  deletable: boolean;
  /** What is within an object, from the outside to the inside. */
  levels: readonly Level[];
  /** What names an object that is not here: `unknown <what>: <id>`. */
  unknown: { status_code: number; what: string };
  /** Objects are told apart by this member too, `?type=` in URLs; what it is where none is named (semantics 41). */
  typed?: { member: string; fallback: string };
  /** Where sharing is `concernsOne`: how an object names that party. */
  concerned?: ConcernedParty;
  /** A list to which a PATCH appends (semantics 35). */
  appended?: Appended;
  /** A request that names an object by this is for the owner of the object. */
  names?: NamedBy;
  /** A receiver of its objects may pass them on to parties of this role (semantics 37). */
  passedOnTo?: Role;
  /** Its objects pile up: a scheduled full pull looks back a month. */
  pilesUp?: boolean;
  /** Its list is asked for with a date_from always (semantics 33a). */
  needsDateFrom?: boolean;
}

/** Does the hub store the objects of this module? */
export function isOwned(module: ModuleDescriptor): module is OwnedModuleDescriptor {
  return 'sharing' in module;
}

/** The key of an object within its owner: ids are CiStrings. `type`: its `?type=`, where the module has one. */
export function keyOf(
  { typed }: Pick<OwnedModuleDescriptor, 'typed'>,
  id: string,
  type: string | undefined,
): string {
  const key = fold(id);
  return typed ? `${fold(type ?? typed.fallback)}/${key}` : key;
}

/** The party that an object concerns, as it names it. */
export function concernedIn(
  { concerned }: Pick<OwnedModuleDescriptor, 'concerned'>,
  fields: Fields,
): PartyId | undefined {
  return concerned?.party(fields[concerned.member]);
}

/** What is posted to the response_urls of a module's requests. */
export function resultsOf({ operations }: ModuleDescriptor): ResultName[] {
  const names = operations.flatMap(({ request }) => (request?.result ? [request.result] : []));
  return [...new Set(names)];
}

/** What a URL at a partner has beside its path. */
interface UrlEnd {
  /** Query of the hub's, with its `?`. */
  search?: string;
  /** The partner's policy. */
  slash: TrailingSlash;
}

/**
 * An endpoint and a path below it, with one `/` between them, whatever either brings (semantics, Tolerance). An endpoint
 * may have a query of its own, a key say: it stays, and `search` comes behind it.
 */
export function urlBelow(endpoint: string, path: string, { search = '', slash }: UrlEnd): string {
  const at = endpoint.indexOf('?');
  const base = at < 0 ? endpoint : endpoint.slice(0, at);
  const own = at < 0 ? '' : endpoint.slice(at);
  const below = path.replace(/^\/+/, '');
  const url = withSlash(below === '' ? base : `${base.replace(/\/+$/, '')}/${below}`, slash);
  if (own.length < 2) return url + search;
  return url + own + (search.length > 1 ? `&${search.slice(1)}` : '');
}

/** As `urlBelow`, of segments, which are percent-encoded. */
export function urlUnder(endpoint: string, segments: readonly string[], end: UrlEnd): string {
  return urlBelow(endpoint, segments.map(encodeURIComponent).join('/'), end);
}
