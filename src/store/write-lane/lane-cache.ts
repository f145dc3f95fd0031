import { LRUCache } from 'lru-cache';
import type { LaneObject } from './lane-object';
import { type StoredEvse, storedKey } from '../objects/types';
import type { Job } from './lane-object';

/*
 * What the lane last knew of the objects that it wrote: most writes hit one that was written a moment ago, and need
 * no read before they are decided. It may be stale where another process writes too: the version guards every write,
 * and a decision that writes nothing is taken again on what the database says.
 */

interface Known {
  id: string;
  version: string;
  counted: number | undefined;
  last_updated: string;
  shown_last_updated: string;
  counterpart: number | null;
  deleted: boolean;
  nextPlace: number;
  evses: Map<string, StoredEvse>;
  /** All EVSEs of the location are here. */
  complete: boolean;
  size: number;
}

/** Characters of EVSE texts, with a fixed charge a head. */
const CAPACITY = 16_000_000;
const HEAD_CHARGE = 400;

export class LaneCache {
  private readonly known = new LRUCache<string, Known>({
    maxSize: CAPACITY,
    sizeCalculation: ({ size }) => size,
  });

  /** Fills an object from memory; false where something that its jobs need is not known. */
  fill(object: LaneObject): boolean {
    const known = this.known.peek(storedKey(object.object));
    if (!known || object.jobs.some((job) => misses(known, job))) return false;
    object.id = known.id;
    object.version = known.version;
    object.counted = known.counted;
    object.cached = true;
    object.complete = known.complete;
    const { last_updated, shown_last_updated, counterpart, deleted, nextPlace } = known;
    object.current = {
      exists: true,
      text: '',
      last_updated,
      shown_last_updated,
      counterpart,
      deleted,
      nextPlace,
      evses: new Map(known.evses),
    };
    return true;
  }

  /** After a write that won. */
  store(object: LaneObject, id: string): void {
    const key = storedKey(object.object);
    this.keepOthers(object, this.known.peek(key));
    const { last_updated, shown_last_updated, counterpart, deleted, nextPlace, evses } = object.current;
    const version = String(Number(object.version) + 1);
    const counted = deleted ? undefined : (counterpart ?? 0);
    let size = HEAD_CHARGE;
    for (const evse of evses.values()) size += evse.text.length;
    const complete = object.complete;
    this.known.set(key, {
      id,
      version,
      counted,
      last_updated,
      shown_last_updated,
      counterpart,
      deleted,
      nextPlace,
      evses,
      complete,
      size,
    });
  }

  /** EVSEs that were known and not asked for this time are still right where nobody wrote in between. */
  private keepOthers(object: LaneObject, before: Known | undefined): void {
    if (before?.version !== object.version) return;
    for (const [key, evse] of before.evses) {
      if (!object.current.evses.has(key) && !object.gone.has(key)) object.current.evses.set(key, evse);
    }
    object.complete ||= before.complete;
  }

  forget(object: LaneObject): void {
    this.known.delete(storedKey(object.object));
  }
}

function misses(known: Known, job: Job): boolean {
  return job.fresh || job.options.wantText || !has(known, job.options.wantEvse);
}

function has(known: Known, wanted: string | undefined): boolean {
  if (wanted === undefined || known.complete) return true;
  return wanted !== '*' && known.evses.has(wanted);
}
