import { MODULE_NUMBERS } from '../domain/visibility';
import { comparePositions, type Change, type ReceiverRow } from '../store/feed-store';
import type { FeedParts } from './feed-parts';
import type { Interest } from './interest';
import type { Outbox } from './outbox';
import { Scans } from './scans';

const READ_PAGE = 500;
/** Beyond this many unsent objects no more changes are read: fifty receivers that lag hold some ten megabytes so. */
const OUTBOX_FULL = 1000;

/** What comes into a receiver's outbox: the changes behind its position that concern it, and its scans. */
export class Intake {
  private readonly scans: Scans;

  constructor(
    private readonly parts: FeedParts,
    private readonly row: ReceiverRow,
    private readonly to: { outbox: Outbox; interest: Interest },
  ) {
    this.scans = new Scans(parts, row, to);
  }

  /** The place of the full push under way; null where there is none. */
  get place(): string | null {
    return this.scans.place;
  }

  /** Reads until nothing is left or the outbox is full. @throws where the database is away */
  async fill(mayGoOn: () => boolean): Promise<void> {
    const { outbox } = this.to;
    while (mayGoOn() && outbox.size < OUTBOX_FULL) {
      const { begin } = this.parts.changes;
      const changes = await this.parts.changes.after(outbox.read, READ_PAGE);
      for (const change of changes) this.take(change);
      if (changes.length < READ_PAGE && comparePositions(outbox.read, begin) < 0) outbox.read = begin;
      if (changes.length < READ_PAGE && outbox.pending.size === 0) outbox.caughtUp();
      if (changes.length === 0) break;
    }
    if (outbox.size >= OUTBOX_FULL) outbox.behind = true;
    await this.scans.fill(mayGoOn);
  }

  private take(change: Change): void {
    const { outbox, interest } = this.to;
    const head_id = change.head_id;
    if (head_id === null) this.scans.ofOwner(change);
    else if (interest.concerns(change)) {
      if (change.module === MODULE_NUMBERS.cdrs) this.parts.onCdr(this.row.receiver);
      else outbox.add({ ...change, head_id });
    }
    outbox.read = { xid: change.xid, number: change.number };
  }
}
