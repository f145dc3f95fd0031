import type { RequestHandler } from 'express';
import { AdminFailure } from '../errors';
import { Input } from './input';

/** The last handler of a path: any other method is a 405 with Allow. */
export function allowOnly(...allow: string[]): RequestHandler {
  return () => {
    throw new AdminFailure({ kind: 'AdminMethodNotAllowed', allow });
  };
}

/** Paths that read their query, and say themselves what they know. */
const READ_THEIRS = /^\/(deliveries|gaps|not-kept)\/?$/;

/** A query that nobody reads is refused by name: an admin must not take a filter for one that held. */
export const refuseUnknownQuery: RequestHandler = (request, _response, next) => {
  if (request.method !== 'GET' || !READ_THEIRS.test(request.path)) new Input(request.query).only().done();
  next();
};

/** An action that takes no body refuses the fields of one. */
export const withoutBody: RequestHandler = (request, _response, next) => {
  new Input(request.body ?? {}).only().done();
  next();
};
