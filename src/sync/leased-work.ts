import type { Logger } from 'pino';
import { isLive } from '../domain/party';
import type { Registry } from '../store/registry';
import type { FeedWorkers } from './feed-workers';

/** Keeps what works in step with what is leased: takes free leases, begins and ends receivers accordingly. */
export class LeasedWork {
  private refreshing: Promise<void> = Promise.resolve();
  private next: Promise<void> | undefined;
  private ended = false;

  constructor(
    private readonly workers: FeedWorkers,
    private readonly from: { registry: Registry; log: Logger },
  ) {}

  /** What is asked for while one runs is one more. Never rejects. */
  refresh(): Promise<void> {
    this.next ??= this.refreshing.then(() => {
      this.next = undefined;
      return this.refreshNow();
    });
    this.refreshing = this.next.catch((error: unknown) => {
      this.from.log.warn({ err: error }, 'leases could not be taken');
    });
    return this.refreshing;
  }

  /** Begins nothing more; resolves when what is under way has ended. */
  end(): Promise<void> {
    this.ended = true;
    return this.refreshing;
  }

  private async refreshNow(): Promise<void> {
    if (this.ended) return;
    const { keeper, pulls, clientInfo, store, receivers, courier } = this.workers;
    await keeper.take();
    pulls.wake();
    await clientInfo.lease(keeper.leases);
    const partners = keeper.leases.all();
    const rows = partners.length === 0 ? [] : await store.positions(partners);
    const begun = await receivers.follow(rows.filter((row) => this.isReceiver(row.receiver)));
    for (const receiver of begun) courier.wake(receiver);
    receivers.wake();
  }

  private isReceiver(number: number): boolean {
    const party = this.from.registry.partyByNumber(number);
    return party !== undefined && isLive(party);
  }
}
