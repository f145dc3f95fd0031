import type { CdrDeliveries } from '../../store/cdrs/cdr-deliveries';
import { AGAIN_MS, CdrDelivery, cdrReceiver, type CdrReceiver } from './cdr-delivery';
import type { FeedParts } from '../worker';

/*
 * CDRs do not go by position: each concerns one party, and posting one twice costs money. A row says how far each got.
 * Here is whose turn it is, a receiver's CDRs one after the other; each goes its way in cdr-deliverer. All of it under
 * the platform's lease (docs/adr/0013).
 */

const PAGE = 50;

export class CdrQueue {
  private readonly running = new Map<number, Promise<void>>();
  private readonly again = new Set<number>();
  private readonly timers = new Map<number, NodeJS.Timeout>();
  private readonly deliverer: CdrDelivery;
  private ended = false;

  constructor(
    private readonly parts: FeedParts,
    private readonly deliveries: CdrDeliveries,
    retry: { minMs: number; maxMs: number },
  ) {
    this.deliverer = new CdrDelivery(parts, deliveries, { retry, isEnding: () => this.ended });
  }

  /** Something may wait for this receiver. */
  wake(receiver: number): void {
    if (this.ended) return;
    if (this.running.has(receiver)) {
      this.again.add(receiver);
      return;
    }
    const run = this.run(receiver).catch((error: unknown) => {
      this.parts.log.warn({ err: error, receiver }, 'the CDRs of a receiver stumbled');
      this.wakeIn(receiver, AGAIN_MS);
    });
    this.running.set(receiver, run);
    void run.then(() => {
      this.running.delete(receiver);
      if (this.again.delete(receiver)) this.wake(receiver);
    });
  }

  async end(): Promise<void> {
    this.ended = true;
    for (const timer of this.timers.values()) clearTimeout(timer);
    await Promise.all(this.running.values());
  }

  private wakeIn(receiver: number, ms: number): void {
    if (this.ended) return;
    clearTimeout(this.timers.get(receiver));
    this.timers.set(receiver, setTimeout(() => this.wake(receiver), ms).unref());
  }

  private async run(receiver: number): Promise<void> {
    const { rests } = this.deliverer;
    for (;;) {
      const open = await this.deliveries.open(receiver, PAGE, rests.of(receiver));
      if (open.length === 0) return this.wakeAfterRest(receiver);
      for (const delivery of open) {
        const way = cdrReceiver(this.parts, receiver);
        if (this.ended || !way) return;
        const wait = this.waitFor(way);
        if (wait > 0) return this.wakeIn(receiver, wait);
        const next = await this.deliverer.deliver(delivery, way);
        if (next !== 'at once') return this.wakeIn(receiver, next.afterMs);
      }
    }
  }

  private waitFor({ partner, lease }: CdrReceiver): number {
    if (!lease.isValid()) return AGAIN_MS; // it is in doubt: renewed, or gone then
    return Math.max(this.parts.health.pauseMs(partner.id), lease.waitMs);
  }

  private wakeAfterRest(receiver: number): void {
    const ms = this.deliverer.rests.nextIn(receiver);
    if (ms !== undefined) this.wakeIn(receiver, ms);
  }
}

/** How the deliveries of CDRs that fail rest while others go on, and how often each was asked for. */
export class CdrRests {
  /** Until when (performance.now()) each rests. */
  private readonly resting = new Map<string, { receiver: number; until: number }>();
  private readonly looks = new Map<string, number>();

  rest(id: string, receiver: number, ms: number): void {
    this.resting.set(id, { receiver, until: performance.now() + ms });
  }

  /** It is done. */
  forget(id: string): void {
    this.resting.delete(id);
    this.looks.delete(id);
  }

  /** Those of a receiver that rest now. */
  of(receiver: number): string[] {
    const now = performance.now();
    const ids: string[] = [];
    for (const [id, rest] of this.resting) {
      if (rest.until <= now) this.resting.delete(id);
      else if (rest.receiver === receiver) ids.push(id);
    }
    return ids;
  }

  /** Milliseconds until the first of a receiver has rested; undefined: none rests. */
  nextIn(receiver: number): number | undefined {
    const ends = [...this.resting.values()].filter((rest) => rest.receiver === receiver).map((r) => r.until);
    return ends.length > 0 ? Math.max(1, Math.min(...ends) - performance.now()) : undefined;
  }

  /** One more GET of it failed; false: so many have that it is no use. */
  looksAgain(id: string, tries: number): boolean {
    const looks = (this.looks.get(id) ?? 0) + 1;
    if (looks < tries) this.looks.set(id, looks);
    else this.looks.delete(id);
    return looks < tries;
  }
}
