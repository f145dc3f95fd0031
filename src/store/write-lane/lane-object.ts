import type { Decide, NamedObject, StoredEvse, StoredObject, TransactOptions, Write } from '../objects/types';

/** A write that waits for its batch: its decision is taken on what is stored of the object then. */
export interface Job {
  object: NamedObject;
  options: TransactOptions;
  decide: Decide<unknown>;
  races: number;
  /** To be decided on what the database says, not on memory. */
  fresh: boolean;
  /** Gives the outcome of its decision; called after the commit. */
  settle(): void;
  resolve(value: unknown): void;
  reject(reason: unknown): void;
}

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
  current: StoredObject & { evses: Map<string, StoredEvse> };
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
export function nothingYet(): StoredObject {
  return {
    exists: false,
    deleted: false,
    last_updated: '',
    shown_last_updated: '',
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
