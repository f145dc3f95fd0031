import type { Verdict } from '../../domain/push-verdict';
import type { ReceiverRow } from '../../store/feed/feed-store';
import { isItsFault, withFailure, type ObjectFailures } from '../deliver/object-failures';
import type { FeedParts } from '../worker';
import type { PendingObject } from './pending-object';
import type { Outbox } from './outbox';

/*
 * What becomes of an object by the verdict on its push: done, tried again, or set aside; and what that says about the
 * receiver, which is paused where nothing passes.
 */

/** Failures in a row of whatever objects, after which it is the receiver. */
const TRIES = 3;
const STORE_AGAIN_MS = 1000;

export interface OutcomesOf {
  row: ReceiverRow;
  outbox: Outbox;
  /** Heads that are set aside: cleared when they go through after all. */
  aside: Set<string>;
  /** There may be more to do, now or in so many milliseconds. */
  wake: () => void;
  wakeIn: (ms: number) => void;
  /** A pause begins: states that were read before are older than what an object may have gone through meanwhile. */
  onPause: () => void;
}

export class PushOutcome {
  lastSuccess: Date | null;
  private successes = 0;
  /** Failures since the last success of any: while nothing passes it is the receiver, not the object. */
  private failedInRow = 0;

  constructor(
    private readonly parts: FeedParts,
    private readonly of: OutcomesOf,
  ) {
    this.lastSuccess = of.row.last_success;
  }

  /** Acts on the verdict on an object that was in flight. */
  conclude(object: PendingObject, verdict: Verdict): void {
    const { outbox, wake, wakeIn } = this.of;
    switch (verdict.verdict) {
      case 'accepted':
        return this.accepted(object);
      case 'locationUnknown':
        this.passed();
        object.whole = true;
        outbox.giveBack(object);
        return wake();
      case 'refused':
        this.passed();
        return this.setAside(object, this.withFailure(object, verdict.reason));
      case 'down':
        outbox.giveBack(object);
        return wakeIn(this.pause(verdict));
      case 'failed':
        return this.afterFailure(object, verdict.reason);
    }
  }

  /** Failed too often while others passed: it is set aside without one more try. False where it is to be pushed. */
  givesUp(object: PendingObject): boolean {
    const { failures } = object;
    if (!failures || !isItsFault(failures, this.successes)) return false;
    this.setAside(object, failures);
    return true;
  }

  private accepted(object: PendingObject): void {
    const { row, outbox, aside, wake } = this.of;
    this.passed();
    this.parts.onPassed(row.receiver, object.module);
    outbox.done(object);
    if (aside.delete(object.head_id))
      void this.parts.store.clearFailedDelivery(row.receiver, object.head_id).catch(() => undefined);
    wake();
  }

  private passed(): void {
    this.successes++;
    this.failedInRow = 0;
    this.lastSuccess = new Date();
    this.parts.health.succeeded(this.of.row.partner_id);
  }

  /** @returns for how many milliseconds */
  private pause({ reason, retryAfterMs }: { reason: string; retryAfterMs?: number }): number {
    const { receiver, partner_id: partner } = this.of.row;
    this.of.outbox.behind = true;
    this.of.onPause();
    void this.parts.store.saveError(receiver, reason).catch(() => undefined);
    this.parts.log.info({ partner, reason }, 'a partner is down, its pushes wait');
    return this.parts.health.failed(partner, reason, retryAfterMs);
  }

  private withFailure(object: PendingObject, reason: string): ObjectFailures {
    return withFailure(object.failures, { successes: this.successes, reason });
  }

  /** A timeout or 5xx: whether it is the object's fault shows when others pass, or do not. */
  private afterFailure(object: PendingObject, reason: string): void {
    const { row, outbox, wake, wakeIn } = this.of;
    this.parts.health.noted(row.partner_id, reason);
    object.failures = this.withFailure(object, reason);
    this.failedInRow++;
    outbox.giveBack(object);
    const othersToTry = outbox.size > 1 && this.failedInRow < TRIES;
    if (othersToTry) return wake();
    wakeIn(this.pause({ reason }));
  }

  private setAside(object: PendingObject, { attempts, reason: error }: ObjectFailures): void {
    const { row, outbox, aside, wake, wakeIn } = this.of;
    const { receiver } = row;
    const { head_id } = object;
    const parts = object.whole ? [''] : [...object.parts];
    const rows = parts.map((part) => ({ receiver, head_id, part, attempts, error }));
    aside.add(head_id);
    void this.parts.store.saveError(receiver, error).catch(() => undefined);
    Promise.all(rows.map((failed) => this.parts.store.saveFailedDelivery(failed))).then(
      () => {
        object.sent = undefined; // a later change is one more try
        outbox.done(object);
        wake();
      },
      () => {
        outbox.giveBack(object);
        wakeIn(STORE_AGAIN_MS);
      },
    );
  }
}
