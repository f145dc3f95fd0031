import type { RequestDescriptor } from '../ocpi/module';
import { functionalModules } from '../ocpi/v2_2_1';
import type { Route } from '../server/ocpi-call';

/* The OCPI paths, from the routes as they are mounted. */

type Json = Record<string, unknown>;

const ref = (kind: string, name: string): Json => ({ $ref: `#/components/${kind}/${name}` });
const schemaRef = (name: string): Json => ref('schemas', name);

/** Classes of what a module's object paths carry, by the deepest parameter of the path. */
const CLASS_OF_PARAM: Record<string, string> = {
  location_id: 'Location',
  evse_uid: 'EVSE',
  connector_id: 'Connector',
  tariff_id: 'Tariff',
  session_id: 'Session',
  cdr_id: 'CDR',
  token_uid: 'Token',
};
const CLASS_OF_MODULE: Record<string, string> = {
  locations: 'Location',
  tariffs: 'Tariff',
  sessions: 'Session',
  cdrs: 'CDR',
  tokens: 'Token',
};
const PAGING = ['date_from', 'date_to', 'offset', 'limit', 'after'];
const RELAYED_PAGE = 'relay';
const ROUTING = ['to_country_code', 'to_party_id', 'from_country_code', 'from_party_id'];

/** The handed-out URLs, by their parameter: what they take or give. */
const RESULTS: Record<string, Json> = {
  commands: schemaRef('CommandResult'),
  chargingprofiles: {
    oneOf: ['ActiveChargingProfileResult', 'ChargingProfileResult', 'ClearProfileResult'].map(schemaRef),
  },
};
/** What requests are answered, by module; authorize and charging_preferences by the end of their path. */
const ANSWERS: Record<string, Json> = {
  commands: schemaRef('CommandResponse'),
  chargingprofiles: schemaRef('ChargingProfileResponse'),
  tokens: schemaRef('AuthorizationInfo'),
  sessions: { type: 'string', description: 'ChargingPreferencesResponse' },
};

/** The request that a route serves, if it serves one. */
function requestOf(route: Route, shape: Shape): RequestDescriptor | undefined {
  const module = functionalModules.find(({ identifier }) => identifier === shape.module);
  return module?.operations.find(
    ({ interface: side, method, path }) =>
      side.toLowerCase() === shape.side &&
      method === route.method &&
      route.pattern.endsWith(`/${module.identifier}/${path}`),
  )?.request;
}

interface Shape {
  module: string;
  side: string | undefined;
  params: string[];
  isList: boolean;
}

function shapeOf(route: Route): Shape {
  const segments = route.pattern.split('/');
  const params = segments.filter((s) => s.startsWith(':')).map((s) => s.slice(1));
  const side = segments.find((s) => s === 'sender' || s === 'receiver');
  const module = (side ? segments[2] : segments[1]) ?? segments[0] ?? '';
  const last = segments.at(-1);
  const isList =
    route.method === 'GET' && ((side === 'sender' && last === module) || module === 'hubclientinfo');
  return { module, side, params, isList };
}

function dataSchema(route: Route, shape: Shape): Json | undefined {
  const { module, params, isList } = shape;
  if (route.pattern === 'versions') return { type: 'array', items: schemaRef('Version') };
  if (module === '2.2.1' || route.pattern === '2.2.1') return schemaRef('VersionDetails');
  if (module === 'credentials') return route.method === 'DELETE' ? undefined : schemaRef('Credentials');
  if (isList)
    return {
      type: 'array',
      items: module === 'hubclientinfo' ? schemaRef('ClientInfo') : schemaRef(CLASS_OF_MODULE[module] ?? ''),
    };
  if (requestOf(route, shape))
    return shape.side === 'sender' && module === 'chargingprofiles' ? undefined : ANSWERS[module];
  const last = params.at(-1) ?? '';
  if (last === 'location_url_id') return schemaRef('CDR');
  return route.method === 'GET' && shape.side && CLASS_OF_MODULE[module]
    ? schemaRef(CLASS_OF_PARAM[last] ?? '')
    : undefined;
}

function bodySchema(route: Route, shape: Shape): Json | undefined {
  if (route.method === 'GET' || route.method === 'DELETE') return undefined;
  if (shape.module === 'credentials') return schemaRef('Credentials');
  if (shape.module === 'cdrs') return schemaRef('CDR');
  if (route.pattern.endsWith('/:response_url_id')) return RESULTS[shape.module];
  const request = requestOf(route, shape);
  if (request) return request.body && schemaRef(request.body.name);
  if (route.method === 'PATCH') return schemaRef('Patch');
  const owned = shape.side === 'receiver' && CLASS_OF_MODULE[shape.module];
  return owned ? schemaRef(CLASS_OF_PARAM[shape.params.at(-1) ?? ''] ?? '') : { type: 'object' };
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
  const type = shape.params.includes('token_uid') ? [ref('parameters', 'token_type')] : [];
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
  const creates =
    ['PUT', 'POST'].includes(route.method) && shape.side === 'receiver' && CLASS_OF_MODULE[shape.module];
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
    tags: [shape.module === '2.2.1' ? 'versions' : shape.module],
    summary: `${route.method} ${shape.module}${shape.side ? `, ${shape.side} interface` : ''}`,
    security: [{ credentialsToken: [] }],
    parameters: parametersOf(route, shape),
    ...(body
      ? {
          requestBody: {
            required: !route.pattern.endsWith('/authorize'),
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
