import { comparePositions, type Change, type Position } from '../store/feed-store';
import type { Failures } from './failures';

/*
 * What one receiver still has to get: changes folded to the latest state per object. Pure bookkeeping, no I/O.
 *
 * An entry remembers the position just before its first change. The receiver's position may move up to the lowest
 * of those, which is the contiguous finished prefix: a crash repeats pushes, it never loses one.
 */

export interface Entry {
  head_id: string;
  module: number;
  owner: number;
  /** The version of the last change: a state that was read at or after it will do. */
  version: number;
  /** The whole object, or the parts of a location that changed. */
  whole: boolean;
  parts: readonly string[];
  correlation_id: string;
  /** The position before the first change that it stands for; undefined for one of a full push alone. */
  before: Position | undefined;
  /** The version of the state that was read for it last; undefined where there was none. */
  sent: number | undefined;
  /** An admin, or a worker that came too late, wants it sent whatever was delivered. */
  insisted: boolean;
  /** Counts in the scan (full push) that put it here. */
  scans: readonly Scan[];
  /** What failed of it so far; undefined where nothing did. */
  failures: Failures | undefined;
}

/** A walk over heads: a full push, or all objects of an owner. */
export interface Scan {
  /** undefined: everything that the receiver may see. */
  owner: number | undefined;
  after: string;
  /** Entries of the page under way that are not done. */
  outstanding: number;
  /** The last head of the page under way. */
  pageEnd: string;
  /** No page follows the one under way. */
  last: boolean;
  before: Position | undefined;
  correlation_id: string;
}

/** Of a hundred thousand entries almost all have no scan: they share this. */
const NONE: readonly never[] = [];

const withMore = <T>(known: readonly T[], more: T): readonly T[] =>
  known.includes(more) ? known : [...known, more];

/** How many deliveries are remembered: enough for what a full push and the feed bring at the same time. */
const REMEMBERED = 256;
/** How many objects that are ahead of the log are remembered: some 70 bytes each, while the receiver is behind. */
const AHEAD = 16_384;

