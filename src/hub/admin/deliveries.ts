import { AdminFailure } from '../../errors';
import {
  listDeliveries,
  retryDeliveries,
  type DeliveryFilter,
  type DeliveryQuestion,
  type DeliveryReport,
} from '../../store/feed/deliveries';
import type { HubContext } from '../context';

export {
  DELIVERY_STATES,
  deliveryId,
  type DeliveryFilter,
  type DeliveryQuestion,
} from '../../store/feed/deliveries';

/** A page of deliveries, and what asks for the next one; null where there is none. */
export async function deliveriesPage(
  context: HubContext,
  question: DeliveryQuestion,
): Promise<{ items: DeliveryReport[]; next: string | null }> {
  const { limit } = question;
  const found = await listDeliveries(context.database.pool, { ...question, limit: limit + 1 });
  const items = found.slice(0, limit);
  return { items, next: found.length > limit ? (items.at(-1)?.id ?? null) : null };
}

/** Sends failed and uncertain deliveries again, all that match. @returns how many */
export async function retryFailedDeliveries(context: HubContext, filter: DeliveryFilter): Promise<number> {
  const partners = await retryDeliveries(context.database.pool, filter);
  context.syncWorker?.wake();
  for (const partner of new Set(partners)) context.syncWorker?.wakePartner(partner);
  return partners.length;
}

/** @throws AdminNotFound where there is no failed delivery of this id */
export async function retryFailedDelivery(context: HubContext, id: string): Promise<void> {
  if ((await retryFailedDeliveries(context, { ids: [id] })) === 0)
    throw new AdminFailure({ kind: 'AdminNotFound', what: `failed delivery ${id}` });
}
