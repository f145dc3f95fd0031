import type { ErrorRequestHandler, RequestHandler, Response } from 'express';
import type { Logger } from 'pino';
import { AdminFailure, OcpiFailure, type AdminError } from '../errors';

/** Problem details (RFC 9457). */
interface Problem {
  type: string;
  title: string;
  status: number;
  detail?: string;
  /** What is wrong with which field of the input. */
  errors?: readonly { field: string; rule: string }[];
}

type Row<K extends AdminError['kind']> = (error: Extract<AdminError, { kind: K }>) => Omit<Problem, 'type'>;

const TABLE: { [K in AdminError['kind']]: Row<K> } = {
  AdminUnauthorized: (e) => ({
    status: 401,
    title: `the admin token is ${e.token}`,
    detail: 'send Authorization: Bearer <ADMIN_TOKEN>',
  }),
  AdminNotFound: (e) => ({ status: 404, title: 'not found', detail: `there is no such ${e.what}` }),
  AdminMethodNotAllowed: (e) => ({
    status: 405,
    title: 'method not allowed',
    detail: `allowed: ${e.allow.join(', ')}`,
  }),
  AdminInvalid: (e) => ({ status: 400, title: 'invalid input', errors: e.errors }),
  AdminConflict: (e) => ({ status: 409, title: 'conflict', detail: e.detail }),
  HandshakeFailed: (e) => ({ status: 502, title: 'the handshake failed', detail: e.detail }),
};

function problemOf<K extends AdminError['kind']>(error: Extract<AdminError, { kind: K }>): Problem {
  const row: Row<K> = TABLE[error.kind];
  return { type: 'about:blank', ...row(error) };
}

/** Answers a problem. */
export function sendProblem(response: Response, error: AdminError): void {
  if (error.kind === 'AdminMethodNotAllowed') response.set('Allow', error.allow.join(', '));
  if (error.kind === 'AdminUnauthorized') response.set('WWW-Authenticate', 'Bearer');
  write(response, problemOf(error));
}

function write(response: Response, problem: Problem): void {
  response.status(problem.status).type('application/problem+json').send(JSON.stringify(problem));
}

/** The last handler: what no route took. */
export const nothingHere: RequestHandler = (request, response) => {
  sendProblem(response, { kind: 'AdminNotFound', what: `path: ${request.path}` });
};

/** Errors of body-parser and of Express carry their HTTP status. */
function statusOf(error: unknown): number {
  if (typeof error !== 'object' || error === null || !('status' in error)) return 500;
  return typeof error.status === 'number' && error.status >= 400 && error.status < 500 ? error.status : 500;
}

/** The error handler of the admin API: everything becomes a problem. */
export function problemHandler(log: Logger): ErrorRequestHandler {
  return (error: unknown, _request, response, _next) => {
    if (error instanceof AdminFailure) return sendProblem(response, error.error);
    const status = statusOf(error);
    const known = status < 500 && error instanceof Error;
    if (known)
      return write(response, {
        type: 'about:blank',
        status,
        title: 'unreadable request',
        detail: error.message,
      });
    log.error(
      { err: error, ocpi: error instanceof OcpiFailure ? error.error : undefined },
      'an admin request failed',
    );
    return write(response, {
      type: 'about:blank',
      status: 500,
      title: 'the hub could not process this request',
    });
  };
}
