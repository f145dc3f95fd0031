import { MOST_IDS } from '../admin/deliveries';
import { KEEP, LONGEST_REASON, NOT_KEPT_STATES } from '../admin/not-kept';
import { OWNER } from '../admin/sync';
import { COUNTRY_CODE, NAME, PARTY_ID, TOKEN } from '../admin/partner-input';
import { SYNC_STATES } from '../domain/sync/sync-state';
import { TRAILING_SLASHES } from '../domain/partner';
import { CONNECTION_STATES, ROLES } from '../domain/party';
import { ownedModules } from '../ocpi/versions';
import { headers, parameters } from './parameters';
import { responses } from './responses';
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
const policies: Record<string, Json> = {
  validation: { type: 'string', enum: ['strict', 'lenient'] },
  token_encoding: { type: 'string', enum: ['base64', 'plain'] },
  broadcast: { type: 'string', enum: ['party', 'platform'] },
  authorize_unknown_tokens: { type: 'boolean' },
  trailing_slash: { type: 'string', enum: TRAILING_SLASHES },
};

const ruled = ({ pattern }: { pattern: RegExp }): Json => ({ type: 'string', pattern: pattern.source });
/** An input of the admin API: what it does not know is refused. */
const input = (properties: Record<string, Json>, required: string[] = []): Json => ({
  ...object(properties, required),
  additionalProperties: false,
});
const party = input(
  {
    role: { type: 'string', enum: ROLES },
    country_code: ruled(COUNTRY_CODE),
    party_id: ruled(PARTY_ID),
  },
  ['role', 'country_code', 'party_id'],
);
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

/** What a receiver said to a delivery that it did not take. */
const receiverAnswer: Record<string, Json> = {
  http: nullable({ type: 'integer' }),
  status_code: nullable({ type: 'integer' }),
  status_message: nullable(text),
  body: nullable(text),
  request_id: text,
  correlation_id: text,
};

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
  NewPartner: input({ name: ruled(NAME), parties: { type: 'array', items: party }, ...policies }, ['name']),
  MadePartner: object({ id: text, name: text, token_a: text, versions_url: text }, ['id', 'token_a']),
  Registration: input({ versions_url: { type: 'string', format: 'uri' }, token_a: ruled(TOKEN) }, [
    'versions_url',
    'token_a',
  ]),
  Policies: input(policies),
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
    state: { type: 'string', enum: [...SYNC_STATES] },
    reason: nullable(text),
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
    ...receiverAnswer,
    location_url: nullable(text),
  }),
};

const kind: Json = { type: 'string', enum: ['delta', 'full'] };
const number: Json = { type: 'integer' };
const ownedModule: Json = { type: 'string', enum: ownedModules.map(({ identifier }) => identifier) };

const deliveries: Record<string, Json> = {
  Deliveries: object(
    { items: { type: 'array', items: { $ref: '#/components/schemas/Delivery' } }, next: nullable(text) },
    ['items', 'next'],
  ),
  NotKept: object({
    id: text,
    partner_id: text,
    module: text,
    owner: text,
    receiver: text,
    object_id: text,
    method: text,
    rule: text,
    offered: nullable(text),
    count: { type: 'integer' },
    correlation_id: text,
    first_at: dateTime,
    at: dateTime,
    state: { type: 'string', enum: [...NOT_KEPT_STATES] },
    kept: nullable({ type: 'string', enum: [...KEEP] }),
    reason: nullable(text),
    settled_at: nullable(dateTime),
    differences: { type: 'array', items: object({ path: text, expected: {}, found: {} }) },
  }),
  Settlement: input(
    { keep: { type: 'string', enum: [...KEEP] }, reason: { type: 'string', maxLength: LONGEST_REASON } },
    ['keep'],
  ),
  RetryWish: input(
    {
      partner: { type: 'string', format: 'uuid' },
      module: ownedModule,
      ids: {
        type: 'array',
        maxItems: MOST_IDS,
        items: { type: 'string', pattern: '^(cdr|obj)-(\\d{1,18})$' },
      },
    },
    ['partner'],
  ),
  PushWish: {
    ...input({
      module: ownedModule,
      owner: { type: 'string', pattern: OWNER.source },
      id: { type: 'string', minLength: 1, maxLength: 255 },
    }),
    dependentRequired: { owner: ['module'], id: ['module'] },
  },
};

const pulls: Record<string, Json> = {
  PullWish: {
    ...input({ kind, module: ownedModule, confirm_removals: { type: 'boolean' } }),
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
        description:
          'Token <Base64 of the credentials token>: token A until registration, then the token that it answered',
      },
      adminToken: { type: 'http', scheme: 'bearer', description: 'ADMIN_TOKEN of the hub' },
    },
    parameters,
    headers,
    responses,
    schemas: { ...own, ...deliveries, ...pulls, ...syncSchemas(), ...objectSchemas() },
  };
}
