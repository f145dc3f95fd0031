import { isConnected, type Partner } from '../../domain/partner';
import { isLive, type PartyId } from '../../domain/party';
import { receivedModules, visibleSet } from '../../domain/visibility';
import { AdminFailure } from '../../errors';
import type { OwnedModuleDescriptor } from '../../ocpi/module';
import { pushAgain } from '../../store/feed/push-again';
import type { HubContext } from '../context';

/** Objects that an admin has pushed again: of a module all, an owner's, or one. */
export interface PushWish {
  module: OwnedModuleDescriptor;
  owner: PartyId | undefined;
  id: string | undefined;
  correlationId: string;
}

function conflict(detail: string): never {
  throw new AdminFailure({ kind: 'AdminConflict', detail });
}

/**
 * Pushes objects to a partner once more, to each of its parties that gets the module; what is done shows in its feed.
 * @returns how many parties get something, and how many pushes that is
 * @throws AdminConflict where the partner is not connected or gets nothing of the module; AdminNotFound where there is
 * no such object that it may see
 */
export async function pushChosen(
  context: HubContext,
  partner: Partner,
  { module, owner, id, correlationId }: PushWish,
): Promise<{ receivers: number; objects: number }> {
  const { registry, database } = context;
  if (!isConnected(partner)) return conflict('the partner is not connected');
  const receivers = partner.parties.filter(
    (party) => isLive(party) && receivedModules(party, partner, [module]).size > 0,
  );
  if (receivers.length === 0)
    return conflict(`the partner gets no ${module.identifier}: it has no Receiver of them`);
  const ownerNumber = owner && (registry.party(owner)?.number ?? nothing(owner, module));
  const pushes = await Promise.all(
    receivers.map((party) => {
      const visible = visibleSet(party, module, registry.parties());
      const to = { visible, partnerId: partner.id, correlationId };
      return pushAgain(database.pool, to, { owner: ownerNumber, id });
    }),
  );
  const objects = pushes.reduce((sum, count) => sum + count, 0);
  if (objects === 0) {
    const what = id === undefined ? 'object' : `object ${JSON.stringify(id)}`;
    throw new AdminFailure({
      kind: 'AdminNotFound',
      what: `${what} of ${module.identifier} that this partner may see`,
    });
  }
  context.syncWorker?.wake();
  context.syncWorker?.wakePartner(partner.id);
  return { receivers: pushes.filter((count) => count > 0).length, objects };
}

function nothing({ country_code, party_id }: PartyId, { identifier }: OwnedModuleDescriptor): never {
  throw new AdminFailure({
    kind: 'AdminNotFound',
    what: `party ${country_code}/${party_id} that owns ${identifier}`,
  });
}
