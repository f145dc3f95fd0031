import type { ServerResponse } from 'node:http';
import { envelopeText, type Reply } from '../ocpi/envelope';

/** Writes the envelope as bytes: one call, no copy of headers, no res.json (PERFORMANCE.md, b). */
export function send(response: ServerResponse, reply: Reply, headers: Record<string, string>): void {
  const body = reply.bytes ?? Buffer.from(envelopeText(reply), 'utf8');
  response.writeHead(reply.http, {
    'Content-Type': 'application/json',
    'Content-Length': body.length,
    ...headers,
    ...reply.headers,
  });
  response.end(body);
}
