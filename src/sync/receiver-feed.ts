import { isLive } from '../domain/party';
import { isConnected } from '../domain/partner';
import type { ReceiverRow, SavedPosition } from '../store/feed-store';
import type { FeedParts } from './feed-parts';
import { Intake } from './intake';
import { Interest } from './interest';
import type { Lease } from './leases';
import { Outbox } from './outbox';
import { AGAIN_MS, Pushing } from './pushing';

/*
 * Brings one receiver (a party) to the latest state of everything that it may see. What comes in (intake) is folded in
 * its outbox and pushed with bounded concurrency (pushing), one push at a time per object. A receiver that is down is
 * paused as a whole; an object that it refuses, or that fails three times while others pass, is set aside and holds
 * back nobody (push-outcomes). DESIGN.md, The feed.
 */

export class ReceiverFeed {
  readonly outbox: Outbox;
  /** What it sends, it sends under this one. */
  readonly lease: Lease;
  private readonly interest: Interest;
  private readonly intake: Intake;
  private readonly pushing: Pushing;
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
    this.interest = new Interest(parts.registry, row);
    this.intake = new Intake(parts, row, { outbox: this.outbox, interest: this.interest });
    this.pushing = new Pushing(parts, {
      ...{ row, outbox: this.outbox, interest: this.interest, ...options },
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
