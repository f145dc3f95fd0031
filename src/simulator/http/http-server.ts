import * as http from 'node:http';
import type { AddressInfo, Socket } from 'node:net';
import { parseJson } from '../json';
import { targetOf } from '../platform/endpoints';
import type { ReceivedRequest } from '../types';
import { flatHeaders } from './http-client';

/*
 * The bytes of a platform, in both directions, over node's own HTTP. HttpServer receives requests. A test can take it
 * down and up again, to play a partner that fails. `respond` writes a reply to the socket, or the replacement that a
 * test chose: a reset, silence, or a drip of bytes. HttpClient sends requests and reads answers. `answers` tells
 * whether an answer is a success.
 */

/** Called with each request once its whole body is there. */
export type OnRequest = (request: http.IncomingMessage, body: string, response: http.ServerResponse) => void;

/** A real HTTP server on 127.0.0.1 that can be taken down and up again on the same port. */
export class HttpServer {
  private server: http.Server | undefined;
  private readonly sockets = new Set<Socket>();
  private chosenPort: number;

  constructor(
    port: number,
    private readonly onRequest: OnRequest,
  ) {
    this.chosenPort = port;
  }

  /** The port; 0 until the first `up` where none was given. */
  get port(): number {
    return this.chosenPort;
  }

  /** Listens; does nothing when it already does. Rejects when the port is taken. */
  async up(): Promise<void> {
    if (this.server !== undefined) return;
    const server = http.createServer((request, response) => this.collect(request, response));
    server.keepAliveTimeout = 30_000;
    server.on('connection', (socket) => this.remember(socket));
    await listen(server, this.chosenPort);
    this.server = server;
    this.chosenPort = portOf(server.address(), this.chosenPort);
  }

  /** Closes the listening socket and every connection; the port stays ours for the next `up`. */
  async down(): Promise<void> {
    const server = this.server;
    if (server === undefined) return;
    this.server = undefined;
    const closed = new Promise((resolve) => server.close(resolve));
    for (const socket of this.sockets) socket.destroy();
    await closed;
  }

  private remember(socket: Socket): void {
    this.sockets.add(socket);
    socket.on('close', () => this.sockets.delete(socket));
    socket.on('error', () => socket.destroy());
  }

  private collect(request: http.IncomingMessage, response: http.ServerResponse): void {
    const chunks: Buffer[] = [];
    request.on('data', (chunk: Buffer) => chunks.push(chunk));
    request.on('end', () => this.onRequest(request, Buffer.concat(chunks).toString('utf8'), response));
  }
}

async function listen(server: http.Server, port: number): Promise<void> {
  return new Promise((resolve, reject) => {
    server.once('error', reject);
    server.listen({ port, host: '127.0.0.1' }, () => {
      server.off('error', reject);
      resolve();
    });
  });
}

function portOf(address: AddressInfo | string | null, fallback: number): number {
  return address !== null && typeof address === 'object' ? address.port : fallback;
}

/** A request of node's server with its body, as the platform keeps it. */
export function receivedRequest(message: http.IncomingMessage, body: string): ReceivedRequest {
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
