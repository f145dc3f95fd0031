import { Router } from 'express';
import type { Context } from '../context';
import {
  deliveriesPage,
  deliveryId,
  DELIVERY_STATES,
  retryFailedDeliveries,
  retryFailedDelivery,
  type DeliveryFilter,
  type DeliveryQuestion,
} from '../hub/admin/deliveries';
import { findPartner } from '../hub/admin/partners';
import { Input } from './input';
import { allowOnly, withoutBody } from './methods';
import { readModule } from './sync';

/* /deliveries: what could not be delivered and why, by partner, module, state and time, and another try for all that match. */

export const LARGEST_PAGE = 1000;
const PAGE = 1000;
/** Of one retry. */
export const MOST_IDS = 1000;

const notAnId = (text: string): string | undefined =>
  deliveryId(text) ? undefined : 'must be an id of a delivery, such as obj-17 or cdr-4';

/** @throws AdminInvalid */
export function readQuestion(query: unknown): DeliveryQuestion {
  const input = new Input(query).only('partner', 'module', 'state', 'from', 'to', 'cursor', 'limit');
  const question = {
    state: input.oneOf('state', DELIVERY_STATES, 'optional') ?? 'failed',
    partner: input.id('partner', 'optional'),
    module: readModule(input)?.number,
    from: input.time('from'),
    to: input.time('to'),
    after: input.optional('cursor', notAnId),
    limit: input.digits('limit', { max: LARGEST_PAGE, fallback: PAGE }),
  };
  input.done();
  return question;
}

/** Body of POST /deliveries/retry. @throws AdminInvalid */
export function readRetry(body: unknown): DeliveryFilter & { partner: string } {
  const input = new Input(body).only('partner', 'module', 'ids');
  const partner = input.id('partner', 'required') ?? '';
  const module = readModule(input)?.number;
  const ids = input.texts('ids', { max: MOST_IDS, refusal: notAnId });
  input.done();
  return { partner, module, ids };
}

/** Deliveries (CDRs, and objects that a receiver refused), and another try for those that failed. */
export function deliveriesRouter(context: Context): Router {
  const router = Router();
  router
    .route('/')
    .get(async (request, response) => {
      response.json(await deliveriesPage(context, readQuestion(request.query)));
    })
    .all(allowOnly('GET'));
  router
    .route('/retry')
    .post(async (request, response) => {
      const filter = readRetry(request.body);
      await findPartner(context, filter.partner);
      response.status(202).json({ retried: await retryFailedDeliveries(context, filter) });
    })
    .all(allowOnly('POST'));
  router
    .route('/:id/retry')
    .post(withoutBody, async (request, response) => {
      const { id } = request.params;
      await retryFailedDelivery(context, id);
      response.status(202).json({ id, state: 'waiting' });
    })
    .all(allowOnly('POST'));
  return router;
}
