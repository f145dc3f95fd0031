import type { Verdict } from '../../domain/push-verdict';
import { isItsFault, TRIES, withFailure, type ObjectFailures } from '../deliver/object-failures';
import { logFailure } from '../deliver/log-failure';
import type { ReceiverRow } from '../../store/feed/feed-store';
import type { SyncContext } from '../context';
import type { Lease } from '../leases/leases';
import { AGAIN_MS, type Loop } from '../loop';
import type { Outbox } from './outbox';
import type { PendingObject } from './pending-object';
import type { WhatItMaySee } from './what-it-may-see';

/*
 * What becomes of a pending object by the verdict on its push: done, tried again, or a failed delivery; and what that
 * says about the receiver, which is paused where nothing passes.
 */

/** What is known of the receiver that is pushed to. */
export interface PushReceiver {
  row: ReceiverRow;
  outbox: Outbox;
  maySee: WhatItMaySee;
  /** What is sent is sent under this one. */
  lease: Lease;
  /** Heads with a failed delivery: it is cleared when they go through after all. */
  failed: Set<string>;
  /** Fills the outbox and pushes: woken where there may be more to do. */
  loop: Loop;
}

type OutcomeOf = Omit<PushReceiver, 'maySee' | 'lease'> & {
  /** A pause begins: states that were read before are older than what an object may have gone through meanwhile. */
  onPause: () => void;
};

type Failure = Pick<ObjectFailures, 'reason' | 'told'>;

export class PushOutcome {
  lastSuccess: Date | null;
  private successes = 0;
  /** Failures since the last success of any: while nothing passes it is the receiver, not the object. */
  private failedInRow = 0;

  constructor(
    private readonly context: SyncContext,
    private readonly of: OutcomeOf,
  ) {
    this.lastSuccess = of.row.last_success;
  }

  /** Acts on the verdict on an object that was in flight; resolves when what is to be stored of it is. */
  async conclude(object: PendingObject, verdict: Verdict): Promise<void> {
    const { outbox, loop } = this.of;
    switch (verdict.verdict) {
      case 'accepted':
        return this.accepted(object);
      case 'locationUnknown':
        this.passed();
        object.whole = true;
        outbox.giveBack(object);
        return loop.wake();
      case 'refused':
        this.passed();
        return this.saveFailed(object, this.withFailure(object, verdict));
      case 'down':
        outbox.giveBack(object);
        return loop.wakeIn(this.pause(verdict));
      case 'failed':
        return this.afterFailure(object, verdict);
    }
  }

  /** An object that failed too often while others passed gets no more try; undefined where it is to be pushed. */
  givesUp(object: PendingObject): Promise<void> | undefined {
    const { failures } = object;
    if (!failures || !isItsFault(failures, this.successes)) return undefined;
    return this.saveFailed(object, failures);
  }

  private accepted(object: PendingObject): void {
    const { row, outbox, failed, loop } = this.of;
    const { pushTimes, refusing, feedStore } = this.context;
    this.passed();
    pushTimes.passed(row.receiver, object.module);
    refusing.passed(row.receiver, object.module);
    outbox.done(object);
    if (failed.delete(object.head_id))
      void feedStore.clearFailedDelivery(row.receiver, object.head_id).catch(() => undefined);
    loop.wake();
  }

  private passed(): void {
    this.successes++;
    this.failedInRow = 0;
    this.lastSuccess = new Date();
    this.context.pauses.succeeded(this.of.row.partner_id);
  }

  /** @returns for how many milliseconds */
  private pause({ reason, retryAfterMs }: { reason: string; retryAfterMs?: number }): number {
    const { receiver, partner_id: partner } = this.of.row;
    const { feedStore, log, pauses, registry } = this.context;
    this.of.outbox.behind = true;
    this.of.onPause();
    void feedStore.saveError(receiver, reason).catch(() => undefined);
    const fields = { ...registry.partnerInLog(partner), party: registry.partyInLog(receiver), reason };
    log.info(fields, 'a partner is down, its pushes wait');
    return pauses.failed(partner, retryAfterMs);
  }

  private withFailure(object: PendingObject, { reason, told }: Failure): ObjectFailures {
    return withFailure(object.failures, { successes: this.successes, reason, told });
  }

  /** A timeout or 5xx: whether it is the object's fault shows when others pass, or do not. */
  private afterFailure(object: PendingObject, failure: Failure): void {
    const { outbox, loop } = this.of;
    object.failures = this.withFailure(object, failure);
    this.failedInRow++;
    outbox.giveBack(object);
    const othersToTry = outbox.size > 1 && this.failedInRow < TRIES;
    if (othersToTry) return loop.wake();
    loop.wakeIn(this.pause({ reason: failure.reason }));
  }

  private async saveFailed(
    object: PendingObject,
    { attempts, reason: error, told }: ObjectFailures,
  ): Promise<void> {
    const { row, outbox, failed, loop } = this.of;
    const { feedStore } = this.context;
    const { receiver } = row;
    const { head_id, module, sent_id: object_id } = object;
    const parts = object.whole ? [''] : [...object.parts];
    const rows = parts.map((part) => ({ receiver, head_id, part, attempts, error, told }));
    logFailure(this.context, { receiver, module, object_id, reason: error, told });
    failed.add(head_id);
    void feedStore.saveError(receiver, error).catch(() => undefined);
    try {
      await Promise.all(rows.map((delivery) => feedStore.saveFailedDelivery(delivery)));
    } catch {
      outbox.giveBack(object);
      return loop.wakeIn(AGAIN_MS);
    }
    object.sent = undefined; // a later change is one more try
    outbox.done(object);
    loop.wake();
  }
}
