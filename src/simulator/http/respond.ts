import type { ServerResponse } from 'node:http';
import type { Json } from '../json';
import type { Exchange, Override, ReceivedRequest, Reply } from '../types';

/* How an answer, or what a test makes of it, goes to the socket. */

/** Does the override replace the answer, so that the request is not handled? */
export function replacesAnswer(override: Override): boolean {
  const { http, body, status_code, data, hang, reset, drip } = override;
  return [http, body, status_code, data, hang, reset, drip].some(
    (given) => given !== undefined && given !== false,
  );
}

/** The platform's reply to a request, and what a test makes of it. */
export interface Answering {
  reply: Reply;
  override: Override | undefined;
}

/**
 * Answers: the reply as changed by the override; then does what the reply wants done afterwards.
 * @returns HTTP and OCPI status as answered; undefined where no whole answer goes out, or none with an OCPI status
 */
export function respond(
  response: ServerResponse,
  request: ReceivedRequest,
  { reply, override = {} }: Answering,
): Pick<Exchange, 'http' | 'status'> {
  const gone = override.hang === true || override.reset === true || response.destroyed;
  if (override.reset === true) response.socket?.resetAndDestroy();
  if (!gone) write(response, request, { reply, override });
  afterwards(response, reply.after);
  if (gone || override.drip !== undefined) return { http: undefined, status: undefined };
  const { http, status_code } = { ...reply, ...given(override) };
  return { http, status: override.body === undefined ? status_code : undefined };
}

function afterwards(response: ServerResponse, after: (() => void) | undefined): void {
  if (after === undefined) return;
  if (response.writableEnded && !response.destroyed) response.once('close', after);
  else after();
}

function write(
  response: ServerResponse,
  request: ReceivedRequest,
  answer: { reply: Reply; override: Override },
): void {
  const { override } = answer;
  const reply = { ...answer.reply, ...given(override) };
  const headers = { ...identifiers(request), ...answer.reply.headers, ...override.headers };
  response.writeHead(reply.http, { 'content-type': 'application/json', ...headers });
  if (override.drip !== undefined) return drip(response, override.drip);
  response.end(override.body === undefined ? envelope(reply) : textOf(override.body));
}

function given({ http, status_code, status_message, data }: Override): Partial<Reply> {
  return Object.fromEntries(
    Object.entries({ http, status_code, status_message, data }).filter(([, value]) => value !== undefined),
  );
}

/** X-Request-ID and X-Correlation-ID as they came (transport_and_format, "Unique message IDs"). */
function identifiers(request: ReceivedRequest): Record<string, string> {
  const names = ['x-request-id', 'x-correlation-id'];
  return Object.fromEntries(
    names.flatMap((name) => {
      const value = request.headers[name];
      return value === undefined ? [] : [[name, value]];
    }),
  );
}

function envelope({ data, status_code, status_message }: Reply): string {
  return JSON.stringify({ data, status_code, status_message, timestamp: new Date().toISOString() });
}

function textOf(body: Json): string {
  return typeof body === 'string' ? body : JSON.stringify(body);
}

function drip(response: ServerResponse, everyMs: number): void {
  const timer = setInterval(() => response.write(' '), everyMs);
  response.on('close', () => clearInterval(timer));
}
