import { randomUUID } from 'node:crypto';
import type { Permit } from '../../partners/transport/transport-types';

/*
 * What a process may believe of its leases without asking the database (docs/adr/0013). A worker lives by its
 * heartbeat: one row, valid for LEASE_S from the moment at which the database wrote it. The worker itself counts from
 * the moment before it asked, by its own monotonic clock (which runs on while it is frozen), and stops earlier.
 */

/** For how long a heartbeat makes a worker live, by the database's clock. */
export const LEASE_S = 5;
/** By how much its own pushes end earlier than others may take over. */
const MARGIN_MS = 1000;
/** What is taken from a worker that did not give it back waits: it may have lost its leases without knowing yet. */
const TAKEOVER_MS = 1500;

/** From the first heartbeat under a name to the last one in time. A term that is over never comes back. */
class Term {
  readonly holder = randomUUID();
  private endsAt = Number.NEGATIVE_INFINITY;
  private wallEndsAt = Number.NEGATIVE_INFINITY;
  private timer: NodeJS.Timeout | undefined;

  constructor(private readonly onEnd: () => void) {}

  /** @param asked performance.now() and Date.now() before the heartbeat was sent */
  renewed(asked: { at: number; wall: number }): void {
    const ms = LEASE_S * 1000 - MARGIN_MS;
    this.endsAt = asked.at + ms;
    this.wallEndsAt = asked.wall + ms;
    clearTimeout(this.timer);
    this.timer = setTimeout(this.onEnd, Math.max(0, this.endsAt - performance.now())).unref();
  }

  /** A machine that was suspended as a whole has no monotonic time for it: its wall clock shows it. */
  runs(): boolean {
    return performance.now() < this.endsAt && Date.now() < this.wallEndsAt;
  }

  /** For how many milliseconds it has been over. */
  overFor(): number {
    return performance.now() - this.endsAt;
  }

  end(): void {
    clearTimeout(this.timer);
    this.endsAt = Math.min(this.endsAt, performance.now());
  }
}

/** The lease of one platform. What is sent under it ends with it. */
export class Lease implements Permit {
  private readonly control = new AbortController();

  constructor(
    private readonly term: Term,
    /** performance.now() before which nothing is sent. */
    readonly startsAt: number,
  ) {}

  get signal(): AbortSignal {
    return this.control.signal;
  }

  isValid(): boolean {
    return !this.control.signal.aborted && this.term.runs();
  }

  /** Milliseconds until the first request may go out. */
  get waitMs(): number {
    return Math.max(0, Math.ceil(this.startsAt - performance.now()));
  }

  /** It has been over for so long that another worker may have sent something newer meanwhile. */
  get isLongOver(): boolean {
    return this.term.overFor() > MARGIN_MS;
  }

  end(): void {
    this.control.abort();
  }
}

/** The platforms that this process leases. */
export class Leases {
  private readonly leases = new Map<string, Lease>();
  private term = this.newTerm();

  /** @param onLapse the term of this holder is over, though nobody ended it */
  constructor(private readonly onLapse: (holder: string) => void = () => undefined) {}

  /** Under which name the database knows this process; another one after a lapse. */
  get holder(): string {
    return this.term.holder;
  }

  /** The heartbeat that was asked for then was written in time. */
  renewed(asked: { at: number; wall: number }): void {
    this.term.renewed(asked);
  }

  /** Is it sure that the leases are still ours? */
  get lives(): boolean {
    return this.term.runs();
  }

  /** What the database says is ours; `abandoned`: taken just now from a worker that did not give it back. */
  set(partners: readonly { partner_id: string; abandoned: boolean }[]): void {
    const ours = new Set(partners.map(({ partner_id }) => partner_id));
    for (const [partner, lease] of this.leases) if (!ours.has(partner)) this.drop(partner, lease);
    const now = performance.now();
    for (const { partner_id, abandoned } of partners) {
      if (this.leases.has(partner_id)) continue;
      this.leases.set(partner_id, new Lease(this.term, abandoned ? now + TAKEOVER_MS : now));
    }
  }

  /** Ends the term and all that is sent under it; the next heartbeat begins another. */
  lapse(): void {
    const { holder } = this.term;
    this.close();
    this.term = this.newTerm();
    this.onLapse(holder);
  }

  /** Ends all that is sent under the leases; the holder keeps its name, to give them back. */
  close(): void {
    this.term.end();
    for (const [partner, lease] of this.leases) this.drop(partner, lease);
  }

  of(partner: string): Lease | undefined {
    return this.leases.get(partner);
  }

  /** False for a process that slept over the end of its leases. */
  holds(partner: string): boolean {
    return this.leases.get(partner)?.isValid() ?? false;
  }

  all(): string[] {
    return this.term.runs() ? [...this.leases.keys()] : [];
  }

  private drop(partner: string, lease: Lease): void {
    this.leases.delete(partner);
    lease.end();
  }

  private newTerm(): Term {
    return new Term(() => this.lapse());
  }
}
