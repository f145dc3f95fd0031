import type { ServerResponse } from 'node:http';
import type { Override, ReceivedRequest, Reply } from './types';

/** Sends the platform's own answer: envelope, echoed ids, routing headers swapped. */
export function sendReply(response: ServerResponse, request: ReceivedRequest, reply: Reply): void {
  const { status_code, status_message, data } = reply;
  const timestamp = new Date().toISOString();
  const body = JSON.stringify({ status_code, status_message, timestamp, data });
  send(response, reply.http, { ...echoed(request), ...reply.headers }, body);
}

/** True where an override leaves nothing of the platform's own answer. */
export function replaces(override: Override): boolean {
  const { http, body, status_code, status_message, data, hang, reset, drip } = override;
  const parts = [http, body, status_code, status_message, data, drip];
  return hang === true || reset === true || parts.some((part) => part !== undefined);
}

/** Answers as an override says: hang, reset, drip, or what it sets on top of `reply`. */
export function sendOverride(
  response: ServerResponse,
  request: ReceivedRequest,
  override: Override,
  reply: Reply,
): void {
  if (override.hang === true) return;
  if (override.reset === true) return resetSocket(response);
  const headers = { ...echoed(request), ...reply.headers, ...override.headers };
  if (override.drip !== undefined) return drip(response, headers, override.drip);
  send(response, override.http ?? reply.http, headers, bodyOf(override, reply));
}

function bodyOf(override: Override, reply: Reply): string {
  if (typeof override.body === 'string') return override.body;
  if (override.body !== undefined) return JSON.stringify(override.body);
  const { status_code, status_message, data } = { ...reply, ...onlyGiven(override) };
  return JSON.stringify({ status_code, status_message, timestamp: new Date().toISOString(), data });
}

function onlyGiven({ status_code, status_message, data }: Override): Partial<Reply> {
  return {
    ...(status_code === undefined ? {} : { status_code }),
    ...(status_message === undefined ? {} : { status_message }),
    ...(data === undefined ? {} : { data }),
  };
}

function send(response: ServerResponse, http: number, headers: Record<string, string>, body: string): void {
  if (response.destroyed) return;
  const length = String(Buffer.byteLength(body));
  response.writeHead(http, { 'content-type': 'application/json', ...headers, 'content-length': length });
  response.end(body);
}

function drip(response: ServerResponse, headers: Record<string, string>, everyMs: number): void {
  response.writeHead(200, { 'content-type': 'application/json', ...headers });
  const timer = setInterval(() => response.write(' '), everyMs);
  response.on('close', () => clearInterval(timer));
}

function resetSocket(response: ServerResponse): void {
  response.socket?.resetAndDestroy();
}

const SWAPPED = [
  ['ocpi-from-country-code', 'OCPI-to-country-code'],
  ['ocpi-from-party-id', 'OCPI-to-party-id'],
  ['ocpi-to-country-code', 'OCPI-from-country-code'],
  ['ocpi-to-party-id', 'OCPI-from-party-id'],
  ['x-request-id', 'X-Request-ID'],
  ['x-correlation-id', 'X-Correlation-ID'],
] as const;

function echoed(request: ReceivedRequest): Record<string, string> {
  const headers: Record<string, string> = {};
  for (const [from, to] of SWAPPED) {
    const value = request.headers[from];
    if (value !== undefined) headers[to] = value;
  }
  return headers;
}
