import { LARGEST_PAGE } from '../admin/deliveries';
import { LONGEST_S } from '../admin/gaps';
import { NOT_KEPT_STATES } from '../admin/not-kept';
import { DELIVERY_STATES } from '../hub/admin/deliveries';
import { ownedModules } from '../ocpi/versions';
import { adminWords } from './admin-words';
import { shown } from './examples';
import { pathParameters } from './parameters';
import { adminTag } from './tags';

/* The admin API and the health endpoints: few enough to be written down. */

type Json = Record<string, unknown>;

const schemaRef = (name: string): Json => ({ $ref: `#/components/schemas/${name}` });
const nameOf = ({ $ref }: Json): string | undefined =>
  typeof $ref === 'string' ? $ref.slice($ref.lastIndexOf('/') + 1) : undefined;
const json = (schema: Json): Json => ({ 'application/json': { schema, ...shown(nameOf(schema)) } });
const PROBLEM = {
  description: 'Problem details (RFC 9457)',
  content: { 'application/problem+json': { schema: schemaRef('Problem'), ...shown('Problem') } },
};

const ONLY_READ = {
  description: 'Any method but GET and HEAD',
  headers: { Allow: { schema: { type: 'string' } } },
  content: json(schemaRef('Envelope')),
};

interface AdminOperation {
  summary: string;
  http: number;
  body?: string;
  answer?: Json;
  query?: Json[];
  optionalBody?: boolean;
  /** There is a 202 too, with the same content, and this is when. */
  later?: string;
}

const items = (name: string): Json => ({
  type: 'object',
  required: ['items'],
  properties: { items: { type: 'array', items: schemaRef(name) } },
});
const LAST_CHECK: Json = {
  type: 'object',
  required: ['check'],
  properties: { check: { anyOf: [schemaRef('Check'), { type: 'null' }] } },
};
const MODULES = ownedModules.map(({ identifier }) => identifier);
const inQuery = (name: string, description: string, schema: Json): Json => ({
  name,
  in: 'query',
  description,
  schema,
});

/** By path below /admin/api and method. */
const OPERATIONS: Record<string, Record<string, AdminOperation>> = {
  '/partners': {
    get: { summary: 'All partners', http: 200, answer: items('Partner') },
    post: {
      summary: 'Make a partner; the answer alone shows its token A',
      http: 201,
      body: 'NewPartner',
      answer: schemaRef('MadePartner'),
    },
  },
  '/partners/{id}': {
    get: { summary: 'One partner', http: 200, answer: schemaRef('Partner') },
    patch: { summary: 'Change its policies', http: 200, body: 'Policies', answer: schemaRef('Partner') },
    delete: { summary: 'Unregister it and release its parties', http: 204 },
  },
  '/partners/{id}/register': {
    post: {
      summary: 'The hub starts the handshake; answers when it has ended',
      http: 200,
      body: 'Registration',
      answer: schemaRef('Partner'),
    },
  },
  '/partners/{id}/token_a': {
    post: {
      summary: 'A fresh token A, for a partner that is not registered',
      http: 201,
      answer: schemaRef('MadePartner'),
    },
  },
  '/partners/{id}/suspend': {
    post: {
      summary: 'No traffic to and from it; its objects are hidden',
      http: 200,
      answer: schemaRef('Partner'),
    },
  },
  '/partners/{id}/resume': {
    post: { summary: 'The end of a suspension', http: 200, answer: schemaRef('Partner') },
  },
  '/partners/{id}/parties/{country_code}/{party_id}': { delete: { summary: 'Release one party', http: 204 } },
  '/partners/{id}/findings': {
    get: { summary: 'What its objects break, counted by path and rule', http: 200, answer: items('Finding') },
  },
  '/partners/{id}/pull': {
    get: { summary: 'Where its pulls stand, and what is gone', http: 200, answer: schemaRef('Pulls') },
    post: {
      summary: 'Pull its lists now; a worker does it',
      http: 202,
      body: 'PullWish',
      answer: schemaRef('Pulls'),
    },
  },
  '/partners/{id}/sync': {
    get: {
      summary: 'In sync or not, behind by what and since when, last push and pull a module, last check',
      http: 200,
      answer: schemaRef('PartnerSync'),
    },
  },
  '/partners/{id}/push': {
    post: {
      summary:
        'Push again: all that its parties may see (CDRs apart), a module, the objects of an owner, or one object',
      http: 202,
      body: 'PushWish',
      optionalBody: true,
      answer: {
        type: 'object',
        properties: {
          partner_id: { type: 'string' },
          receivers: { type: 'integer' },
          objects: { type: 'integer' },
        },
      },
    },
  },
  '/partners/{id}/check': {
    get: { summary: 'The last comparison, also while it runs', http: 200, answer: LAST_CHECK },
    post: {
      summary: 'Compare what it has on its Receiver interfaces with what it should have',
      http: 200,
      later: 'It takes longer: so far',
      body: 'CheckRequest',
      optionalBody: true,
      answer: LAST_CHECK,
    },
  },
  '/gaps': {
    get: {
      summary: 'Sessions that ended without a CDR, and CDRs without a session, a pair of parties each',
      http: 200,
      answer: schemaRef('Gaps'),
      query: [
        {
          name: 'older_than_s',
          in: 'query',
          description: 'Seconds since the end; GAP_AFTER_HOURS where it is absent',
          schema: { type: 'integer', minimum: 0, maximum: LONGEST_S },
        },
      ],
    },
  },
  '/feed': {
    get: { summary: 'Where every partner stands in the feed', http: 200, answer: items('FeedPartner') },
  },
  '/deliveries': {
    get: {
      summary: 'Deliveries in a state, newest first',
      http: 200,
      answer: schemaRef('Deliveries'),
      query: [
        inQuery('state', 'Which deliveries', { type: 'string', enum: DELIVERY_STATES, default: 'failed' }),
        inQuery('partner', 'Those to this partner', { type: 'string', format: 'uuid' }),
        inQuery('module', 'Those of this module', { type: 'string', enum: MODULES }),
        inQuery('from', 'Those that changed at or after this time', { type: 'string', format: 'date-time' }),
        inQuery('to', 'Those that changed before this time', { type: 'string', format: 'date-time' }),
        inQuery('cursor', '`next` of the page before', { type: 'string' }),
        inQuery('limit', 'Deliveries per page', {
          type: 'integer',
          minimum: 1,
          maximum: LARGEST_PAGE,
          default: LARGEST_PAGE,
        }),
      ],
    },
  },
  '/deliveries/retry': {
    post: {
      summary: 'Send all failed deliveries of a partner again that match',
      http: 202,
      body: 'RetryWish',
      answer: { type: 'object', properties: { retried: { type: 'integer' } } },
    },
  },
  '/not-kept': {
    get: {
      summary: 'Relayed objects that their receiver accepted and the hub could not keep',
      http: 200,
      answer: items('NotKept'),
      query: [
        inQuery('state', 'Open or settled ones', {
          type: 'string',
          enum: [...NOT_KEPT_STATES],
          default: 'not_kept',
        }),
        inQuery('partner', 'Those of this partner', { type: 'string', format: 'uuid' }),
      ],
    },
  },
  '/not-kept/{id}/settle': {
    post: {
      summary: 'Settle which copy the hub has',
      http: 200,
      body: 'Settlement',
      answer: schemaRef('NotKept'),
    },
  },
  '/deliveries/{id}/retry': {
    post: {
      summary: 'Send a failed delivery again',
      http: 202,
      answer: { type: 'object', properties: { id: { type: 'string' }, state: { const: 'waiting' } } },
    },
  },
};

