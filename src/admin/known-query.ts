import type { RequestHandler } from 'express';
import { Input } from './input';

/** Paths that read their query, and say themselves what they know. */
const READ_THEIRS = /^\/(deliveries|gaps)\/?$/;

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
