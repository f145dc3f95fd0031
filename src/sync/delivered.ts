import type { Entry } from './entry';

/** How many deliveries are remembered: enough for what a full push and the feed bring at the same time. */
const REMEMBERED = 256;
/** How many objects that are ahead of the log are remembered: some 70 bytes each, while the receiver is behind. */
const AHEAD = 16_384;

/** What has been delivered to a receiver lately, so that nothing goes out twice. Bounded. */
export class Delivered {
  /** Versions at which whole objects were done last, oldest first. */
  private readonly versions = new Map<string, number>();
  /**
   * Versions at which whole objects went out that are beyond what was read of the log: what it still has to say of
   * them is done. Only while the receiver is behind: elsewhere the log is read before the state is.
   */
  private readonly ahead = new Map<string, number>();

  /** The whole object is there at this version or a later one. */
  has(head_id: string, version: number): boolean {
    return (this.versions.get(head_id) ?? -1) >= version;
  }

  /** A change of this version was in what went out before the log told of it. */
  wasAhead(head_id: string, version: number): boolean {
    return (this.ahead.get(head_id) ?? -1) >= version;
  }

  /** All of the log is read: nothing is ahead of it. */
  caughtUp(): void {
    this.ahead.clear();
  }

  /** @param behind whether the receiver is */
  remember(entry: Entry, behind: boolean): void {
    this.rememberAhead(entry, behind);
    this.versions.delete(entry.head_id);
    if (!entry.whole) return;
    this.versions.set(entry.head_id, entry.version);
    for (const oldest of this.versions.keys()) {
      if (this.versions.size <= REMEMBERED) return;
      this.versions.delete(oldest);
    }
  }

  private rememberAhead({ head_id, whole, version, sent }: Entry, behind: boolean): void {
    this.ahead.delete(head_id);
    if (!behind || !whole || sent === undefined || sent <= version) return;
    this.ahead.set(head_id, sent);
    const oldest = this.ahead.keys().next().value;
    if (this.ahead.size > AHEAD && oldest !== undefined) this.ahead.delete(oldest);
  }
}
