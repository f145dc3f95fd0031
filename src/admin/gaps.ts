import { Router } from 'express';
import type { Context } from '../context';
import { AdminFailure } from '../errors';
import { Input } from './input';
import { allowOnly } from './methods';

/** The largest older_than_s. */
export const LONGEST_S = 10 * 366 * 24 * 3600;

/** `?older_than_s=`; GAP_AFTER_HOURS where it is absent. @throws AdminInvalid */
function olderThan(value: unknown, fallback: number): number {
  if (value === undefined) return fallback;
  const seconds = typeof value === 'string' && /^\d{1,9}$/.test(value) ? Number(value) : NaN;
  if (seconds <= LONGEST_S) return seconds;
  const errors = [{ field: 'older_than_s', rule: `must be a whole number from 0 to ${LONGEST_S}` }];
  throw new AdminFailure({ kind: 'AdminInvalid', errors });
}

/** Sessions that ended without a CDR, and CDRs without a session, a pair of parties each. */
export function gapsRouter(context: Context): Router {
  const router = Router();
  router
    .route('/')
    .get(async (request, response) => {
      new Input(request.query).only('older_than_s').done();
      const seconds = olderThan(request.query.older_than_s, context.config.gapAfterHours * 3600);
      response.json(await context.gaps.report(seconds));
    })
    .all(allowOnly('GET'));
  return router;
}
