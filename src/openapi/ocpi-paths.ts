import type { DtoClass } from '../ocpi/check';
import {
  isOwned,
  resultsOf,
  type ModuleDescriptor,
  type OwnedModuleDescriptor,
  type RequestDescriptor,
} from '../ocpi/module';
import type { Version } from '../ocpi/version';
import { storedVersion, versions } from '../ocpi/versions';
import type { Route } from '../server/ocpi-call';

/* The OCPI paths, from the routes as they are mounted. */

type Json = Record<string, unknown>;

const ref = (kind: string, name: string): Json => ({ $ref: `#/components/${kind}/${name}` });
const schemaRef = (name: string): Json => ref('schemas', name);
const schemaOf = (cls: DtoClass): Json => schemaRef(cls.name);
const listOf = (cls: DtoClass): Json => ({ type: 'array', items: schemaOf(cls) });

const PAGING = ['date_from', 'date_to', 'offset', 'limit', 'after'];
const RELAYED_PAGE = 'relay';
const ROUTING = ['to_country_code', 'to_party_id', 'from_country_code', 'from_party_id'];

const OWNER_PARAMS = ['country_code', 'party_id'];

interface Shape {
  /** undefined: of the list of versions. */
  version: Version | undefined;
  /** The identifier of the module; of the versions endpoints their last segment. */
  name: string;
  /** The module, where it is a functional one. */
  module: ModuleDescriptor | undefined;
  owned: OwnedModuleDescriptor | undefined;
  side: string | undefined;
  params: string[];
  /** How many of the parameters name an object. */
  ids: number;
  isList: boolean;
}

function shapeOf(route: Route): Shape {
  const segments = route.pattern.split('/');
  const params = segments.filter((s) => s.startsWith(':')).map((s) => s.slice(1));
  const side = segments.find((s) => s === 'sender' || s === 'receiver');
  const name = (side ? segments[2] : segments[1]) ?? segments[0] ?? '';
  const version = versions.find(({ number }) => number === segments[0]);
  const module = version?.functionalModules.find(({ identifier }) => identifier === name);
  const owned = module && isOwned(module) ? module : undefined;
  const ids = params.filter((param) => !OWNER_PARAMS.includes(param)).length;
  const isList = route.method === 'GET' && side === 'sender' && segments.at(-1) === name;
  return { version, name, module, owned, side, params, ids, isList };
}

/** The request that a route serves, if it serves one. */
function requestOf(route: Route, { module, side }: Shape): RequestDescriptor | undefined {
  return module?.operations.find(
    (operation) =>
      operation.interface.toLowerCase() === side &&
      operation.method === route.method &&
      route.pattern.endsWith(`/${module.identifier}/${operation.path}`),
  )?.request;
}

/** The class of an object, or of a level of it, by how many ids name it. */
function classOf({ owned, ids }: Shape): DtoClass | undefined {
  return ids < 2 ? owned?.dto : owned?.levels[ids - 2]?.dto;
}

/** What endpoints of no functional module answer: versions, details, credentials, hubclientinfo. */
function ownData(route: Route, { version, name }: Shape): Json | undefined {
  if (!version) return listOf(storedVersion.versionDto);
  const { credentials, hubclientinfo } = version;
  if (name === hubclientinfo.identifier) return listOf(hubclientinfo.dto);
  if (name !== credentials.identifier) return schemaOf(version.detailsDto);
  return route.method === 'DELETE' ? undefined : schemaOf(credentials.dto);
}

function answerOf({ answer }: RequestDescriptor): Json | undefined {
  return typeof answer === 'string' ? { type: 'string', description: answer } : answer && schemaOf(answer);
}

function dataSchema(route: Route, shape: Shape): Json | undefined {
  if (!shape.module) return ownData(route, shape);
  const request = requestOf(route, shape);
  if (request) return answerOf(request);
  const cls = classOf(shape);
  if (route.method !== 'GET' || !cls) return undefined;
  return shape.isList ? listOf(cls) : schemaOf(cls);
}

/** What is posted to the URLs that the hub handed out for a module's requests. */
function resultSchema(version: Version, module: ModuleDescriptor): Json {
  const schemas = resultsOf(module).map((name) => schemaOf(version.results[name]));
  return schemas.length === 1 && schemas[0] ? schemas[0] : { oneOf: schemas };
}

