import type { RequestHandler } from 'express';
import { AdminFailure } from '../errors';

/** The last handler of a path: any other method is a 405 with Allow. */
export function allowOnly(...allow: string[]): RequestHandler {
  return () => {
    throw new AdminFailure({ kind: 'AdminMethodNotAllowed', allow });
  };
}
