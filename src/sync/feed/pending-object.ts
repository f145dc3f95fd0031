import type { Position } from '../../store/feed/feed-store';
import type { ObjectFailures } from '../deliver/object-failures';

/* What an outbox holds: an object that its receiver still has to get, whatever number of changes it stands for. Pure. */

export interface PendingObject {
  head_id: string;
  module: number;
  owner: number;
  /** The version of the last change: a state that was read at or after it will do. */
  version: number;
  /** The whole object, or the parts of a location that changed. */
  whole: boolean;
  parts: Set<string>;
  correlation_id: string;
  /** The position before the first change that it stands for; undefined for one of a full push alone. */
  before: Position | undefined;
  /** The version of the state that was read for it last; undefined where there was none. */
  sent: number | undefined;
  /** An admin, or a worker that came too late, wants it sent whatever was delivered. */
  insisted: boolean;
  /** Counts in the walk (full push) that put it here. */
  walks: readonly Walk[];
  /** Its own id, once a state of it was read. */
  sent_id: string | undefined;
  /** What failed of it so far; undefined where nothing did. */
  failures: ObjectFailures | undefined;
}

/** A walk over heads: a full push, or all objects of an owner. */
export interface Walk {
  /** The owners whose objects it brings, each with the correlation id of its change; undefined: all owners. */
  owners: Map<number, string> | undefined;
  /** A page was read: an owner that comes now needs a walk of its own. */
  begun: boolean;
  after: string;
  /** Objects of the page under way that are not done. */
  outstanding: number;
  /** The last head of the page under way. */
  pageEnd: string;
  /** No page follows the one under way. */
  last: boolean;
  before: Position | undefined;
  /** Of what no owner's change asked for. */
  correlation_id: string;
}

/** Of a hundred thousand objects almost all have no walk and no part: they share these. */
const NONE: readonly never[] = [];
const NO_PARTS = new Set<string>();

export const withMore = <T>(known: readonly T[], more: T): readonly T[] =>
  known.includes(more) ? known : [...known, more];

/** A part of it changed: one step, however many did before. */
export function addPart(object: PendingObject, part: string): void {
  if (object.parts === NO_PARTS) object.parts = new Set();
  object.parts.add(part);
}

/** Nothing of it is known yet. */
export function pendingObject(
  head_id: string,
  { module, owner, correlation_id }: { module: number; owner: number; correlation_id: string },
): PendingObject {
  return {
    head_id,
    module,
    owner,
    correlation_id,
    version: 0,
    sent: undefined,
    sent_id: undefined,
    insisted: false,
    whole: false,
    parts: NO_PARTS,
    before: undefined,
    walks: NONE,
    failures: undefined,
  };
}

/** Folds what came for the object meanwhile into an object that was tried. */
export function foldInto(object: PendingObject, newer: PendingObject): void {
  object.whole ||= newer.whole;
  object.insisted ||= newer.insisted;
  for (const part of newer.parts) addPart(object, part);
  for (const walk of newer.walks) {
    if (object.walks.includes(walk)) walk.outstanding--;
    else object.walks = withMore(object.walks, walk);
  }
  object.before ??= newer.before;
  object.version = Math.max(object.version, newer.version);
  object.correlation_id = newer.correlation_id;
}
