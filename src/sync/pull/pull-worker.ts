import { pullTargets } from '../../domain/pulls';
import { ownedModules } from '../../ocpi/versions';
import type { PullKey, PullStore, Wanted } from '../../store/pull/pull-store';
import type { SyncContext } from '../context';
import { Loop } from '../loop';
import { OVERLAP_S, PullRun } from './pull-run';

/*
 * Pulls the lists of the platforms that this process leases: right after a registration, every PULL_INTERVAL_S, in full
 * each day, on demand, and when a platform is back from OFFLINE. What is due stands in the database, so whichever
 * process leases a platform goes on with it. docs/adr/0012
 */

const POLL_MS = 1000;
/** Platforms pulled at once; of each one list and one page at a time. */
const AT_ONCE = 4;
/** What the database or a fault of our own stopped is not begun again before. */
const FAILED_MS = 5000;

export class PullWorker {
  private readonly running = new Map<string, Promise<void>>();
  private readonly failedUntil = new Map<string, number>();
  private readonly stop = new AbortController();
  private readonly loop: Loop;
  private ensured = '';

  constructor(
    private readonly context: SyncContext,
    private readonly store: PullStore,
  ) {
    this.loop = new Loop(() => this.look(), { log: context.log, failed: 'the pulls failed' });
  }

  start(): void {
    this.loop.every(POLL_MS);
    this.wake();
  }

  /** Begins nothing new; a page under way is stored, its download cut off. */
  async end(): Promise<void> {
    this.stop.abort();
    await this.loop.end();
    await Promise.all(this.running.values());
  }

  /** Something may be due. */
  wake(): void {
    this.loop.wake();
  }

  private async look(): Promise<void> {
    const leased = this.context.leases.all();
    if (leased.length === 0) return;
    await this.ensure(leased);
    if (this.running.size >= AT_ONCE) return;
    const free = leased.filter((partner) => this.mayBegin(partner));
    if (free.length === 0) return;
    for (const key of await this.store.due(free)) {
      if (this.running.size >= AT_ONCE) return;
      if (!this.running.has(key.partner_id)) this.begin(key);
    }
  }

  private mayBegin(partner: string): boolean {
    const again = this.failedUntil.get(partner) ?? 0;
    return !this.running.has(partner) && !this.context.pauses.isPaused(partner) && performance.now() >= again;
  }

  /** The rows of the leased platforms are those of their lists; looked at where anything of that changed. */
  private async ensure(leased: readonly string[]): Promise<void> {
    const { registry } = this.context;
    const state = `${registry.version} ${[...leased].sort().join()}`;
    if (state === this.ensured) return;
    const wanted = leased.flatMap((partner_id): Wanted[] => {
      const partner = registry.partner(partner_id);
      return partner ? pullTargets(partner, ownedModules).map((target) => ({ ...target, partner_id })) : [];
    });
    await this.store.ensure(leased, wanted);
    this.ensured = state;
  }

  private begin(key: PullKey): void {
    const job = this.run(key)
      .catch((error: unknown) => {
        this.failedUntil.set(key.partner_id, performance.now() + FAILED_MS);
        const { log, registry } = this.context;
        const partner = registry.partnerInLog(key.partner_id);
        log.warn({ err: error, ...partner, module: key.module.identifier }, 'a pull broke off');
      })
      .finally(() => {
        this.running.delete(key.partner_id);
        this.wake();
      });
    this.running.set(key.partner_id, job);
  }

  private async run(key: PullKey): Promise<void> {
    const run = await this.store.begin(key, OVERLAP_S);
    if (run) await new PullRun(this.context, this.store, { key, run, signal: this.stop.signal }).pull();
  }
}
