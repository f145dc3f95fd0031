import type { Logger } from 'pino';
import type { LeaseStore } from '../../store/feed/lease-store';
import { Loop } from '../loop';
import { Leases } from './leases';

export interface LeaseKeeperOptions {
  store: LeaseStore;
  log: Logger;
  /** The leases are over; what was sent under them has been cut off. */
  onLapse(): void;
}

const HEARTBEAT_MS = 1000;

/** Keeps this process a live worker and takes the platforms that nobody leases (docs/adr/0013). */
export class LeaseKeeper {
  readonly leases: Leases;
  private readonly heart: Loop;
  private begun = false;

  constructor(private readonly options: LeaseKeeperOptions) {
    this.leases = new Leases((holder) => this.lapsed(holder));
    const { log } = options;
    const beating = { log, failed: 'no heartbeat could be written', againMs: HEARTBEAT_MS };
    this.heart = new Loop(() => this.beat(), beating);
  }

  /** Begins to beat; resolves when the first heartbeat was tried. */
  async start(): Promise<void> {
    this.heart.every(HEARTBEAT_MS);
    await this.heart.ran();
  }

  private async beat(): Promise<void> {
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
    if (this.begun) return this.options.store.beat(holder);
    await this.options.store.begin(holder);
    return true;
  }

  private lapsed(holder: string): void {
    this.begun = false;
    this.options.log.warn('the leases of this worker have lapsed; it begins anew');
    void this.options.store.release(holder).catch(() => undefined);
    this.options.onLapse();
    setImmediate(() => this.heart.wake());
  }

  /** Takes what is free and brings the leases up to date. */
  async take(): Promise<void> {
    const { holder, lives } = this.leases;
    if (!lives) return;
    const rows = await this.options.store.take(holder);
    if (holder === this.leases.holder) this.leases.set(rows);
  }

  /** Everything was ended: whoever takes the leases may begin at once. */
  async release(): Promise<void> {
    await this.heart.end();
    this.leases.close();
    await this.options.store.release(this.leases.holder);
  }
}
