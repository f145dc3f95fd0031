import type { IncomingMessage } from 'node:http';
import { targetOf } from './endpoints';
import { flatHeaders } from './http-client';
import { parseJson } from './json';
import type { ReceivedRequest } from './types';

/** A request of node's server with its body, as the platform keeps it. */
export function receivedRequest(message: IncomingMessage, body: string): ReceivedRequest {
  const [path = '', query = ''] = (message.url ?? '').split(/\?(.*)/s);
  return {
    method: message.method ?? '',
    path,
    query: Object.fromEntries(new URLSearchParams(query)),
    search: query,
    headers: flatHeaders(message.headers),
    body,
    json: body === '' ? undefined : parseJson(body),
    at: Date.now(),
    ...targetOf(path),
  };
}
