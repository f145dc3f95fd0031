import type { Verdict } from '../domain/push-verdict';
import type { FeedParts } from './feed-parts';
import type { Interest } from './interest';
import type { Lease } from './leases';
import type { Entry } from './entry';
import { pushObject } from './push-object';
import { PushOutcomes, type OutcomesOf } from './push-outcomes';

/** At the same time to one receiver. */
const CONCURRENCY = 4;

/** After this many milliseconds what stumbled is tried again. */
export const AGAIN_MS = 1000;

export interface PushingOf extends Omit<OutcomesOf, 'onPause'> {
  interest: Interest;
  /** What is sent is sent under this one. */
  lease: Lease;
  /** A push has ended; what waits for the end of all may look again. */
  onConcluded: () => void;
}

/** What goes out of a receiver's outbox: some objects at a time, one alone after a pause, each under the lease. */
export class Pushing {
  private readonly outcomes: PushOutcomes;
  /**
   * States that were read before may be older than what the last holder of the lease has sent; after a pause they are
   * older than what the object went through meanwhile.
   */
  private since: number;

  constructor(
    private readonly parts: FeedParts,
    private readonly of: PushingOf,
  ) {
    const { row, outbox, aside, lease, wake, wakeIn, onConcluded } = of;
    this.since = Math.max(performance.now(), lease.startsAt);
    this.outcomes = new PushOutcomes(parts, {
      ...{ row, outbox, aside },
      wake: () => (onConcluded(), wake()),
      wakeIn: (ms) => (onConcluded(), wakeIn(ms)),
      onPause: () => (this.since = Math.max(this.since, performance.now())),
    });
  }

  get lastSuccess(): Date | null {
    return this.outcomes.lastSuccess;
  }

  /** Begins as many pushes as may be under way now. */
  start(): void {
    const { health, gate } = this.parts;
    const { row, outbox, lease, wake, wakeIn } = this.of;
    const paused = Math.max(health.pauseMs(row.partner_id), lease.waitMs);
    if (paused > 0) return wakeIn(paused);
    // After a pause one push alone shows whether the receiver is back.
    const lanes = health.of(row.partner_id).failuresInRow > 0 ? 1 : CONCURRENCY;
    while (outbox.inFlight.size < lanes && outbox.hasNext()) {
      if (!gate.enter(wake)) return;
      const entry = outbox.take();
      if (!entry) return gate.leave();
      if (this.outcomes.givesUp(entry)) gate.leave();
      else void this.push(entry);
    }
  }

  private async push(entry: Entry): Promise<void> {
    const { row, outbox, interest, lease: permit, wakeIn, onConcluded } = this.of;
    try {
      const { since } = this;
      const { behind } = outbox;
      const verdict = await pushObject(this.parts, { interest, permit, since, behind }, entry);
      if (permit.isValid()) this.outcomes.conclude(entry, verdict);
      else await this.cutOff(entry, verdict);
    } catch (error) {
      const of = { receiver: row.receiver, head: entry.head_id };
      this.parts.log.warn({ err: error, ...of }, 'a push could not be made');
      outbox.giveBack(entry);
      wakeIn(AGAIN_MS);
    } finally {
      this.parts.gate.leave();
    }
    onConcluded();
  }

  /**
   * The lease ended meanwhile: this says nothing about the receiver. Where it ended long ago (the process slept), this
   * push may have come after a newer one of the next holder, who is asked to send the object once more.
   */
  private async cutOff(entry: Entry, { verdict }: Verdict): Promise<void> {
    const { row, outbox, lease, wakeIn } = this.of;
    if (verdict === 'accepted') outbox.done(entry);
    else outbox.giveBack(entry);
    if (!lease.isLongOver) return wakeIn(AGAIN_MS);
    await this.parts.store.sendAgain(row.receiver, entry.head_id).catch((error: unknown) => {
      this.parts.log.warn({ err: error, receiver: row.receiver }, 'an object could not be sent again');
    });
  }
}
