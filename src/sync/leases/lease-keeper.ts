import type { Logger } from 'pino';
import type { LeaseStore } from '../../store/feed/lease-store';
import { Leases } from './leases';

export interface LeaseKeeperParts {
  store: LeaseStore;
  log: Logger;
  /** The leases are over; what was sent under them has been cut off. */
  onLapse(): void;
}

/** Keeps this process a live worker and takes the platforms that nobody leases (docs/adr/0013). */
export class LeaseKeeper {
  readonly leases: Leases;
  private beating: Promise<void> | undefined;
  private begun = false;
  private released = false;

  constructor(private readonly parts: LeaseKeeperParts) {
    this.leases = new Leases((holder) => this.lapsed(holder));
  }

  /** Says that it lives; what fails is tried again with the next beat. One at a time. */
  beat(): Promise<void> {
    if (this.released) return Promise.resolve();
    this.beating ??= this.beatNow()
      .catch((error: unknown) => this.parts.log.warn({ err: error }, 'no heartbeat could be written'))
      .finally(() => (this.beating = undefined));
    return this.beating;
  }

  private async beatNow(): Promise<void> {
    const { leases } = this;
    // It slept, or the machine was busy or suspended: others may have taken over.
    if (this.begun && !leases.lives) leases.lapse();
    const { holder } = leases;
    const asked = { at: performance.now(), wall: Date.now() };
    const alive = await this.say(holder);
    if (holder !== leases.holder) return;
    if (!alive) return leases.lapse();
    this.begun = true;
    leases.renewed(asked);
  }

  private async say(holder: string): Promise<boolean> {
    if (this.begun) return this.parts.store.beat(holder);
    await this.parts.store.begin(holder);
    return true;
  }

  private lapsed(holder: string): void {
    this.begun = false;
    this.parts.log.warn('the leases of this worker have lapsed; it begins anew');
    void this.parts.store.release(holder).catch(() => undefined);
    this.parts.onLapse();
    setImmediate(() => void this.beat());
  }

  /** Takes what is free and brings the leases up to date. */
  async take(): Promise<void> {
    const { holder, lives } = this.leases;
    if (!lives) return;
    const rows = await this.parts.store.take(holder);
    if (holder === this.leases.holder) this.leases.set(rows);
  }

  /** Everything was ended: whoever takes the leases may begin at once. */
  async release(): Promise<void> {
    this.released = true;
    await this.beating;
    this.leases.close();
    await this.parts.store.release(this.leases.holder);
  }
}
