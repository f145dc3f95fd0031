import type { Verdict } from '../domain/push-verdict';
import { isLive } from '../domain/party';
import { isConnected } from '../domain/partner';
import type { ReceiverRow, SavedPosition } from '../store/feed-store';
import type { FeedParts } from './feed-parts';
import { Intake } from './intake';
import { Interest } from './interest';
import type { Lease } from './leases';
import { Outbox, type Entry } from './outbox';
import { pushObject } from './push-object';
import { PushOutcomes } from './push-outcomes';

/*
 * Brings one receiver (a party) to the latest state of everything that it may see. What comes in (intake) is folded in
 * its outbox and pushed with bounded concurrency, one push at a time per object. A receiver that is down is paused as a
 * whole; an object that it refuses, or that fails three times while others pass, is set aside and holds back nobody
 * (push-outcomes). DESIGN.md, The feed.
 */

const CONCURRENCY = 4;
const AGAIN_MS = 1000;

export class ReceiverFeed {
  readonly outbox: Outbox;
  /** What it sends, it sends under this one. */
  readonly lease: Lease;
  private readonly interest: Interest;
  private readonly intake: Intake;
  private readonly outcomes: PushOutcomes;
  private pumping = false;
  private again = false;
  private ended = false;
  private timer: NodeJS.Timeout | undefined;
  private idle: (() => void)[] = [];
  /**
   * States that were read before may be older than what the last holder of the lease has sent; after a pause they are
   * older than what the object went through meanwhile.
   */
  private since: number;

  constructor(
    private readonly parts: FeedParts,
    readonly row: ReceiverRow,
    options: { aside: Set<string>; lease: Lease },
  ) {
    this.lease = options.lease;
    this.since = Math.max(performance.now(), this.lease.startsAt);
    this.outbox = new Outbox(row.position);
    this.interest = new Interest(parts.registry, row);
    this.intake = new Intake(parts, row, { outbox: this.outbox, interest: this.interest });
    this.outcomes = new PushOutcomes(parts, {
      ...{ row, outbox: this.outbox, aside: options.aside },
      wake: () => this.concluded(() => this.wake()),
      wakeIn: (ms) => this.concluded(() => this.wakeIn(ms)),
      onPause: () => (this.since = Math.max(this.since, performance.now())),
    });
  }

  /** What is to be saved of it. */
  toSave(): SavedPosition {
    return {
      receiver: this.row.receiver,
      position: this.outbox.position(),
      full_push: this.intake.place,
      fence: this.row.fence,
      last_success: this.outcomes.lastSuccess,
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

  /** One function, so that the gate knows this receiver once. */
  private readonly retry = (): void => this.wake();

  /** Whoever waits for the end of what is under way looks again. */
  private concluded(next: () => void): void {
    this.settleIdle();
    next();
  }

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
        this.startPushes();
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

  private startPushes(): void {
    const { health } = this.parts;
    if (!this.mayPush() || this.outbox.pending.size === 0) return;
    const paused = Math.max(health.pauseMs(this.row.partner_id), this.lease.waitMs);
    if (paused > 0) return this.wakeIn(paused);
    // After a pause one push alone shows whether the receiver is back.
    const lanes = health.of(this.row.partner_id).failuresInRow > 0 ? 1 : CONCURRENCY;
    while (this.outbox.inFlight.size < lanes && this.outbox.hasNext()) {
      if (!this.parts.gate.enter(this.retry)) return;
      const entry = this.outbox.take();
      if (!entry) return this.parts.gate.leave();
      if (this.outcomes.givesUp(entry)) this.parts.gate.leave();
      else void this.push(entry);
    }
  }

  private async push(entry: Entry): Promise<void> {
    try {
      const { interest, lease: permit, since } = this;
      const { behind } = this.outbox;
      const verdict = await pushObject(this.parts, { interest, permit, since, behind }, entry);
      if (permit.isValid()) this.outcomes.conclude(entry, verdict);
      else await this.cutOff(entry, verdict);
    } catch (error) {
      this.parts.log.warn(
        { err: error, receiver: this.row.receiver, head: entry.head_id },
        'a push could not be made',
      );
      this.outbox.giveBack(entry);
      this.wakeIn(AGAIN_MS);
    } finally {
      this.parts.gate.leave();
    }
    this.settleIdle();
  }

  /**
   * The lease ended meanwhile: this says nothing about the receiver. Where it ended long ago (the process slept), this
   * push may have come after a newer one of the next holder, who is asked to send the object once more.
   */
  private async cutOff(entry: Entry, { verdict }: Verdict): Promise<void> {
    if (verdict === 'accepted') this.outbox.done(entry);
    else this.outbox.giveBack(entry);
    if (!this.lease.isLongOver) return this.wakeIn(AGAIN_MS);
    await this.parts.store.sendAgain(this.row.receiver, entry.head_id).catch((error: unknown) => {
      this.parts.log.warn({ err: error, receiver: this.row.receiver }, 'an object could not be sent again');
    });
  }
}