function operation(method: string, path: string, of: AdminOperation): Json {
  const { summary, http, body, answer, query = [], later } = of;
  const content = answer ? { content: json(answer) } : {};
  const names = [...path.matchAll(/\{(\w+)\}/g)].map((match) => match[1] ?? '');
  return {
    tags: [adminTag(path)],
    ...adminWords(method, path, summary),
    summary,
    security: [{ adminToken: [] }],
    parameters: [...pathParameters(names), ...query],
    ...(body ? { requestBody: { required: !of.optionalBody, content: json(schemaRef(body)) } } : {}),
    responses: {
      [http]: { description: summary, ...content },
      ...(later ? { 202: { description: later, ...content } } : {}),
      default: PROBLEM,
    },
  };
}

/** Paths of the admin API, of health and metrics. */
export function adminPaths(): Record<string, Json> {
  const admin = Object.entries(OPERATIONS).map(([path, methods]) => {
    const operations = Object.entries(methods).map(
      ([method, one]) => [method, operation(method, path, one)] as const,
    );
    return [`/admin/api${path}`, Object.fromEntries(operations)] as const;
  });
  const plain = (operationId: string, summary: string, responses: Json): Json => ({
    get: {
      tags: ['health'],
      operationId,
      summary,
      description: `${summary}. Open to all who reach the port.`,
      security: [],
      parameters: [],
      responses: { ...responses, 405: ONLY_READ },
    },
  });
  const state = (...states: string[]): Json =>
    json({ type: 'object', properties: { status: { enum: states } }, required: ['status'] });
  return {
    ...Object.fromEntries(admin),
    '/health/live': plain('getLive', 'The process lives', {
      200: { description: 'It does', content: state('live') },
    }),
    '/health/ready': plain('getReady', 'Database and migrations are there', {
      200: { description: 'Ready', content: state('ready') },
      503: { description: 'Not ready', content: state('not ready') },
    }),
    '/metrics': plain('getMetrics', 'Prometheus metrics', {
      200: { description: 'Text format', content: { 'text/plain': { schema: { type: 'string' } } } },
    }),
  };
}
