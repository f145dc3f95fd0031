import type { Current, NamedObject, StoredEvse, TransactOptions, Write } from './objects-types';
import type { Job } from './write-lane';

export interface PendingChange {
  part: string | null;
  correlation_id: string;
}

/** One object of a batch: what is stored of it, the jobs on it, and what they decided to write. */
export interface LaneObject {
  n: number;
  object: NamedObject;
  jobs: Job[];
  id: string | null;
  version: string;
  /** The counterpart under which the object counts so far (0: none); undefined: it does not count. */
  counted: number | undefined;
  current: Current & { evses: Map<string, StoredEvse> };
  /** From memory: a decision that writes nothing is not trusted. */
  cached: boolean;
  /** `current.evses` are all of the location's. */
  complete: boolean;
  dirty: boolean;
  /** Jobs that were decided on memory and wrote nothing: to be decided again. */
  doubtful: Job[];
  writtenText: boolean;
  writtenEvses: Set<string>;
  gone: Set<string>;
  changes: PendingChange[];
  delivery: (NonNullable<Write['delivery']> & { correlation_id: string }) | undefined;
}

/** What a decision sees of an object that was never there. */
export function nothingYet(): Current {
  return {
    exists: false,
    deleted: false,
    own: '',
    shown: '',
    counterpart: null,
    text: '',
    evses: new Map(),
    nextPlace: 0,
  };
}

/** An object of which nothing is known yet. */
export function blank(n: number, object: NamedObject): LaneObject {
  const current = { ...nothingYet(), evses: new Map<string, StoredEvse>() };
  return {
    n,
    object,
    jobs: [],
    id: null,
    version: '0',
    counted: undefined,
    current,
    cached: false,
    complete: false,
    dirty: false,
    doubtful: [],
    writtenText: false,
    writtenEvses: new Set(),
    gone: new Set(),
    changes: [],
    delivery: undefined,
  };
}

function applyEvses(object: LaneObject, write: Write): void {
  for (const key of write.goneEvses ?? []) {
    object.current.evses.delete(key);
    object.writtenEvses.delete(key);
    object.gone.add(key);
  }
  for (const [key, evse] of write.evses ?? []) {
    object.current.evses.set(key, evse);
    object.current.nextPlace = Math.max(object.current.nextPlace, evse.place + 1);
    object.writtenEvses.add(key);
    object.gone.delete(key);
  }
}

/** Takes a decision over into the batch, so that the next job on this object decides on its result. */
export function applyWrite(object: LaneObject, write: Write, options: TransactOptions): void {
  const current = object.current;
  object.dirty = true;
  Object.assign(current, {
    exists: true,
    own: write.own,
    shown: write.shown,
    deleted: write.deleted ?? false,
  });
  if (write.counterpart !== undefined) current.counterpart = write.counterpart;
  if (write.text !== undefined) {
    current.text = write.text;
    object.writtenText = true;
  }
  applyEvses(object, write);
  const { correlation_id } = options;
  for (const part of write.changes) object.changes.push({ part, correlation_id });
  if (write.delivery) object.delivery = { ...write.delivery, correlation_id };
}
