import type { FeedStore, ReceiverRow, SavedPosition } from '../../store/feed/feed-store';
import type { FeedParts } from '../worker';
import type { Lease } from '../leases/leases';
import { Receiver } from './receiver';

/** Rows a second that the positions of all receivers may cost: few are saved often, many less often. */
const SAVED_PER_S = 25;

const sameAs = (saved: SavedPosition | undefined, now: SavedPosition): boolean =>
  saved !== undefined &&
  saved.fence === now.fence &&
  saved.position.xid === now.position.xid &&
  saved.position.number === now.position.number &&
  saved.full_push === now.full_push &&
  saved.last_success?.getTime() === now.last_success?.getTime();

/** The receivers of the platforms that this process leases, each with its feed. */
export class Receivers {
  private readonly feeds = new Map<number, Receiver>();
  /** Those that ended but still have pushes under way: nothing new is sent to these receivers before. */
  private readonly ending = new Map<number, Promise<void>>();
  private readonly saved = new Map<number, SavedPosition>();
  private savedAt = Number.NEGATIVE_INFINITY;

  constructor(
    private readonly parts: FeedParts,
    private readonly store: FeedStore,
    /** May be told anew what is leased. */
    private readonly onEnded: () => void,
  ) {}

  all(): IterableIterator<Receiver> {
    return this.feeds.values();
  }

  ofPartner(partner: string): Receiver[] {
    return [...this.feeds.values()].filter((feed) => feed.row.partner_id === partner);
  }

  wake(): void {
    for (const feed of this.feeds.values()) feed.wake();
  }

  /** What is leased and registered now: ends and begins feeds accordingly; answers those that are new. */
  async follow(rows: readonly ReceiverRow[]): Promise<number[]> {
    const wanted = new Map(rows.map((row) => [row.receiver, row]));
    for (const [number, feed] of this.feeds) {
      const lease = this.parts.leases.of(feed.row.partner_id);
      if (wanted.get(number)?.fence !== feed.row.fence || lease !== feed.lease) this.drop(number, feed);
    }
    const begun: number[] = [];
    for (const [number, row] of wanted) {
      const lease = this.parts.leases.of(row.partner_id);
      if (this.feeds.has(number) || this.ending.has(number) || !lease) continue;
      await this.begin(row, lease);
      begun.push(number);
    }
    return begun;
  }

  private drop(number: number, feed: Receiver): void {
    this.feeds.delete(number);
    this.saved.delete(number);
    const ended = feed.end().finally(() => {
      this.ending.delete(number);
      this.onEnded();
    });
    this.ending.set(number, ended);
  }

  private async begin(row: ReceiverRow, lease: Lease): Promise<void> {
    const feed = new Receiver(this.parts, row, {
      aside: await this.store.failedDeliveries(row.receiver),
      lease,
    });
    this.feeds.set(row.receiver, feed);
    feed.wake();
  }

  /** Those that moved, together; not too many a second unless `all`. */
  async save(all: boolean): Promise<void> {
    const moved = [...this.feeds.values()]
      .map((feed) => feed.toSave())
      .filter((now) => !sameAs(this.saved.get(now.receiver), now));
    const due = this.savedAt + (moved.length / SAVED_PER_S) * 1000;
    if (moved.length === 0 || (!all && performance.now() < due)) return;
    this.savedAt = performance.now();
    const kept = new Set(await this.store.savePositions(moved, this.parts.leases.holder));
    for (const now of moved) if (kept.has(now.receiver)) this.saved.set(now.receiver, now);
  }

  async end(): Promise<void> {
    await Promise.all([...[...this.feeds.values()].map((feed) => feed.end()), ...this.ending.values()]);
  }
}
