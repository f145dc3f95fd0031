import type { Verdict } from '../domain/push-verdict';
import { isLive } from '../domain/party';
import { isConnected } from '../domain/partner';
import { MODULE_NUMBERS } from '../domain/visibility';
import { comparePositions, type Change, type ReceiverRow, type SavedPosition } from '../store/feed-store';
import type { FeedParts } from './feed-parts';
import { isItsFault, withFailure, type Failures } from './failures';
import { Interest } from './interest';
import { Outbox, type Entry } from './outbox';
import type { Lease } from './leases';
import { pushObject } from './push-object';
import { Scans } from './scans';

/*
 * Brings one receiver (a party) to the latest state of everything that it may see. It reads the changes behind its
 * position, folds them, and pushes with bounded concurrency, one push at a time per object. A receiver that is down is
 * paused as a whole; an object that it refuses, or that fails three times while others pass, is set aside and holds
 * back nobody. DESIGN.md, The feed.
 */

const CONCURRENCY = 4;
const READ_PAGE = 500;
/** Beyond this many unsent objects no more changes are read: fifty receivers that lag hold some ten megabytes so. */
const OUTBOX_FULL = 1000;
const TRIES = 3;

export class ReceiverFeed {
  readonly outbox: Outbox;
  /** What it sends, it sends under this one. */
  readonly lease: Lease;
  /** Heads that are set aside: cleared when they go through after all. */
  private readonly aside: Set<string>;
  private readonly interest: Interest;
  private readonly scans: Scans;
  private lastSuccess: Date | null;
  private pumping = false;
  private again = false;
  private ended = false;
  private timer: NodeJS.Timeout | undefined;
  private idle: (() => void)[] = [];
  /** Objects that failed since the last success of any: while nothing passes it is the receiver, not the object. */
  private successes = 0;
  private failedInRow = 0;
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
    this.aside = options.aside;
    this.lease = options.lease;
    this.since = Math.max(performance.now(), this.lease.startsAt);
    this.outbox = new Outbox(row.position);
    this.lastSuccess = row.last_success;
    this.interest = new Interest(parts.registry, row);
    this.scans = new Scans(parts, row, { outbox: this.outbox, interest: this.interest });
  }

  /** What is to be saved of it. */
  toSave(): SavedPosition {
    return {
      receiver: this.row.receiver,
      position: this.outbox.position(),
      full_push: this.scans.place,
      fence: this.row.fence,
      last_success: this.lastSuccess,
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
        await this.fill();
        this.startPushes();
      } while (this.again && !this.ended);
    } catch (error) {
      this.parts.log.warn({ err: error, receiver: this.row.receiver }, 'the feed of a receiver stumbled');
      this.wakeIn(1000);
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

  private async fill(): Promise<void> {
    while (this.mayPush() && this.outbox.size < OUTBOX_FULL) {
      const { begin } = this.parts.changes;
      const changes = await this.parts.changes.after(this.outbox.read, READ_PAGE);
      for (const change of changes) this.take(change);
      if (changes.length < READ_PAGE && comparePositions(this.outbox.read, begin) < 0)
        this.outbox.read = begin;
      if (changes.length < READ_PAGE && this.outbox.pending.size === 0) this.outbox.caughtUp();
      if (changes.length === 0) break;
    }
    if (this.outbox.size >= OUTBOX_FULL) this.outbox.behind = true;
    await this.scans.fill(() => this.mayPush());
  }

  private take(change: Change): void {
    const head_id = change.head_id;
    if (head_id === null) this.scans.ofOwner(change);
    else if (this.interest.concerns(change)) {
      if (change.module === MODULE_NUMBERS.cdrs) this.parts.onCdr(this.row.receiver);
      else this.outbox.add({ ...change, head_id });
    }
    this.outbox.read = { xid: change.xid, number: change.number };
  }

  private startPushes(): void {
    const { health } = this.parts;
    if (!this.mayPush() || this.outbox.pending.size === 0) return;
    const paused = Math.max(health.of(this.row.partner_id).pausedUntil - Date.now(), this.lease.waitMs);
    if (paused > 0) return this.wakeIn(paused);
    // After a pause one push alone shows whether the receiver is back.
    const lanes = health.of(this.row.partner_id).failuresInRow > 0 ? 1 : CONCURRENCY;
    while (this.outbox.inFlight.size < lanes && this.outbox.hasNext()) {
      if (!this.parts.gate.enter(this.retry)) return;
      const entry = this.outbox.take();
      if (!entry) return this.parts.gate.leave();
      if (entry.failures && isItsFault(entry.failures, this.successes)) {
        this.parts.gate.leave();
        this.setAside(entry, entry.failures);
        continue;
      }
      void this.push(entry);
    }
  }

  private async push(entry: Entry): Promise<void> {
    try {
      const { interest, lease: permit, since } = this;
      const { behind } = this.outbox;
      const verdict = await pushObject(this.parts, { interest, permit, since, behind }, entry);
      if (permit.isValid()) this.conclude(entry, verdict);
      else await this.cutOff(entry, verdict);
    } catch (error) {
      this.parts.log.warn(
        { err: error, receiver: this.row.receiver, head: entry.head_id },
        'a push could not be made',
      );
      this.outbox.giveBack(entry);
      this.wakeIn(1000);
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
    if (!this.lease.isLongOver) return this.wakeIn(1000);
    await this.parts.store.sendAgain(this.row.receiver, entry.head_id).catch((error: unknown) => {
      this.parts.log.warn({ err: error, receiver: this.row.receiver }, 'an object could not be sent again');
    });
  }

  private conclude(entry: Entry, verdict: Verdict): void {
    const partner = this.row.partner_id;
    switch (verdict.verdict) {
      case 'accepted':
        this.passed();
        this.parts.onPassed(this.row.receiver, entry.module);
        this.outbox.done(entry);
        if (this.aside.delete(entry.head_id)) this.clearAside(entry);
        return this.wake();
      case 'locationUnknown':
        this.passed();
        entry.whole = true;
        this.outbox.giveBack(entry);
        return this.wake();
      case 'refused':
        this.passed();
        return this.setAside(entry, this.withFailure(entry, verdict.reason));
      case 'down':
        this.outbox.giveBack(entry);
        return this.wakeIn(this.paused(partner, verdict));
      case 'failed':
        return this.afterFailure(entry, verdict.reason);
    }
  }

  private passed(): void {
    this.successes++;
    this.failedInRow = 0;
    this.lastSuccess = new Date();
    this.parts.health.succeeded(this.row.partner_id);
  }

  private paused(
    partner: string,
    { reason, retryAfterMs }: { reason: string; retryAfterMs?: number },
  ): number {
    this.outbox.behind = true;
    this.since = Math.max(this.since, performance.now());
    void this.parts.store.saveError(this.row.receiver, reason).catch(() => undefined);
    this.parts.log.info({ partner, reason }, 'a partner is down, its pushes wait');
    return this.parts.health.failed(partner, reason, retryAfterMs);
  }

  private withFailure(entry: Entry, reason: string): Failures {
    return withFailure(entry.failures, { successes: this.successes, reason });
  }

  /** A timeout or 5xx: whether it is the object's fault shows when others pass, or do not. */
  private afterFailure(entry: Entry, reason: string): void {
    this.parts.health.noted(this.row.partner_id, reason);
    entry.failures = this.withFailure(entry, reason);
    this.failedInRow++;
    this.outbox.giveBack(entry);
    const othersToTry = this.outbox.size > 1 && this.failedInRow < TRIES;
    if (othersToTry) return this.wake();
    this.wakeIn(this.paused(this.row.partner_id, { reason }));
  }

  private setAside(entry: Entry, { attempts, reason: error }: Failures): void {
    const parts = entry.whole ? [''] : [...entry.parts];
    const rows = parts.map((part) => ({
      receiver: this.row.receiver,
      head_id: entry.head_id,
      part,
      attempts,
      error,
    }));
    this.aside.add(entry.head_id);
    void this.parts.store.saveError(this.row.receiver, error).catch(() => undefined);
    Promise.all(rows.map((row) => this.parts.store.setAside(row))).then(
      () => {
        entry.sent = undefined; // a later change is one more try
        this.outbox.done(entry);
        this.settleIdle();
        this.wake();
      },
      () => {
        this.outbox.giveBack(entry);
        this.wakeIn(1000);
      },
    );
  }

  private clearAside(entry: Entry): void {
    void this.parts.store.clearAside(this.row.receiver, entry.head_id).catch(() => undefined);
  }
}
