import type { Difference } from '../../domain/json/difference';
import type { OwnedModuleDescriptor } from '../../ocpi/module';

/** An object that a partner should have otherwise. */
export interface DriftExample extends Partial<Difference> {
  what: 'missing' | 'different' | 'undeleted';
  /** The party of the partner that was asked. */
  receiver: string;
  owner: string;
  id: string;
}

/** What a comparison says of one module. */
export interface ModuleDrift {
  /** Its identifier. */
  module: string;
  /** NOT_COMPARABLE: the partner serves no GET there, so nothing is known, and nothing counts as drift. */
  state: 'COMPARED' | 'NOT_COMPARABLE';
  reason: string | null;
  checked: number;
  equal: number;
  missing: number;
  different: number;
  /** Deleted here, still there. */
  undeleted: number;
  /** Its push was under way: it says nothing. */
  pending: number;
  /** Could not be compared: no answer, no object in it, or a CDR without a Location. */
  unknown: number;
  examples: DriftExample[];
}

export type Outcome =
  | { kind: 'equal' }
  | { kind: 'gone' }
  | { kind: 'missing'; certain: boolean }
  | { kind: 'different'; difference: Difference }
  | { kind: 'undeleted' }
  | { kind: 'pending' }
  | { kind: 'unknown'; reason: string };

const EXAMPLES = 20;
/** After so many answers without a single object, the rest is not asked for. */
const ENOUGH = 50;

/** Counts what came of each object of one module. */
export class Drift {
  private readonly counts = { equal: 0, missing: 0, different: 0, undeleted: 0, pending: 0, unknown: 0 };
  private readonly examples: DriftExample[] = [];
  private checked = 0;
  /** GETs that were answered as GETs of objects. */
  private served = 0;
  /** HTTP 404s that may mean that there is no such GET. */
  private doubtful = 0;
  private reason: string | null = null;

  constructor(readonly module: OwnedModuleDescriptor) {}

  add(outcome: Outcome, object: Pick<DriftExample, 'receiver' | 'owner' | 'id'>): void {
    this.checked++;
    switch (outcome.kind) {
      case 'gone':
        this.counts.equal++;
        return;
      case 'equal':
        this.counts.equal++;
        this.served++;
        return;
      case 'pending':
        this.counts.pending++;
        return;
      case 'unknown':
        this.counts.unknown++;
        this.reason = outcome.reason;
        return;
      default:
        this.drifted(outcome, object);
    }
  }

  private drifted(
    outcome: Extract<Outcome, { kind: 'missing' | 'different' | 'undeleted' }>,
    object: Pick<DriftExample, 'receiver' | 'owner' | 'id'>,
  ): void {
    if (outcome.kind === 'missing' && !outcome.certain) this.doubtful++;
    else this.served++;
    this.counts[outcome.kind]++;
    if (this.examples.length >= EXAMPLES) return;
    this.examples.push({
      what: outcome.kind,
      ...object,
      ...(outcome.kind === 'different' ? outcome.difference : {}),
    });
  }

  /** The partner serves no GET of this module, as far as can be seen. */
  private get isComparable(): boolean {
    return this.served > 0 || this.doubtful + this.counts.unknown === 0;
  }

  /** Asking on would be a burden without a use. */
  get isHopeless(): boolean {
    return this.served === 0 && this.doubtful + this.counts.unknown >= ENOUGH;
  }

  report(): ModuleDrift {
    const { checked, counts, examples } = this;
    const module = this.module.identifier;
    if (this.isComparable)
      return { module, state: 'COMPARED', reason: this.reason, checked, ...counts, examples };
    const reason = this.reason ?? 'every GET was answered HTTP 404';
    const unknown = counts.unknown + counts.missing;
    return {
      module,
      state: 'NOT_COMPARABLE',
      reason,
      checked,
      ...counts,
      missing: 0,
      unknown,
      examples: [],
    };
  }
}

/** Objects of a report that the partner should have otherwise. */
export function driftOf(modules: readonly ModuleDrift[]): number {
  return modules.reduce((sum, { missing, different, undeleted }) => sum + missing + different + undeleted, 0);
}
