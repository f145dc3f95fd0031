import type { OcpiError } from '../errors';
import { replyTo } from '../server/error-replies';

/* Answers of OCPI that refuse, as the hub's own table of errors has them. */

type Json = Record<string, unknown>;

const TIMESTAMP = '2026-01-05T12:00:00.000Z';

/** What the hub answers to this error, as an example. */
export function refusal(error: OcpiError): Json {
  const { status_code, status_message } = replyTo(error);
  return { status_code, status_message, timestamp: TIMESTAMP };
}

/** An envelope of a success. `data`: undefined where it has none. */
export const success = (data: unknown): Json => ({
  ...(data === undefined ? {} : { data }),
  status_code: 1000,
  timestamp: TIMESTAMP,
});

function response(description: string, error: OcpiError, headers?: Json): Json {
  const schema = { $ref: '#/components/schemas/Envelope' };
  return {
    description,
    ...(headers ? { headers } : {}),
    content: { 'application/json': { schema, example: refusal(error) } },
  };
}

const RETRY_AFTER = { 'Retry-After': { description: 'Seconds', schema: { type: 'integer' } } };
const ALLOW = { Allow: { description: 'The methods that are allowed', schema: { type: 'string' } } };

/** Refusals by HTTP status, and what is said of relayed messages. */
export const responses: Record<string, Json> = {
  E400: response('The body is not JSON', { kind: 'NotJson', reason: 'Unexpected end of JSON input' }),
  E401: response('Missing, unknown or unfit credentials token', {
    kind: 'Unauthorized',
    reason: 'unknown credentials token',
  }),
  E404: response('Unknown path, object or party', { kind: 'ForeignParty', party: 'BE/XYZ' }),
  E405: response(
    'Method not allowed here, or not in this state',
    { kind: 'MethodNotAllowed', method: 'PATCH', allow: ['GET', 'PUT', 'DELETE'] },
    ALLOW,
  ),
  E413: response('The body is too large', { kind: 'BodyTooLarge', limit: 1_048_576 }),
  E415: response('A packed body (Content-Encoding): send it as it is', {
    kind: 'UnsupportedEncoding',
    encoding: 'gzip',
  }),
  E429: response('Over RATE_LIMIT_PER_SECOND', { kind: 'TooManyRequests' }, RETRY_AFTER),
  E503: response(
    'Too many large bodies are under way: send this one again',
    { kind: 'TooManyBytes' },
    RETRY_AFTER,
  ),
  Relayed: { description: 'Of a relayed message: whatever its receiver answered' },
};
