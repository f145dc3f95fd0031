import { randomUUID } from 'node:crypto';
import { AdminFailure } from '../../errors';
import { isConnected, partnerInLog, type Partner } from '../../domain/partner';
import type { OwnedModuleDescriptor } from '../../ocpi/module';
import { DriftReports, type DriftReport } from '../../store/compare/drift-reports';
import { Comparison, PartnerSilent, type ComparisonContext } from './comparison';
import { driftOf, type ModuleDrift } from './drift';

/*
 * Is a partner what the hub believes it to be? A comparison reads the partner's objects back over its Receiver
 * interfaces and compares each with the hub's own. What differs is drift. One comparison of a partner runs at a
 * time, its report is saved while it runs, and a process that ends marks it as interrupted.
 */

export type ComparisonReport = DriftReport<ModuleDrift>;

export interface ComparisonRequest {
  /** Objects a module and receiver, or all. */
  sample: number | 'all';
  module: OwnedModuleDescriptor | undefined;
}

/** How often a report is brought up to date while it runs. */
const SAVE_MS = 1000;

/** The comparisons of partners with the hub that were asked of this process. */
export class Comparisons {
  private readonly reports: DriftReports<ModuleDrift>;
  private readonly running = new Set<Promise<void>>();
  private readonly stop = new AbortController();

  constructor(private readonly context: ComparisonContext) {
    this.reports = new DriftReports(context.database.pool);
  }

  /**
   * Begins a comparison.
   * @returns `done`: resolves when it has ended, however
   * @throws AdminConflict where the partner is not connected, or one runs already
   */
  async begin(partner: Partner, request: ComparisonRequest): Promise<{ done: Promise<void> }> {
    if (!isConnected(partner)) conflict('the partner is not connected');
    const sample = request.sample === 'all' ? null : request.sample;
    const id = await this.reports.begin(partner.id, sample);
    if (id === undefined) return conflict('a check of this partner is running');
    const { module } = request;
    const options = { partner, sample, module, correlationId: randomUUID(), signal: this.stop.signal };
    const done = this.run(id, new Comparison(this.context, options));
    this.running.add(done);
    void done.finally(() => this.running.delete(done));
    return { done };
  }

  /** The last one of a partner, also while it runs. */
  last(partnerId: string): Promise<ComparisonReport | undefined> {
    return this.reports.last(partnerId);
  }

  /** Ends those under way: they are shown as interrupted. */
  async close(): Promise<void> {
    this.stop.abort();
    await Promise.all(this.running);
  }

  /** Never rejects: what goes wrong stands in the report. */
  private async run(id: string, run: Comparison): Promise<void> {
    const saving = setInterval(() => {
      this.reports.save(id, found(run)).catch((error: unknown) => this.logFailed(error, run));
    }, SAVE_MS);
    const end = await this.outcome(run);
    clearInterval(saving);
    await this.reports
      .end(id, end.state, { ...found(run), error: end.error })
      .catch((error: unknown) => this.logFailed(error, run));
  }

  private async outcome(
    run: Comparison,
  ): Promise<{ state: 'DONE' | 'FAILED' | 'INTERRUPTED'; error: string | null }> {
    try {
      await run.run();
      return { state: this.stop.signal.aborted ? 'INTERRUPTED' : 'DONE', error: null };
    } catch (error) {
      if (error instanceof PartnerSilent)
        return { state: 'FAILED', error: `the partner does not answer: ${error.message}` };
      this.logFailed(error, run);
      return { state: 'FAILED', error: 'the hub could not go on' };
    }
  }

  private logFailed(error: unknown, { partner }: Comparison): void {
    this.context.log.warn({ err: error, ...partnerInLog(partner) }, 'a comparison failed');
  }
}

function found(run: Comparison): { modules: ModuleDrift[]; drift: number } {
  const modules = run.report();
  return { modules, drift: driftOf(modules) };
}

function conflict(detail: string): never {
  throw new AdminFailure({ kind: 'AdminConflict', detail });
}

export { driftOf, type ModuleDrift } from './drift';
