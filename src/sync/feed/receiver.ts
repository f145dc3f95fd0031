import { ownedModule } from '../../ocpi/versions';
import {
  comparePositions,
  type Change,
  type ReceiverRow,
  type SavedPosition,
} from '../../store/feed/feed-store';
import type { SyncContext } from '../context';
import { isReachable } from '../deliver/may-deliver';
import type { Lease } from '../leases/leases';
import { Loop } from '../loop';
import { FullPush } from './full-push';
import { Outbox } from './outbox';
import { Push } from './push';
import { WhatItMaySee } from './what-it-may-see';

/*
 * Brings one receiver (a party) to the latest state of everything that it may see.
 *
 *   change log ──fill──▶ outbox (one pending object per object) ──push──▶ the partner's Receiver interface
 *   full push ──────────▶                                       ◀─outcome─ done, again, or a failed delivery
 *
 * Changes are folded per object, and one push at a time goes out per object. A receiver that is down is paused as a
 * whole. An object that the receiver refuses, or that fails three times while others pass, becomes a failed delivery
 * and holds back no other object.
 */

const READ_PAGE = 500;
/** Beyond this many unsent objects no more changes are read: fifty receivers that lag hold some ten megabytes so. */
const OUTBOX_FULL = 1000;

export class Receiver {
  readonly outbox: Outbox;
  /** What it sends, it sends under this one. */
  readonly lease: Lease;
  private readonly maySee: WhatItMaySee;
  private readonly fullPush: FullPush;
  private readonly push: Push;
  private readonly loop: Loop;

  constructor(
    private readonly context: SyncContext,
    readonly row: ReceiverRow,
    options: { failed: Set<string>; lease: Lease },
  ) {
    const { log, registry } = context;
    this.lease = options.lease;
    this.outbox = new Outbox(row.position);
    this.maySee = new WhatItMaySee(registry, row);
    const { outbox, maySee } = this;
    const mayGoOn = (): boolean => this.mayPush();
    const onPage = (): void => this.loop.wake();
    this.fullPush = new FullPush(context, row, { outbox, maySee, mayGoOn, onPage });
    const failed = 'the feed of a receiver could not go on';
    this.loop = new Loop(() => this.fillAndPush(), {
      log,
      failed,
      fields: { party: registry.partyInLog(row.receiver) },
    });
    this.push = new Push(context, { row, outbox, maySee, loop: this.loop, ...options });
  }

  /** What is to be saved of it. */
  toSave(): SavedPosition {
    return {
      receiver: this.row.receiver,
      position: this.outbox.position(),
      full_push: this.fullPush.place,
      fence: this.row.fence,
      last_success: this.push.lastSuccess,
    };
  }

  /** Something may be there to do. */
  wake(): void {
    this.loop.wake();
  }

  /** Begins nothing new; resolves when what is under way has ended. */
  async end(): Promise<void> {
    await this.loop.end();
    await this.fullPush.stop();
    await this.push.end();
  }

  private async fillAndPush(): Promise<void> {
    await this.fill();
    if (!this.mayPush()) return;
    this.fullPush.wake();
    if (this.outbox.pending.size > 0) this.push.start();
  }

  private mayPush(): boolean {
    const { party, partner } = this.maySee;
    return !this.loop.ended && this.lease.isValid() && isReachable(party, partner);
  }

  /** Reads until nothing is left or the outbox is full. @throws where the database is away */
  private async fill(): Promise<void> {
    const { outbox } = this;
    const { changeLog } = this.context;
    while (this.mayPush() && outbox.size < OUTBOX_FULL) {
      const { begin } = changeLog;
      const changes = await changeLog.after(outbox.read, READ_PAGE);
      for (const change of changes) this.take(change);
      if (changes.length < READ_PAGE && comparePositions(outbox.read, begin) < 0) outbox.read = begin;
      if (changes.length < READ_PAGE && outbox.pending.size === 0) outbox.caughtUp();
      if (changes.length === 0) break;
    }
    if (outbox.size >= OUTBOX_FULL) outbox.behind = true;
  }

  private take(change: Change): void {
    const { outbox, maySee } = this;
    const { head_id } = change;
    if (head_id === null) this.fullPush.ofOwner(change);
    else if (maySee.concerns(change)) {
      if (ownedModule(change.module)?.push === 'POST') this.context.wakeCdrs(this.row.receiver);
      else outbox.add({ ...change, head_id });
    }
    outbox.read = { xid: change.xid, number: change.number };
  }
}
