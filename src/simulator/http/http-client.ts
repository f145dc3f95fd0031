import * as http from 'node:http';
import * as https from 'node:https';
import { finished } from 'node:stream/promises';
import { asObject, asText, messageOf, parseJson } from '../json';
import type { Answer } from '../types';

/** What goes out: method, headers (any case), body text and how long to wait for the whole answer (ms). */
export interface Outgoing {
  method: string;
  headers: Record<string, string>;
  body?: string | undefined;
  timeoutMs?: number;
}

/** A connection that was used before broke: the other side may have closed it while it was idle. */
class DeadConnection extends Error {
  constructor(cause: Error) {
    super(cause.message, { cause });
  }
}

/** A keep-alive HTTP client; every platform has its own, so that `close` ends its connections alone. */
export class HttpClient {
  private readonly plain = new http.Agent({ keepAlive: true, maxFreeSockets: 256 });
  private readonly secure = new https.Agent({ keepAlive: true });

  /**
   * Sends one request; a GET whose idle connection was closed at that moment once more. Rejects when no whole answer
   * came: refused, reset, or nothing within timeoutMs (30 s). The error names the request.
   */
  async exchange(url: string, outgoing: Outgoing): Promise<Answer> {
    const target = new URL(url);
    try {
      return await this.once(target, outgoing).catch((error: unknown) => {
        if (error instanceof DeadConnection && outgoing.method === 'GET') return this.once(target, outgoing);
        throw error;
      });
    } catch (error) {
      throw new Error(`${outgoing.method} ${target.pathname}: ${messageOf(error)}`, { cause: error });
    }
  }

  private once(target: URL, outgoing: Outgoing): Promise<Answer> {
    return new Promise((resolve, reject) => {
      const request = this.open(target, outgoing);
      const limit = outgoing.timeoutMs ?? 30_000;
      const timer = setTimeout(() => {
        request.destroy(new Error(`no answer within ${limit} ms`));
      }, limit);
      const failed = (error: Error) => (clearTimeout(timer), reject(error));
      request.on('error', (error) => failed(request.reusedSocket ? new DeadConnection(error) : error));
      request.on('response', (response) => {
        readAnswer(response).then((answer) => (clearTimeout(timer), resolve(answer)), failed);
      });
      request.end(outgoing.body);
    });
  }

  /** Ends all connections, also those in use. */
  close(): void {
    this.plain.destroy();
    this.secure.destroy();
  }

  private open(target: URL, outgoing: Outgoing): http.ClientRequest {
    const options = { method: outgoing.method, headers: withLength(outgoing) };
    return target.protocol === 'https:'
      ? https.request(target, { ...options, agent: this.secure })
      : http.request(target, { ...options, agent: this.plain });
  }
}

function withLength(outgoing: Outgoing): Record<string, string> {
  if (outgoing.body === undefined) return outgoing.headers;
  return { ...outgoing.headers, 'content-length': String(Buffer.byteLength(outgoing.body)) };
}

async function readAnswer(response: http.IncomingMessage): Promise<Answer> {
  const chunks: Buffer[] = [];
  response.on('data', (chunk: Buffer) => chunks.push(chunk));
  await finished(response);
  const text = Buffer.concat(chunks).toString('utf8');
  return answerOf(response.statusCode ?? 0, flatHeaders(response.headers), text);
}

/** Header values as single texts, names in lower case. */
export function flatHeaders(headers: http.IncomingHttpHeaders): Record<string, string> {
  const flat: Record<string, string> = {};
  for (const [name, value] of Object.entries(headers)) {
    if (value !== undefined) flat[name] = Array.isArray(value) ? value.join(', ') : value;
  }
  return flat;
}

function answerOf(status: number, headers: Record<string, string>, text: string): Answer {
  const json = text === '' ? undefined : parseJson(text);
  const envelope = asObject(json);
  const code = envelope['status_code'];
  return {
    http: status,
    headers,
    text,
    json,
    status: typeof code === 'number' ? code : undefined,
    message: asText(envelope['status_message']),
    data: envelope['data'],
  };
}
