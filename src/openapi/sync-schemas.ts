import { SYNC_STATES } from '../domain/sync/sync-state';
import { LARGEST_SAMPLE } from '../admin/sync';
import { ownedModules } from '../ocpi/versions';

/* Schemas of a partner's sync, of its comparison with the hub, and of gaps. */

type Json = Record<string, unknown>;

const text: Json = { type: 'string' };
const integer: Json = { type: 'integer' };
const number: Json = { type: 'number' };
const dateTime: Json = { type: 'string', format: 'date-time' };
const moduleId: Json = { type: 'string', enum: ownedModules.map(({ identifier }) => identifier) };
const nullable = (schema: Json): Json => ({ anyOf: [schema, { type: 'null' }] });
const list = (items: Json): Json => ({ type: 'array', items });
const object = (properties: Record<string, Json>): Json => ({
  type: 'object',
  properties,
  required: Object.keys(properties),
});
const counts = (...names: string[]): Record<string, Json> =>
  Object.fromEntries(names.map((name) => [name, integer]));

const example: Json = {
  type: 'object',
  required: ['what', 'receiver', 'owner', 'id'],
  properties: {
    what: { type: 'string', enum: ['missing', 'different', 'undeleted'] },
    receiver: text,
    owner: text,
    id: text,
    path: { ...text, description: 'Of the first difference' },
    expected: {},
    found: {},
  },
};

const moduleDrift = object({
  module: moduleId,
  state: {
    type: 'string',
    enum: ['COMPARED', 'NOT_COMPARABLE'],
    description: 'NOT_COMPARABLE: the partner serves no GET there, so nothing counts as drift',
  },
  reason: nullable(text),
  ...counts('checked', 'equal', 'missing', 'different', 'undeleted', 'pending', 'unknown'),
  examples: list(example),
});

const gapExample: Json = {
  type: 'object',
  required: ['id', 'ended_at', 'kwh'],
  properties: { id: text, ended_at: dateTime, kwh: number, session_id: text },
};
const side = object({ count: integer, kwh: number });
const sideOfPair = object({
  count: integer,
  kwh: number,
  oldest: nullable(dateTime),
  examples: { ...list(gapExample), maxItems: 100 },
});

const check = object({
  id: text,
  state: { type: 'string', enum: ['RUNNING', 'DONE', 'FAILED', 'INTERRUPTED'] },
  sample: { ...nullable(integer), description: 'Objects a module and receiver; null: all' },
  modules: list(moduleDrift),
  drift: integer,
  error: nullable(text),
  repaired: { type: 'boolean', description: 'A push from scratch was asked for since' },
  started_at: dateTime,
  finished_at: nullable(dateTime),
});

const pull = object({ country_code: text, party_id: text, module: text, last_success: nullable(dateTime) });

const sync = object({
  partner_id: text,
  name: text,
  in_sync: { type: 'boolean' },
  state: { type: 'string', enum: [...SYNC_STATES] },
  reason: { ...nullable(text), description: 'Why it is in this state; null where it is in sync' },
  since: { ...nullable(dateTime), description: 'The oldest of what is open' },
  behind: object({
    ...counts('changes', 'seconds'),
    full_push: { type: 'boolean' },
    ...counts('deliveries_failed', 'cdrs_waiting', 'cdrs_uncertain', 'client_info'),
  }),
  last_error: nullable(text),
  last_error_at: nullable(dateTime),
  paused_until: nullable(dateTime),
  pushes: list(object({ module: text, last_success: dateTime })),
  pulls: list(pull),
  last_check: nullable({ $ref: '#/components/schemas/Check' }),
});

const gaps = object({
  older_than_s: integer,
  complete: { type: 'boolean', description: 'false: more was written than has been compared yet' },
  read_at: nullable(dateTime),
  sums: object({ sessions_without_cdr: side, cdrs_without_session: side, cdrs_not_linked: integer }),
  pairs: list(
    object({
      cpo: text,
      emsp: nullable(text),
      sessions_without_cdr: sideOfPair,
      cdrs_without_session: sideOfPair,
      cdrs_not_linked: integer,
    }),
  ),
});

export function syncSchemas(): Record<string, Json> {
  return {
    CheckRequest: {
      type: 'object',
      additionalProperties: false,
      properties: {
        sample: {
          anyOf: [{ type: 'integer', minimum: 1, maximum: LARGEST_SAMPLE }, { const: 'all' }],
          default: 20,
          description: 'Objects a module and receiver',
        },
        module: moduleId,
      },
    },
    Check: check,
    PartnerSync: sync,
    Gaps: gaps,
  };
}
