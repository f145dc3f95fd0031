import { MODULE_NUMBERS } from '../../domain/visibility';
import type { Change, ReceiverRow } from '../../store/feed/feed-store';
import type { FeedParts } from '../worker';
import type { Interest } from './interest';
import type { Scan } from './pending-object';
import type { Outbox } from './outbox';

/*
 * Walks over heads, a page at a time: the full push of a new receiver (its place is saved), and all objects of an
 * owner that became visible anew. Their entries fold into the same outbox as the changes that come meanwhile.
 */

const PAGE = 200;
/** Sessions of a full push: those changed since the last success, with a margin for clocks, or written since then. */
const SESSION_MARGIN_MS = 24 * 3600 * 1000;

export class Scans {
  private fullPush: Scan | undefined;

  constructor(
    private readonly parts: FeedParts,
    private readonly row: ReceiverRow,
    private readonly to: { outbox: Outbox; interest: Interest },
  ) {
    if (row.full_push !== null) this.beginFullPush(row.full_push);
  }

  private beginFullPush(after: string): void {
    this.fullPush = {
      owner: undefined,
      after,
      outstanding: 0,
      pageEnd: after,
      last: false,
      before: undefined,
      correlation_id: `full-push-${this.row.receiver}-${this.row.fence}`,
    };
    this.to.outbox.scans.push(this.fullPush);
  }

  /** The place of the full push under way; null where there is none. */
  get place(): string | null {
    return this.fullPush ? this.fullPush.after : null;
  }

  /** All objects of an owner. */
  ofOwner(change: Change): void {
    if (change.owner === this.row.receiver) return;
    this.to.outbox.scans.push({
      owner: change.owner,
      after: '0',
      outstanding: 0,
      pageEnd: '0',
      last: false,
      before: this.to.outbox.read,
      correlation_id: change.correlation_id,
    });
  }

  /** Takes the scan at the front a page further, once its page under way is done. */
  async fill(mayGoOn: () => boolean): Promise<void> {
    const { scans } = this.to.outbox;
    for (let scan = scans[0]; scan && mayGoOn() && scan.outstanding === 0; scan = scans[0]) {
      scan.after = scan.pageEnd;
      if (scan.last) this.end(scan);
      else await this.page(scan);
    }
  }

  private end(scan: Scan): void {
    this.to.outbox.scans.shift();
    if (scan === this.fullPush) this.fullPush = undefined;
  }

  private async page(scan: Scan): Promise<void> {
    const { outbox, interest } = this.to;
    const modules = [...interest.modules()].filter((m) => m !== 'cdrs').map((m) => MODULE_NUMBERS[m]);
    const owners =
      scan.owner === undefined ? this.parts.registry.parties().map((p) => p.number) : [scan.owner];
    const heads = await this.parts.store.scanHeads({
      after: scan.after,
      modules,
      owners,
      limit: PAGE,
      counterpart: this.row.receiver,
      since: this.row.last_success && new Date(this.row.last_success.getTime() - SESSION_MARGIN_MS),
      passed: this.row.full_push_since,
    });
    for (const head of heads) if (interest.concerns(head)) outbox.addScanned(scan, head);
    scan.pageEnd = heads.at(-1)?.head_id ?? scan.after;
    scan.last = heads.length < PAGE;
  }
}
