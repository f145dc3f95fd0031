import { TRAILING_SLASHES } from '../domain/partner';
import { CONNECTION_STATES, ROLES } from '../domain/party';
import { ownedModules } from '../ocpi/versions';
import { syncSchemas } from './sync-schemas';
import { objectSchemas } from './objects';

/* What the paths refer to: parameters, headers, answers, and the schemas that are no OCPI objects of a module. */

type Json = Record<string, unknown>;

const text: Json = { type: 'string' };
const dateTime: Json = { type: 'string', format: 'date-time' };
const nullable = (schema: Json): Json => ({ anyOf: [schema, { type: 'null' }] });
const object = (properties: Record<string, Json>, required: string[] = []): Json => ({
  type: 'object',
  properties,
  ...(required.length ? { required } : {}),
});
const parameter = (name: string, where: 'query' | 'header', schema: Json): Json => ({
  name,
  in: where,
  required: false,
  schema,
});

const parameters: Record<string, Json> = {
  to_country_code: parameter('OCPI-to-country-code', 'header', text),
  to_party_id: parameter('OCPI-to-party-id', 'header', text),
  from_country_code: parameter('OCPI-from-country-code', 'header', text),
  from_party_id: parameter('OCPI-from-party-id', 'header', text),
  request_id: parameter('X-Request-ID', 'header', text),
  correlation_id: parameter('X-Correlation-ID', 'header', text),
  date_from: parameter('date_from', 'query', dateTime),
  date_to: parameter('date_to', 'query', dateTime),
  offset: parameter('offset', 'query', { type: 'integer', minimum: 0 }),
  limit: parameter('limit', 'query', { type: 'integer', minimum: 1 }),
  after: { ...parameter('after', 'query', text), description: 'The place that a Link of this hub gave' },
  relay: {
    ...parameter('relay', 'query', text),
    description: 'Names a page of a relayed list: a Link of this hub gave it',
  },
  duration: { ...parameter('duration', 'query', { type: 'integer' }), required: true },
  response_url: { ...parameter('response_url', 'query', { type: 'string', format: 'uri' }), required: true },
  token_type: parameter('type', 'query', { type: 'string', default: 'RFID' }),
};

const error = (description: string): Json => ({
  description,
  content: { 'application/json': { schema: { $ref: '#/components/schemas/Envelope' } } },
});

const responses: Record<string, Json> = {
  E400: error('The body is not JSON'),
  E401: error('Missing, unknown or unfit credentials token'),
  E404: error('Unknown path, object or party'),
  E405: error('Method not allowed here'),
  E413: error('The body is too large'),
  E429: {
    ...error('Over RATE_LIMIT_PER_SECOND'),
    headers: { 'Retry-After': { schema: { type: 'integer' } } },
  },
};

const policies: Record<string, Json> = {
  validation: { type: 'string', enum: ['strict', 'lenient'] },
  token_encoding: { type: 'string', enum: ['base64', 'plain'] },
  broadcast: { type: 'string', enum: ['party', 'platform'] },
  authorize_unknown_tokens: { type: 'boolean' },
  trailing_slash: { type: 'string', enum: TRAILING_SLASHES },
};

const party = object({ role: { type: 'string', enum: ROLES }, country_code: text, party_id: text }, [
  'role',
  'country_code',
  'party_id',
]);
const partner: Record<string, Json> = {
  id: text,
  name: text,
  state: { type: 'string', enum: ['PENDING', 'REGISTERED', 'UNREGISTERED', 'SUSPENDED'] },
  policies: object(policies, Object.keys(policies)),
  version: nullable(text),
  versions_url: nullable(text),
  endpoints: { type: 'array', items: object({ identifier: text, role: text, url: text }) },
  parties: {
    type: 'array',
    items: object({
      country_code: text,
      party_id: text,
      roles: { type: 'array', items: { type: 'string', enum: ROLES } },
      status: { type: 'string', enum: CONNECTION_STATES },
    }),
  },
  relay: object({
    circuit: { type: 'string', enum: ['CLOSED', 'OPEN', 'TRYING'] },
    last_error: nullable(text),
  }),
  last_heard: nullable(dateTime),
  last_success: nullable(dateTime),
  last_error: nullable(text),
  last_error_at: nullable(dateTime),
};
const behind = object({ changes: { type: 'integer' }, seconds: { type: 'integer' } });