export class Outbox {
  /** How far the change log was read. */
  read: Position;
  readonly pending = new Map<string, Entry>();
  readonly inFlight = new Map<string, Entry>();
  readonly scans: Scan[] = [];
  /** Versions at which whole objects were done last, oldest first. */
  private readonly delivered = new Map<string, number>();
  /**
   * Versions at which whole objects went out that are beyond what was read of the log: what it still has to say of
   * them is done. Only while the receiver is behind: elsewhere the log is read before the state is.
   */
  private readonly ahead = new Map<string, number>();
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
    for (const entry of this.pending.values()) consider(entry.before);
    for (const entry of this.inFlight.values()) consider(entry.before);
    for (const scan of this.scans) consider(scan.before);
    return lowest;
  }

  /**
   * The whole object went out, or is going out, at this version or a later one: an object that is written while a
   * full push runs comes by both ways and needs one push. Should that push be lost, it is in its scan or entry still.
   */
  private covers(head_id: string, version: number): boolean {
    const flying = this.inFlight.get(head_id);
    if (flying?.whole && flying.version >= version) return true;
    return (this.delivered.get(head_id) ?? -1) >= version;
  }

  /** All of the log is read and nothing waits. */
  caughtUp(): void {
    this.behind = false;
    this.ahead.clear();
  }

  private rememberAhead({ head_id, whole, version, sent }: Entry): void {
    this.ahead.delete(head_id);
    if (!this.behind || !whole || sent === undefined || sent <= version) return;
    this.ahead.set(head_id, sent);
    const oldest = this.ahead.keys().next().value;
    if (this.ahead.size > AHEAD && oldest !== undefined) this.ahead.delete(oldest);
  }

  /** What came for the object while this was in flight may be in what was sent. */
  private dropCovered({ head_id, whole, sent }: Entry): void {
    const newer = this.pending.get(head_id);
    if (!newer || !whole || sent === undefined || newer.version > sent) return;
    if (!newer.insisted && newer.scans.length === 0) this.pending.delete(head_id);
  }

  private remember(entry: Entry): void {
    this.rememberAhead(entry);
    this.delivered.delete(entry.head_id);
    if (!entry.whole) return;
    this.delivered.set(entry.head_id, entry.version);
    for (const oldest of this.delivered.keys()) {
      if (this.delivered.size <= REMEMBERED) return;
      this.delivered.delete(oldest);
    }
  }

  /** Folds a change that concerns this receiver into what is pending. */
  add(change: Change & { head_id: string }): void {
    // What an admin sends again names its receiver: it goes out whatever was delivered.
    const { head_id, version } = change;
    const isAhead = (this.ahead.get(head_id) ?? -1) >= version;
    if (change.receiver === null && (isAhead || this.covers(head_id, version))) return;
    const entry = this.entryOf(head_id, change);
    entry.insisted ||= change.receiver !== null;
    entry.before ??= this.read;
    entry.version = Math.max(entry.version, change.version);
    entry.correlation_id = change.correlation_id;
    if (change.part === null) entry.whole = true;
    else entry.parts = withMore(entry.parts, change.part);
  }

  /** Puts an object of a scan's page in. */
  addScanned(scan: Scan, head: { head_id: string; module: number; owner: number; version: number }): void {
    if (this.covers(head.head_id, head.version)) return;
    const entry = this.entryOf(head.head_id, { ...head, correlation_id: scan.correlation_id });
    entry.whole = true;
    entry.version = Math.max(entry.version, head.version);
    if (entry.scans.includes(scan)) return;
    entry.scans = withMore(entry.scans, scan);
    scan.outstanding++;
  }

  private entryOf(head_id: string, of: { module: number; owner: number; correlation_id: string }): Entry {
    let entry = this.pending.get(head_id);
    if (!entry) {
      const { module, owner, correlation_id } = of;
      entry = {
        head_id,
        module,
        owner,
        correlation_id,
        version: 0,
        sent: undefined,
        insisted: false,
        whole: false,
        parts: NONE,
        before: undefined,
        scans: NONE,
        failures: undefined,
      };
      this.pending.set(head_id, entry);
    }
    return entry;
  }

  /** Is there an entry that `take` would give? */
  hasNext(): boolean {
    for (const head_id of this.pending.keys()) if (!this.inFlight.has(head_id)) return true;
    return false;
  }

  /** The next entry whose object is not in flight: one push at a time per object. */
  take(): Entry | undefined {
    for (const [head_id, entry] of this.pending) {
      if (this.inFlight.has(head_id)) continue;
      this.pending.delete(head_id);
      this.inFlight.set(head_id, entry);
      return entry;
    }
    return undefined;
  }

  /** It is with the receiver, or set aside. */
  done(entry: Entry): void {
    this.remember(entry);
    this.inFlight.delete(entry.head_id);
    for (const scan of entry.scans) scan.outstanding--;
    this.dropCovered(entry);
  }

  /** It goes back to the end, folded into what came for the object meanwhile. */
  giveBack(entry: Entry): void {
    this.inFlight.delete(entry.head_id);
    const newer = this.pending.get(entry.head_id);
    this.pending.delete(entry.head_id);
    if (newer) {
      entry.whole ||= newer.whole;
      entry.insisted ||= newer.insisted;
      for (const part of newer.parts) entry.parts = withMore(entry.parts, part);
      for (const scan of newer.scans) {
        if (entry.scans.includes(scan)) scan.outstanding--;
        else entry.scans = withMore(entry.scans, scan);
      }
      entry.before ??= newer.before;
      entry.version = Math.max(entry.version, newer.version);
      entry.correlation_id = newer.correlation_id;
    }
    this.pending.set(entry.head_id, entry);
  }
}
