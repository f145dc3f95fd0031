import { randomUUID } from 'node:crypto';
import type { IncomingHttpHeaders } from 'node:http';

/** What a request and all that it causes are known by (spec: transport_and_format, Unique message IDs). */
export interface MessageIds {
  request_id: string;
  correlation_id: string;
}

/** As it came, blanks too. Correlation ids are kept with each change: what is longer than any in use is replaced. */
function idOf(header: string | string[] | undefined): string {
  return typeof header === 'string' && /^[\x20-\x7e]{1,1024}$/.test(header) ? header : randomUUID();
}

/** The ids that a request brought; missing ones are made (HUB-SEMANTICS 8). */
export function idsOf(headers: IncomingHttpHeaders): MessageIds {
  return { request_id: idOf(headers['x-request-id']), correlation_id: idOf(headers['x-correlation-id']) };
}

/** The ids as headers of the answer. */
export function idHeaders(ids: MessageIds): Record<string, string> {
  return { 'X-Request-ID': ids.request_id, 'X-Correlation-ID': ids.correlation_id };
}