const own: Record<string, Json> = {
  Envelope: object(
    { data: {}, status_code: { type: 'integer' }, status_message: text, timestamp: dateTime },
    ['status_code', 'timestamp'],
  ),
  Patch: {
    ...object({ last_updated: dateTime }, ['last_updated']),
    description: 'Fields of the object; null clears an optional',
  },
  Problem: object({
    type: text,
    title: text,
    status: { type: 'integer' },
    detail: text,
    errors: { type: 'array', items: object({ field: text, rule: text }) },
  }),
  NewPartner: object({ name: text, parties: { type: 'array', items: party }, ...policies }, ['name']),
  MadePartner: object({ id: text, name: text, token_a: text, versions_url: text }, ['id', 'token_a']),
  Registration: object({ versions_url: text, token_a: text }, ['versions_url', 'token_a']),
  Policies: object(policies),
  Partner: { ...object(partner, Object.keys(partner)), description: 'Never a token' },
  Finding: object({
    module: text,
    path: text,
    rule: text,
    count: { type: 'integer' },
    last_seen: dateTime,
    example_id: nullable(text),
  }),
  FeedPartner: object({
    partner_id: text,
    name: text,
    state: { type: 'string', enum: ['IN_SYNC', 'CATCHING_UP', 'PAUSED'] },
    behind,
    last_success: nullable(dateTime),
    last_error: nullable(text),
    last_error_at: nullable(dateTime),
    paused_until: nullable(dateTime),
    receivers: { type: 'array', items: { type: 'object' } },
  }),
  Delivery: object({
    id: text,
    state: text,
    module: text,
    object_id: text,
    part: nullable(text),
    owner: text,
    receiver: text,
    partner_id: nullable(text),
    attempts: { type: 'integer' },
    error: nullable(text),
    at: dateTime,
    location_url: nullable(text),
  }),
};

const kind: Json = { type: 'string', enum: ['delta', 'full'] };
const number: Json = { type: 'integer' };
const ownedModule: Json = { type: 'string', enum: ownedModules.map(({ identifier }) => identifier) };

const pulls: Record<string, Json> = {
  PullWish: {
    ...object({ kind, module: ownedModule, confirm_removals: { type: 'boolean' } }),
    description: 'All optional; confirm_removals: more than half of the tariffs may go, by a full pull',
  },
  Pulls: object(
    {
      items: { type: 'array', items: { $ref: '#/components/schemas/Pull' } },
      gone: { type: 'array', items: { $ref: '#/components/schemas/GoneObject' } },
    },
    ['items', 'gone'],
  ),
  Pull: object({
    party: text,
    module: ownedModule,
    state: { type: 'string', enum: ['waiting', 'running', 'done', 'failed'] },
    kind,
    requested: nullable(kind),
    date_from: nullable(dateTime),
    started_at: nullable(dateTime),
    finished_at: nullable(dateTime),
    since: nullable(dateTime),
    pages: number,
    objects: number,
    stored: number,
    unchanged: number,
    refused: number,
    gone: number,
    total: nullable(number),
    objects_per_second: nullable(number),
    ms: object({ download: number, check: number, write: number }),
    next_at: dateTime,
    next_full_at: nullable(dateTime),
    last_error: nullable(text),
    confirm_removals: { type: 'boolean' },
  }),
  GoneObject: object({
    party: text,
    module: ownedModule,
    object_id: text,
    last_updated: text,
    removed: { type: 'boolean' },
    since: dateTime,
  }),
};

/** The components of the document. */
export function components(): Json {
  return {
    securitySchemes: {
      credentialsToken: {
        type: 'apiKey',
        in: 'header',
        name: 'Authorization',
        description: 'Token <Base64 of the credentials token>',
      },
      adminToken: { type: 'http', scheme: 'bearer' },
    },
    parameters,
    headers: {
      Link: { schema: text },
      'X-Total-Count': { schema: { type: 'integer' } },
      'X-Limit': { schema: { type: 'integer' } },
    },
    responses,
    schemas: { ...own, ...pulls, ...syncSchemas(), ...objectSchemas() },
  };
}
