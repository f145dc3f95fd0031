import type { ReceiverRow, SavedPosition } from '../../store/feed/feed-store';
import type { SyncContext } from '../context';
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

/** The receivers of the platforms that this process leases, each with its receiver. */
export class Receivers {
  private readonly receivers = new Map<number, Receiver>();
  /** Those that ended but still have pushes under way: nothing new is sent to these receivers before. */
  private readonly ending = new Map<number, Promise<void>>();
  private readonly saved = new Map<number, SavedPosition>();
  private savedAt = Number.NEGATIVE_INFINITY;

  constructor(
    private readonly context: SyncContext,
    /** May be told anew what is leased. */
    private readonly onEnded: () => void,
  ) {}

  all(): IterableIterator<Receiver> {
    return this.receivers.values();
  }

  ofPartner(partner: string): Receiver[] {
    return [...this.receivers.values()].filter((receiver) => receiver.row.partner_id === partner);
  }

  wake(): void {
    for (const receiver of this.receivers.values()) receiver.wake();
  }

  /** What is leased and registered now: ends and begins receivers accordingly; answers those that are new. */
  async follow(rows: readonly ReceiverRow[]): Promise<number[]> {
    const wanted = new Map(rows.map((row) => [row.receiver, row]));
    for (const [number, receiver] of this.receivers) {
      const lease = this.context.leases.of(receiver.row.partner_id);
      if (wanted.get(number)?.fence !== receiver.row.fence || lease !== receiver.lease)
        this.drop(number, receiver);
    }
    const fresh = [...wanted.values()].filter((row) => this.isToBegin(row));
    if (fresh.length > 0) await this.begin(fresh);
    return fresh.map((row) => row.receiver);
  }

  private isToBegin({ receiver, partner_id }: ReceiverRow): boolean {
    const isThere = this.receivers.has(receiver) || this.ending.has(receiver);
    return !isThere && this.context.leases.of(partner_id) !== undefined;
  }

  private drop(number: number, receiver: Receiver): void {
    this.receivers.delete(number);
    this.saved.delete(number);
    const ended = receiver.end().finally(() => {
      this.ending.delete(number);
      this.onEnded();
    });
    this.ending.set(number, ended);
  }

  /** All that are new together: what they need is read at once. */
  private async begin(rows: readonly ReceiverRow[]): Promise<void> {
    const failed = await this.context.feedStore.failedDeliveries(rows.map((row) => row.receiver));
    for (const row of rows) {
      const lease = this.context.leases.of(row.partner_id);
      if (!lease) continue;
      const receiver = new Receiver(this.context, row, {
        failed: failed.get(row.receiver) ?? new Set(),
        lease,
      });
      this.receivers.set(row.receiver, receiver);
      receiver.wake();
    }
  }

  /** Those that moved, together; not too many a second unless `all`. */
  async save(all: boolean): Promise<void> {
    const moved = [...this.receivers.values()]
      .map((receiver) => receiver.toSave())
      .filter((now) => !sameAs(this.saved.get(now.receiver), now));
    const due = this.savedAt + (moved.length / SAVED_PER_S) * 1000;
    if (moved.length === 0 || (!all && performance.now() < due)) return;
    this.savedAt = performance.now();
    const kept = new Set(await this.context.feedStore.savePositions(moved, this.context.leases.holder));
    for (const now of moved) if (kept.has(now.receiver)) this.saved.set(now.receiver, now);
  }

  async end(): Promise<void> {
    await Promise.all([
      ...[...this.receivers.values()].map((receiver) => receiver.end()),
      ...this.ending.values(),
    ]);
  }
}