function bodySchema(route: Route, shape: Shape): Json | undefined {
  const { version, module } = shape;
  if (route.method === 'GET' || route.method === 'DELETE' || !version) return undefined;
  if (!module) return schemaOf(version.credentials.dto);
  if (route.pattern.endsWith('/:response_url_id')) return resultSchema(version, module);
  const request = requestOf(route, shape);
  if (request) return request.body && schemaOf(request.body);
  if (route.method === 'PATCH') return schemaRef('Patch');
  const cls = classOf(shape);
  return cls ? schemaOf(cls) : { type: 'object' };
}

/** Of requests without a body: where the result is to go, and for a GET what length is asked for. */
function resultParameters(route: Route, shape: Shape): Json[] {
  const request = requestOf(route, shape);
  if (!request?.result || request.body) return [];
  const names = route.method === 'GET' ? ['duration', 'response_url'] : ['response_url'];
  return names.map((name) => ref('parameters', name));
}

function parametersOf(route: Route, shape: Shape): Json[] {
  const path = shape.params.map((name) => ({ name, in: 'path', required: true, schema: { type: 'string' } }));
  const routing = shape.side ? ROUTING.map((name) => ref('parameters', name)) : [];
  const names = shape.side ? [...PAGING, RELAYED_PAGE] : PAGING;
  const paging = shape.isList ? names.map((name) => ref('parameters', name)) : [];
  const type = shape.owned?.typed && shape.ids > 0 ? [ref('parameters', 'token_type')] : [];
  return [
    ...path,
    ...type,
    ...paging,
    ...resultParameters(route, shape),
    ...routing,
    ref('parameters', 'request_id'),
    ref('parameters', 'correlation_id'),
  ];
}

function envelopeOf(data: Json | undefined): Json {
  const schema = data
    ? { allOf: [schemaRef('Envelope'), { type: 'object', properties: { data } }] }
    : schemaRef('Envelope');
  return { 'application/json': { schema } };
}

const PAGE_HEADERS = Object.fromEntries(
  ['Link', 'X-Total-Count', 'X-Limit'].map((name) => [name, ref('headers', name)]),
);

function responsesOf(route: Route, shape: Shape): Json {
  const content = envelopeOf(dataSchema(route, shape));
  const headers = shape.isList ? { headers: PAGE_HEADERS } : {};
  const description = 'Done (status_code 1000), or refused by OCPI (2xxx, 3xxx, 4xxx under HTTP 200)';
  const creates = ['PUT', 'POST'].includes(route.method) && shape.side === 'receiver' && shape.owned;
  return {
    200: { description, content, ...headers },
    ...(creates ? { 201: { description: 'Newly created', content: envelopeOf(undefined) } } : {}),
    ...Object.fromEntries([400, 401, 404, 405, 413, 429].map((http) => [http, ref('responses', `E${http}`)])),
  };
}

function operationOf(route: Route): Json {
  const shape = shapeOf(route);
  const body = bodySchema(route, shape);
  return {
    tags: [shape.name === shape.version?.number ? 'versions' : shape.name],
    summary: `${route.method} ${shape.name}${shape.side ? `, ${shape.side} interface` : ''}`,
    security: [{ credentialsToken: [] }],
    parameters: parametersOf(route, shape),
    ...(body
      ? {
          requestBody: {
            required: !requestOf(route, shape)?.bodyIsOptional,
            content: { 'application/json': { schema: body } },
          },
        }
      : {}),
    responses: responsesOf(route, shape),
  };
}

/** `:name` as OpenAPI writes it. */
const openapiPath = (pattern: string): string => `/${pattern.replace(/:(\w+)/g, '{$1}')}`;

/** Paths of the OCPI API below /ocpi. */
export function ocpiPaths(routes: readonly Route[]): Record<string, Json> {
  const paths: Record<string, Json> = {};
  for (const route of routes) {
    const path = `/ocpi${openapiPath(route.pattern)}`;
    paths[path] = { ...paths[path], [route.method.toLowerCase()]: operationOf(route) };
  }
  return paths;
}
