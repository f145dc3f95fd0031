import type { ServerResponse, IncomingHttpHeaders } from 'node:http';
import { randomUUID } from 'node:crypto';
import type { Context } from '../context';
import { partnerInLog, type Partner } from '../domain/partner';
import { envelopeText, type Reply } from '../ocpi/envelope';
import { versions } from '../ocpi/versions';

/** Longer bodies are sent as bytes: copying them costs more than the second write that it saves. */
const ONE_WRITE = 16 * 1024;

/**
 * Writes the envelope: one call, no res.json, headers as the flat list that node takes without looking at it again. A
 * body that is a string goes out in one write with its headers; a relayed one keeps its bytes as latin1.
 * @returns bytes of the body
 */
export function send(response: ServerResponse, reply: Reply, headers: Record<string, string>): number {
  const bytes = reply.bytes;
  const text = bytes === undefined ? envelopeText(reply) : undefined;
  const length = bytes?.length ?? Buffer.byteLength(text ?? '');
  const list = ['Content-Type', reply.contentType ?? 'application/json', 'Content-Length', String(length)];
  for (const name in headers) list.push(name, headers[name] ?? '');
  for (const name in reply.headers) list.push(name, reply.headers[name] ?? '');
  response.writeHead(reply.http, list);
  if (text !== undefined) response.end(text);
  else if (bytes !== undefined && length <= ONE_WRITE) response.end(bytes.toString('latin1'), 'latin1');
  else response.end(bytes);
  return length;
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

/*
 * One line per answered request of a partner, for whom LOG_ACCESS or LOG_LEVEL=debug asks: who asked for what, and what
 * was answered. It holds neither headers nor query nor body, so it holds no credentials token.
 */

const MODULES = new Set(
  versions.flatMap(({ credentials, hubclientinfo, functionalModules }) =>
    [credentials, hubclientinfo, ...functionalModules].map(({ identifier }) => identifier),
  ),
);

/** The module of a path below /ocpi; undefined for versions, their details, and what is none. */
function moduleOf(path: string): string | undefined {
  return path
    .split('/', 3)
    .slice(1)
    .find((segment) => MODULES.has(segment));
}

/** A request and its answer. */
interface Answered {
  method: string | undefined;
  /** Below /ocpi, as it came. */
  url: string;
  /** performance.now() when it came. */
  at: number;
  ids: MessageIds;
  /** Who sent it, where that is known. */
  partner: Partner | undefined;
  reply: Reply;
  /** Of the answer's body. */
  bytes: number;
}

/** Logs a request that was answered, `ms` after it came. */
export function logAnswered({ log, config }: Pick<Context, 'log' | 'config'>, answered: Answered): void {
  const level = config.logAccess ? 'info' : 'debug';
  if (!log.isLevelEnabled(level)) return;
  const { method, url, at, ids, partner, reply, bytes } = answered;
  const [path = ''] = url.split('?', 1);
  const fields = {
    ...(partner && partnerInLog(partner)),
    method,
    path: `/ocpi/${path}`,
    module: moduleOf(path),
    http: reply.http,
    status_code: reply.status_code,
    ms: Math.round(performance.now() - at),
    bytes,
    ...ids,
  };
  log[level](fields, 'answered');
}
