import type { Database } from '../../store/database';
import { randomUUID } from 'node:crypto';
import { isTooMuchGone } from '../../domain/pulls';
import { keyOf, type OwnedModuleDescriptor } from '../../ocpi/module';
import type { Objects } from '../../store/objects/objects';
import type { StoredObject, Decision } from '../../store/objects/types';
import { ownedObjects, type OwnedObject } from '../../store/pull/stored-page';
import { deleteObject } from '../../hub/objects/decide-flat';
import { STALE, type Outcome } from '../../hub/objects/decide';
import type { Seen } from './seen';

/*
 * Objects that a full pull did not see any more. A deletable one (a tariff) is removed, as by its DELETE; others are
 * reported: a location that is gone is REMOVED by its owner, EVSE by EVSE (mod_locations), the rest stays what it
 * was.
 */

/** Gone objects that are kept for an admin to see. */
const SHOWN = 1000;

export interface Gone {
  count: number;
  /** The first of them. */
  objects: OwnedObject[];
  removed: boolean;
}

/** A full pull that ended whole. */
export interface WholePull {
  module: OwnedModuleDescriptor;
  owner: number;
  began: string;
  date_from: string | null;
  seen: Seen;
  /** An admin said that more than half may go. */
  confirmed: boolean;
}

type Stores = { database: Database; objects: Objects };

/** Finds what is gone, and removes it where it is deletable, unless it is too much. */
export async function handleGone(stores: Stores, pull: WholePull): Promise<Gone> {
  const gone: OwnedObject[] = [];
  let stored = 0;
  let count = 0;
  for await (const object of ownedObjects(stores.database.pool, pull, pull)) {
    stored++;
    if (!object.unchangedSince || pull.seen.has(object.key)) continue;
    count++;
    if (pull.module.deletable || gone.length < SHOWN) gone.push(object);
  }
  const removed = pull.module.deletable && (pull.confirmed || !isTooMuchGone(count, stored));
  if (removed) for (const object of gone) await remove(stores.objects, pull, object);
  return { count, objects: gone.slice(0, SHOWN), removed: removed && count > 0 };
}

/** Unless it was pushed again meanwhile. */
async function remove(
  objects: Objects,
  { module, owner }: WholePull,
  { id, own }: OwnedObject,
): Promise<void> {
  const decide = (current: StoredObject): Decision<Outcome> =>
    current.exists && !current.deleted && current.last_updated === own ? deleteObject(current) : STALE;
  const name = { module, owner, key: keyOf(module, id, undefined), id };
  await objects.transact(name, { wantText: false, correlation_id: `pull-${randomUUID()}` }, decide);
}
