import type { DtoClass } from '../../ocpi/check';
import {
  isOwned,
  type ModuleDescriptor,
  type OwnedModuleDescriptor,
  type RequestDescriptor,
} from '../../ocpi/module';
import type { Version } from '../../ocpi/version';
import { versions } from '../../ocpi/versions';
import type { Route } from '../../server/ocpi-call';

/* What a mounted route is about, read from its pattern: version, module, interface, object. */

const OWNER_PARAMS = ['country_code', 'party_id'];

/** What a route is about. */
export interface Shape {
  route: Route;
  /** undefined: of the list of versions. */
  version: Version | undefined;
  /** The identifier of the module; of the versions endpoints their last segment. */
  name: string;
  /** The module, where it is a functional one. */
  module: ModuleDescriptor | undefined;
  owned: OwnedModuleDescriptor | undefined;
  side: 'sender' | 'receiver' | undefined;
  params: string[];
  /** How many of the parameters name an object. */
  ids: number;
  isList: boolean;
  /** The request that it serves, if it serves one. */
  request: RequestDescriptor | undefined;
  /** It is posted to, or read, at a URL that the hub handed out. */
  handedOut: boolean;
}

function requestOf(
  route: Route,
  side: string | undefined,
  module: ModuleDescriptor | undefined,
): RequestDescriptor | undefined {
  return module?.operations.find(
    (operation) =>
      operation.interface.toLowerCase() === side &&
      operation.method === route.method &&
      route.pattern.endsWith(`/${module.identifier}/${operation.path}`),
  )?.request;
}

/** Reads a route. */
export function shapeOf(route: Route): Shape {
  const segments = route.pattern.split('/');
  const params = segments.filter((s) => s.startsWith(':')).map((s) => s.slice(1));
  const side = segments.includes('sender')
    ? 'sender'
    : segments.includes('receiver')
      ? 'receiver'
      : undefined;
  const name = (side ? segments[2] : segments[1]) ?? segments[0] ?? '';
  const version = versions.find(({ number }) => number === segments[0]);
  const module = version?.functionalModules.find(({ identifier }) => identifier === name);
  const owned = module && isOwned(module) ? module : undefined;
  const ids = params.filter((param) => !OWNER_PARAMS.includes(param)).length;
  const isList = route.method === 'GET' && side === 'sender' && segments.at(-1) === name;
  const request = requestOf(route, side, module);
  const handedOut = params.some((param) => param.endsWith('_url_id'));
  return { route, version, name, module, owned, side, params, ids, isList, request, handedOut };
}

/** The class of an object, or of a level of it, by how many ids name it. */
export function classOf({ owned, ids }: Shape): DtoClass | undefined {
  return ids < 2 ? owned?.dto : owned?.levels[ids - 2]?.dto;
}
