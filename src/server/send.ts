import type { ServerResponse, IncomingHttpHeaders } from 'node:http';
import { randomUUID } from 'node:crypto';
import { envelopeText, type Reply } from '../ocpi/envelope';

/** Longer bodies are sent as bytes: copying them costs more than the second write that it saves. */
const ONE_WRITE = 16 * 1024;

/**
 * Writes the envelope: one call, no res.json, headers as the flat list that node takes without looking at it again. A
 * body that is a string goes out in one write with its headers; a relayed one keeps its bytes as latin1.
 */
export function send(response: ServerResponse, reply: Reply, headers: Record<string, string>): void {
  const bytes = reply.bytes;
  const text = bytes === undefined ? envelopeText(reply) : undefined;
  const length = bytes?.length ?? Buffer.byteLength(text ?? '');
  const list = ['Content-Type', 'application/json', 'Content-Length', String(length)];
  for (const name in headers) list.push(name, headers[name] ?? '');
  for (const name in reply.headers) list.push(name, reply.headers[name] ?? '');
  response.writeHead(reply.http, list);
  if (text !== undefined) response.end(text);
  else if (bytes !== undefined && length <= ONE_WRITE) response.end(bytes.toString('latin1'), 'latin1');
  else response.end(bytes);
}

/** What a request and all that it causes are known by (spec: transport_and_format, Unique message IDs). */
export interface MessageIds {
  request_id: string;
  correlation_id: string;
}

/** As it came, blanks too. Correlation ids are kept with each change: what is longer than any in use is replaced. */
function idOf(header: string | string[] | undefined): string {
  return typeof header === 'string' && /^[\x20-\x7e]{1,1024}$/.test(header) ? header : randomUUID();
}

/** The ids that a request brought; missing ones are made (semantics 8). */
export function idsOf(headers: IncomingHttpHeaders): MessageIds {
  return { request_id: idOf(headers['x-request-id']), correlation_id: idOf(headers['x-correlation-id']) };
}

/** The ids as headers of the answer. */
export function idHeaders(ids: MessageIds): Record<string, string> {
  return { 'X-Request-ID': ids.request_id, 'X-Correlation-ID': ids.correlation_id };
}
