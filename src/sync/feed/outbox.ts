import { LRUCache } from 'lru-cache';
import { comparePositions, type Change, type Position } from '../../store/feed/feed-store';
import { addPart, pendingObject, foldInto, withMore, type PendingObject, type Walk } from './pending-object';

/*
 * What one receiver still has to get: changes folded to the latest state per object. Pure bookkeeping, no I/O.
 *
 * An object remembers the position just before its first change. The receiver's position may move up to the lowest
 * of those, which is the contiguous finished prefix: a crash repeats pushes, it never loses one.
 */

export class Outbox {
  /** How far the change log was read. */
  read: Position;
  readonly pending = new Map<string, PendingObject>();
  readonly inFlight = new Map<string, PendingObject>();
  readonly walks: Walk[] = [];
  private readonly delivered = new Delivered();
  /** It may have more to get than is read of the log: what then goes out should be the last that is needed. */
  behind = true;

  constructor(position: Position) {
    this.read = position;
  }

  get size(): number {
    return this.pending.size + this.inFlight.size;
  }

  /** Everything up to here is done. */
  position(): Position {
    let lowest = this.read;
    const consider = (before: Position | undefined): void => {
      if (before && comparePositions(before, lowest) < 0) lowest = before;
    };
    for (const object of this.pending.values()) consider(object.before);
    for (const object of this.inFlight.values()) consider(object.before);
    for (const walk of this.walks) consider(walk.before);
    return lowest;
  }

  /**
   * The whole object went out, or is going out, at this version or a later one: an object that is written while a
   * full push runs comes by both ways and needs one push. Should that push be lost, it is in its walk or object still.
   */
  private covers(head_id: string, version: number): boolean {
    const flying = this.inFlight.get(head_id);
    if (flying?.whole && flying.version >= version) return true;
    return this.delivered.has(head_id, version);
  }

  /** All of the log is read and nothing waits. */
  caughtUp(): void {
    this.behind = false;
    this.delivered.caughtUp();
  }

  /** What came for the object while this was in flight may be in what was sent. */
  private dropCovered({ head_id, whole, sent }: PendingObject): void {
    const newer = this.pending.get(head_id);
    if (!newer || !whole || sent === undefined || newer.version > sent) return;
    if (!newer.insisted && newer.walks.length === 0) this.pending.delete(head_id);
  }

  /** Folds a change that concerns this receiver into what is pending. */
  add(change: Change & { head_id: string }): void {
    // What an admin sends again names its receiver: it goes out whatever was delivered.
    const { head_id, version } = change;
    const isDone = this.delivered.wasAhead(head_id, version) || this.covers(head_id, version);
    if (change.receiver === null && isDone) return;
    const object = this.objectOf(head_id, change);
    object.insisted ||= change.receiver !== null;
    object.before ??= this.read;
    object.version = Math.max(object.version, change.version);
    object.correlation_id = change.correlation_id;
    if (change.part === null) object.whole = true;
    else addPart(object, change.part);
  }

  /** Puts an object of a walk's page in. */
  addWalked(walk: Walk, head: { head_id: string; module: number; owner: number; version: number }): void {
    if (this.covers(head.head_id, head.version)) return;
    const correlation_id = walk.owners?.get(head.owner) ?? walk.correlation_id;
    const object = this.objectOf(head.head_id, { ...head, correlation_id });
    object.whole = true;
    object.version = Math.max(object.version, head.version);
    if (object.walks.includes(walk)) return;
    object.walks = withMore(object.walks, walk);
    walk.outstanding++;
  }

  private objectOf(
    head_id: string,
    of: { module: number; owner: number; correlation_id: string },
  ): PendingObject {
    const object = this.pending.get(head_id) ?? pendingObject(head_id, of);
    this.pending.set(head_id, object);
    return object;
  }

  /** Is there an object that `take` would give? */
  hasNext(): boolean {
    for (const head_id of this.pending.keys()) if (!this.inFlight.has(head_id)) return true;
    return false;
  }

  /** The next object whose object is not in flight: one push at a time per object. */
  take(): PendingObject | undefined {
    for (const [head_id, object] of this.pending) {
      if (this.inFlight.has(head_id)) continue;
      this.pending.delete(head_id);
      this.inFlight.set(head_id, object);
      return object;
    }
    return undefined;
  }

  /** The receiver has the object, or a failed delivery is kept of it. */
  done(object: PendingObject): void {
    this.delivered.remember(object, this.behind);
    this.inFlight.delete(object.head_id);
    for (const walk of object.walks) walk.outstanding--;
    this.dropCovered(object);
  }

  /** It goes back to the end, folded into what came for the object meanwhile. */
  giveBack(object: PendingObject): void {
    this.inFlight.delete(object.head_id);
    const newer = this.pending.get(object.head_id);
    this.pending.delete(object.head_id);
    if (newer) foldInto(object, newer);
    this.pending.set(object.head_id, object);
  }
}

/** How many deliveries are remembered: enough for what a full push and the feed bring at the same time. */
const REMEMBERED = 256;
/** How many objects that are ahead of the log are remembered: some 70 bytes each, while the receiver is behind. */
const AHEAD = 16_384;

/**
 * Versions by head, the oldest dropped. By size, not by count: what a cache by count sets aside is more than most
 * receivers need.
 */
const bounded = (most: number): LRUCache<string, number> =>
  new LRUCache({ maxSize: most, sizeCalculation: () => 1 });

/** What has been delivered to a receiver lately, so that nothing goes out twice. Bounded. */
export class Delivered {
  /** Versions at which whole objects were done last. */
  private readonly versions = bounded(REMEMBERED);
  /**
   * Versions at which whole objects went out that are beyond what was read of the log: what it still has to say of
   * them is done. Only while the receiver is behind: elsewhere the log is read before the state is.
   */
  private readonly ahead = bounded(AHEAD);

  /** The whole object is there at this version or a later one. */
  has(head_id: string, version: number): boolean {
    return (this.versions.peek(head_id) ?? -1) >= version;
  }

  /** A change of this version was in what went out before the log told of it. */
  wasAhead(head_id: string, version: number): boolean {
    return (this.ahead.peek(head_id) ?? -1) >= version;
  }

  /** All of the log is read: nothing is ahead of it. */
  caughtUp(): void {
    this.ahead.clear();
  }

  /** @param behind whether the receiver is */
  remember(object: PendingObject, behind: boolean): void {
    this.rememberAhead(object, behind);
    this.versions.delete(object.head_id);
    if (object.whole) this.versions.set(object.head_id, object.version);
  }

  private rememberAhead({ head_id, whole, version, sent }: PendingObject, behind: boolean): void {
    this.ahead.delete(head_id);
    if (behind && whole && sent !== undefined && sent > version) this.ahead.set(head_id, sent);
  }
}
