import type { CdrDeliveries } from '../../store/cdrs/cdr-deliveries';
import type { SyncContext } from '../context';
import { waitMs } from '../deliver/may-deliver';
import { Loop } from '../loop';
import { CdrDelivery, cdrReceiver } from './cdr-delivery';

/*
 * CDRs do not go by position: each concerns one party, and posting one twice costs money. A row says how far each got.
 * Here is whose turn it is: the CDRs of a receiver go one after the other, each its own way (cdr-delivery). All of it
 * happens under the platform's lease (docs/adr/0013).
 */

const PAGE = 50;

export class CdrQueue {
  private readonly loops = new Map<number, Loop>();
  private readonly delivery: CdrDelivery;
  private ended = false;

  constructor(
    private readonly context: SyncContext,
    private readonly deliveries: CdrDeliveries,
  ) {
    this.delivery = new CdrDelivery(context, deliveries, () => this.ended);
  }

  /** Something may wait for this receiver. */
  wake(receiver: number): void {
    if (!this.ended) this.loopOf(receiver).wake();
  }

  async end(): Promise<void> {
    this.ended = true;
    await Promise.all([...this.loops.values()].map((loop) => loop.end()));
  }

  private loopOf(receiver: number): Loop {
    const known = this.loops.get(receiver);
    if (known) return known;
    const { log } = this.context;
    const options = { log, failed: 'the CDRs of a receiver could not go on', fields: { receiver } };
    const loop: Loop = new Loop(async () => {
      const ms = await this.deliverAll(receiver);
      if (ms !== undefined) loop.wakeIn(ms);
    }, options);
    this.loops.set(receiver, loop);
    return loop;
  }

  /** Delivers what may go out; answers after how many milliseconds something may go again. */
  private async deliverAll(receiver: number): Promise<number | undefined> {
    const { rests } = this.delivery;
    for (;;) {
      const open = await this.deliveries.open(receiver, PAGE, rests.of(receiver));
      if (open.length === 0) return rests.nextIn(receiver);
      for (const row of open) {
        const to = cdrReceiver(this.context, receiver);
        if (this.ended || !to) return undefined;
        const wait = waitMs(this.context, { partner: to.partner.id, lease: to.lease });
        if (wait > 0) return wait;
        const next = await this.delivery.deliver(row, to);
        if (next !== 'at once') return next.afterMs;
      }
    }
  }
}
