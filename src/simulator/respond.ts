import type { ServerResponse } from 'node:http';
import type { Json } from './json';
import type { Override, ReceivedRequest, Reply } from './types';

/* How an answer, or what a test makes of it, goes to the socket. */

/** Does the override replace the answer, so that the request is not handled? */
export function replacesAnswer(override: Override): boolean {
  const { http, body, status_code, data, hang, reset, drip } = override;
  return [http, body, status_code, data, hang, reset, drip].some(
    (given) => given !== undefined && given !== false,
  );
}

/** Answers: the reply as changed by the override. */
export function respond(
  response: ServerResponse,
  request: ReceivedRequest,
  answer: { reply: Reply; override: Override | undefined },
): void {
  const override = answer.override ?? {};
  if (override.hang === true || response.destroyed) return;
  if (override.reset === true) return void response.socket?.resetAndDestroy();
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
