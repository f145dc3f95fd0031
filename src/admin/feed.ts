import { Router } from 'express';
import type { Context } from '../context';
import { AdminFailure } from '../errors';
import { deliveriesReport, DELIVERY_STATES, feedReport, retryFailedDelivery } from '../hub/admin/feed';

const METHODS = ['GET'] as const;

function methodNotAllowed(allow: readonly string[]): never {
  throw new AdminFailure({ kind: 'AdminMethodNotAllowed', allow });
}

/** Where every partner stands: position, how far behind, last success and error, state. */
export function feedRouter(context: Context): Router {
  const router = Router();
  router.get('/', async (_request, response) => {
    response.json({ items: await feedReport(context) });
  });
  router.all('/', () => methodNotAllowed(METHODS));
  return router;
}

function stateOf(value: unknown): (typeof DELIVERY_STATES)[number] {
  const state = DELIVERY_STATES.find((s) => s === (value ?? 'failed'));
  if (state) return state;
  const errors = [{ field: 'state', rule: `must be one of ${DELIVERY_STATES.join(', ')}` }];
  throw new AdminFailure({ kind: 'AdminInvalid', errors });
}

/** Deliveries by state (CDRs, and objects that a receiver refused), and another try for one that failed. */
export function deliveriesRouter(context: Context): Router {
  const router = Router();
  router.get('/', async (request, response) => {
    response.json({ items: await deliveriesReport(context, stateOf(request.query.state)) });
  });
  router.all('/', () => methodNotAllowed(METHODS));
  router.post('/:id/retry', async (request, response) => {
    const { id } = request.params;
    if (!(await retryFailedDelivery(context, id)))
      throw new AdminFailure({ kind: 'AdminNotFound', what: `failed delivery ${id}` });
    response.status(202).json({ id, state: 'waiting' });
  });
  router.all('/:id/retry', () => methodNotAllowed(['POST']));
  return router;
}
