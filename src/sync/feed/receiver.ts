import { isLive } from '../../domain/party';
import { isConnected } from '../../domain/partner';
import {
  type ReceiverRow,
  type SavedPosition,
  comparePositions,
  type Change,
} from '../../store/feed/feed-store';
import type { FeedParts } from '../worker';
import { WhatItMaySee } from './what-it-may-see';
import type { Lease } from '../leases/leases';
import { Outbox } from './outbox';
import { AGAIN_MS, Push } from './push';
import { ownedModule } from '../../ocpi/versions';
import { FullPush } from './full-push';

/*
 * Brings one receiver (a party) to the latest state of everything that it may see. What comes in (intake) is folded in
 * its outbox and pushed with bounded concurrency (pushing), one push at a time per object. A receiver that is down is
 * paused as a whole; an object that it refuses, or that fails three times while others pass, is set aside and holds
 * back nobody (push-outcomes). DESIGN.md, The feed.
 */

export class Receiver {
  readonly outbox: Outbox;
  /** What it sends, it sends under this one. */
  readonly lease: Lease;
  private readonly interest: WhatItMaySee;
  private readonly intake: Intake;
  private readonly pushing: Push;
  private pumping = false;
  private again = false;
  private ended = false;
  private timer: NodeJS.Timeout | undefined;
  private idle: (() => void)[] = [];

  constructor(
    private readonly parts: FeedParts,
    readonly row: ReceiverRow,
    options: { aside: Set<string>; lease: Lease },
  ) {
    this.lease = options.lease;
    this.outbox = new Outbox(row.position);
    this.interest = new WhatItMaySee(parts.registry, row);
    this.intake = new Intake(parts, row, { outbox: this.outbox, interest: this.interest });
    this.pushing = new Push(parts, {
      row,
      outbox: this.outbox,
      interest: this.interest,
      ...options,
      // One function, so that the gate knows this receiver once.
      wake: () => this.wake(),
      wakeIn: (ms) => this.wakeIn(ms),
      onConcluded: () => this.settleIdle(),
    });
  }

  /** What is to be saved of it. */
  toSave(): SavedPosition {
    return {
      receiver: this.row.receiver,
      position: this.outbox.position(),
      full_push: this.intake.place,
      fence: this.row.fence,
      last_success: this.pushing.lastSuccess,
    };
  }

  /** Something may be there to do. */
  wake(): void {
    if (this.ended) return;
    if (this.pumping) this.again = true;
    else void this.pump();
  }

  /** Begins nothing new; resolves when what is under way has ended. */
  async end(): Promise<void> {
    this.ended = true;
    clearTimeout(this.timer);
    while (this.outbox.inFlight.size > 0 || this.pumping)
      await new Promise<void>((resolve) => this.idle.push(resolve));
  }

  /** Whoever waits for the end of what is under way looks again. */
  private settleIdle(): void {
    const waiting = this.idle;
    this.idle = [];
    for (const resolve of waiting) resolve();
  }

  private async pump(): Promise<void> {
    this.pumping = true;
    try {
      do {
        this.again = false;
        await this.intake.fill(() => this.mayPush());
        if (this.mayPush() && this.outbox.pending.size > 0) this.pushing.start();
      } while (this.again && !this.ended);
    } catch (error) {
      this.parts.log.warn({ err: error, receiver: this.row.receiver }, 'the feed of a receiver stumbled');
      this.wakeIn(AGAIN_MS);
    } finally {
      this.pumping = false;
      this.settleIdle();
    }
  }

  private wakeIn(ms: number): void {
    clearTimeout(this.timer);
    this.timer = setTimeout(() => this.wake(), ms);
    this.timer.unref();
  }

  private mayPush(): boolean {
    const { party, partner } = this.interest;
    if (this.ended || !this.lease.isValid()) return false;
    return party !== undefined && partner !== undefined && isLive(party) && isConnected(partner);
  }
}

const READ_PAGE = 500;
/** Beyond this many unsent objects no more changes are read: fifty receivers that lag hold some ten megabytes so. */
const OUTBOX_FULL = 1000;

/** What comes into a receiver's outbox: the changes behind its position that concern it, and its walks. */
export class Intake {
  private readonly walks: FullPush;

  constructor(
    private readonly parts: FeedParts,
    private readonly row: ReceiverRow,
    private readonly to: { outbox: Outbox; interest: WhatItMaySee },
  ) {
    this.walks = new FullPush(parts, row, to);
  }

  /** The place of the full push under way; null where there is none. */
  get place(): string | null {
    return this.walks.place;
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
    await this.walks.fill(mayGoOn);
  }

  private take(change: Change): void {
    const { outbox, interest } = this.to;
    const head_id = change.head_id;
    if (head_id === null) this.walks.ofOwner(change);
    else if (interest.concerns(change)) {
      if (ownedModule(change.module)?.push === 'POST') this.parts.onCdr(this.row.receiver);
      else outbox.add({ ...change, head_id });
    }
    outbox.read = { xid: change.xid, number: change.number };
  }
}
