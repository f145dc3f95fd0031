import type { Route } from '../../server/ocpi-call';
import { answerContent, emptyContent, requestBody } from './bodies';
import { wordsOf } from './words';
import { pathParameters } from '../parameters';
import { shapeOf, type Shape } from './route-shape';

/* The OCPI paths, from the routes as they are mounted. */

type Json = Record<string, unknown>;

const ref = (kind: string, name: string): Json => ({ $ref: `#/components/${kind}/${name}` });

const PAGING = ['date_from', 'date_to', 'offset', 'limit', 'after'];
const RELAYED_PAGE = 'relay';
const ROUTING = ['to_country_code', 'to_party_id', 'from_country_code', 'from_party_id'];
const IDS = ['request_id', 'correlation_id'];

/** Of requests without a body: where the result is to go, and for a GET what length is asked for. */
function resultParameters({ route, request }: Shape): string[] {
  if (!request?.result || request.body) return [];
  return route.method === 'GET' ? ['duration', 'response_url'] : ['response_url'];
}

function parametersOf(shape: Shape, pathNames: readonly string[]): Json[] {
  const paging = shape.side ? [...PAGING, RELAYED_PAGE] : PAGING;
  const names = [
    ...(shape.owned?.typed && shape.ids > 0 ? ['token_type'] : []),
    ...(shape.isList ? paging : []),
    ...resultParameters(shape),
    ...(shape.module ? ROUTING : []),
    ...IDS,
  ];
  return [...pathParameters(pathNames, shape.params), ...names.map((name) => ref('parameters', name))];
}

const headersOf = (...names: string[]): Json =>
  Object.fromEntries(names.map((name) => [name, ref('headers', name)]));
const ID_HEADERS = ['X-Request-ID', 'X-Correlation-ID'];
const PAGE_HEADERS = ['Link', 'X-Total-Count', 'X-Limit'];
const ROUTING_HEADERS = [
  'OCPI-from-country-code',
  'OCPI-from-party-id',
  'OCPI-to-country-code',
  'OCPI-to-party-id',
];
const ERRORS = [400, 401, 404, 405, 413, 415, 429, 503];

function responsesOf(shape: Shape): Json {
  const { route, owned, side, isList } = shape;
  const creates = ['PUT', 'POST'].includes(route.method) && side === 'receiver' && owned;
  const headers = headersOf(
    ...ID_HEADERS,
    ...(shape.module ? ROUTING_HEADERS : []),
    ...(isList ? PAGE_HEADERS : []),
    ...(creates && owned.push === 'POST' ? ['Location'] : []),
  );
  const description = 'Done (status_code 1000), or refused by OCPI (2xxx, 3xxx, 4xxx under HTTP 200)';
  return {
    200: { description, headers, content: answerContent(shape) },
    ...(creates ? { 201: { description: 'Newly created', headers, content: emptyContent(shape) } } : {}),
    ...Object.fromEntries(ERRORS.map((http) => [http, ref('responses', `E${http}`)])),
    ...(shape.module ? { default: ref('responses', 'Relayed') } : {}),
  };
}

function operationOf(route: Route, pathNames: readonly string[]): Json {
  const shape = shapeOf(route);
  const { id, summary, description } = wordsOf(shape);
  return {
    tags: [shape.name === shape.version?.number ? 'versions' : shape.name],
    operationId: id,
    summary,
    description,
    security: [{ credentialsToken: [] }],
    parameters: parametersOf(shape, pathNames),
    ...requestBody(shape),
    responses: responsesOf(shape),
  };
}

/** `:name` as OpenAPI writes it. */
const openapiPath = (pattern: string): string => `/ocpi/${pattern.replace(/:(\w+)/g, '{$1}')}`;

/**
 * Paths of the OCPI API below /ocpi. OpenAPI knows no two paths that differ only in the names of their parameters: the
 * first one names them for all.
 */
export function ocpiPaths(routes: readonly Route[]): Record<string, Json> {
  const paths: Record<string, Json> = {};
  const known = new Map<string, string>();
  for (const route of routes) {
    const alike = route.pattern.replace(/:\w+/g, ':');
    const path = known.get(alike) ?? openapiPath(route.pattern);
    known.set(alike, path);
    const names = [...path.matchAll(/\{(\w+)\}/g)].map(([, name = '']) => name);
    paths[path] = { ...paths[path], [route.method.toLowerCase()]: operationOf(route, names) };
  }
  return paths;
}
