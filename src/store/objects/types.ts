import type { OwnedModuleDescriptor } from '../../ocpi/module';

/** An EVSE as stored: its place in the location and its text as it came. */
export interface StoredEvse {
  place: number;
  text: string;
}

/** The key of an object: ids are folded, since they are CiStrings; the text keeps them as sent. */
export interface ObjectKey {
  module: OwnedModuleDescriptor;
  owner: number;
  key: string;
}

/** The key of an object that may be made: with its id as sent. */
export interface NamedObject extends ObjectKey {
  id: string;
}

/** What a decision sees of the object that it is about; undefined parts do not exist. */
export interface StoredObject {
  exists: boolean;
  /** A deleted tariff leaves its head, whose DELETE a full push repeats. */
  deleted: boolean;
  /** last_updated of the object itself, and as shown (raised by EVSEs). */
  last_updated: string;
  shown_last_updated: string;
  counterpart: number | null;
  /** A location's without evses and last_updated, of all others the whole object. */
  text: string;
  /** By folded uid: those that were asked for. */
  evses: ReadonlyMap<string, StoredEvse>;
  /** The place that a new EVSE gets. */
  nextPlace: number;
}

export interface Write {
  last_updated: string;
  shown_last_updated: string;
  counterpart?: number | null;
  deleted?: boolean;
  text?: string;
  evses?: ReadonlyMap<string, StoredEvse>;
  goneEvses?: readonly string[];
  /** One change row each: an EVSE's key, or null for the object as a whole. */
  changes: readonly (string | null)[];
  /** A CDR's way to its eMSP. `delivered`: it went there already, by a relay. */
  delivery?: { receiver: number; state: 'waiting' | 'delivered'; location_url?: string | null };
}

/** What a pure function made of the current state: an answer, and what is to be written first, if anything. */
export interface Decision<T> {
  answer: T;
  write?: Write;
}

export type Decide<T> = (current: StoredObject) => Decision<T>;

export interface TransactOptions {
  /** The current text is needed for the decision. */
  wantText: boolean;
  /** The folded uid of the one EVSE that is needed, '*' for all, undefined for none. */
  wantEvse?: string;
  /** One of many that nobody touches soon: not kept in memory. */
  bulk?: boolean | undefined;
  correlation_id: string;
}

/** The one column by which a head is found: module, owner and folded id. */
export function storedKey(object: ObjectKey): string {
  return `${object.module.number}/${object.owner}/${object.key}`;
}

/** PostgreSQL's texts cannot hold U+0000; what is pushed is checked before, so that no object has such an id. */
export const canExist = (key: string): boolean => !key.includes('\u0000');
