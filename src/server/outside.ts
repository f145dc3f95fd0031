import { STATUS_CODES, type Server } from 'node:http';
import type { Duplex } from 'node:stream';
import { type RequestHandler, Router } from 'express';
import { envelopeText } from '../ocpi/envelope';
import { replyTo } from './error-replies';
import { idHeaders, idsOf, send } from './send';
import type { Context } from '../context';

/* What never reaches the front door of OCPI is answered by an envelope too (semantics 6). */

/** 404 for a path that is no one's. */
export const nothingHere: RequestHandler = (request, response) => {
  const reply = replyTo({ kind: 'UnknownPath', path: request.path });
  send(response, reply, idHeaders(idsOf(request.headers)));
};

const HTTP_OF: Record<string, number> = { HPE_HEADER_OVERFLOW: 431, ERR_HTTP_REQUEST_TIMEOUT: 408 };

function answerFault(error: NodeJS.ErrnoException, socket: Duplex): void {
  if (error.code === 'ECONNRESET' || !socket.writable) {
    socket.destroy();
    return;
  }
  const http = HTTP_OF[error.code ?? ''] ?? 400;
  const reason = STATUS_CODES[http] ?? '';
  const body = envelopeText({ http, status_code: 2000, status_message: `not understood as HTTP: ${reason}` });
  const headers = ['Content-Type: application/json', `Content-Length: ${body.length}`, 'Connection: close'];
  socket.end(`HTTP/1.1 ${http} ${reason}\r\n${headers.join('\r\n')}\r\n\r\n${body}`);
}

/** Answers what is no HTTP, or too long a head: 400, 408, 431. */
export function answerProtocolFaults(server: Server): Server {
  return server.on('clientError', answerFault);
}

/** The last handler of a path that is read alone: any other method is a 405 with Allow. */
export const readAlone: RequestHandler = ({ method, headers }, response) => {
  const reply = replyTo({ kind: 'MethodNotAllowed', method, allow: ['GET', 'HEAD'] });
  send(response, reply, idHeaders(idsOf(headers)));
};

/** For the machines that host the hub: is it alive, is it ready (database and migrations). */
export function healthRouter(context: Context): Router {
  const router = Router();
  router.get('/health/live', (_request, response) => {
    response.json({ status: 'live' });
  });
  router.get('/health/ready', async (_request, response) => {
    const ready = await context.ready();
    response.status(ready ? 200 : 503).json({ status: ready ? 'ready' : 'not ready' });
  });
  router.get('/metrics', async (_request, response) => {
    response.type('text/plain').send(await context.metrics.metrics());
  });
  router.all(['/health/live', '/health/ready', '/metrics'], readAlone);
  return router;
}
