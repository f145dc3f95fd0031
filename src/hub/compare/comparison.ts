import { setTimeout as delay } from 'node:timers/promises';
import { isLive, partyWords, type Party } from '../../domain/party';
import type { Partner } from '../../domain/partner';
import { receivedModules, visibleSet, type VisibleSet } from '../../domain/visibility';
import type { OwnedModuleDescriptor } from '../../ocpi/module';
import { ownedModules } from '../../ocpi/versions';
import { retryDelay } from '../../domain/retry';
import {
  changedSince,
  expectedPage,
  expectedSample,
  pendingObjects,
  type ExpectedObject,
} from '../../store/compare/expected-objects';
import type { Database } from '../../store/database';
import type { HubContext } from '../context';
import { compareObject, type ComparedWith } from './compare-object';
import { Drift, type ModuleDrift, type Outcome } from './drift';

/*
 * One comparison: object by object what a partner has on its Receiver interfaces with what the hub would have it have,
 * a few requests at a time. What is on its way, or changed meanwhile, is no drift.
 */

const CONCURRENCY = 4;
const PAGE = 50;
/** After so many requests in a row that learnt nothing the partner is left alone. */
const UNANSWERED_IN_ROW = 5;
const PAUSE = { minMs: 500, maxMs: 10_000 };

export type ComparisonContext = Pick<HubContext, 'database' | 'registry' | 'partnerClient' | 'log'> & {
  /** Positions of this process as they are, so that what was pushed does not look as if it were under way. */
  savePositions(): Promise<void>;
};

export interface ComparisonOptions {
  partner: Partner;
  /** Objects a module and receiver; null: all. */
  sample: number | null;
  module: OwnedModuleDescriptor | undefined;
  correlationId: string;
  signal: AbortSignal;
}

/** The partner stopped answering. */
export class PartnerSilent extends Error {}

interface Job {
  receiver: Party;
  tally: Drift;
  visible: VisibleSet<OwnedModuleDescriptor>;
}

export class Comparison {
  private readonly tallies: Drift[];
  private unansweredInRow = 0;

  constructor(
    private readonly context: ComparisonContext,
    private readonly options: ComparisonOptions,
  ) {
    const { module } = options;
    const asked = module === undefined ? ownedModules : [module];
    this.tallies = asked.map((one) => new Drift(one));
  }

  get partner(): Partner {
    return this.options.partner;
  }

  /** What was found so far; modules of which the partner gets nothing are left out. */
  report(): ModuleDrift[] {
    const offered = new Set(this.jobs().map((job) => job.tally));
    return this.tallies.filter((tally) => offered.has(tally)).map((tally) => tally.report());
  }

  /** Resolves when all is compared, or when the signal ends it. @throws PartnerSilent */
  async run(): Promise<void> {
    for (const job of this.jobs()) {
      if (this.options.sample !== null) {
        await this.compare(job, await expectedSample(this.pool, job.visible, this.options.sample));
      } else await this.compareAll(job);
    }
  }

  private get pool(): Database['pool'] {
    return this.context.database.pool;
  }

  private jobs(): Job[] {
    const { partner } = this.options;
    return partner.parties.filter(isLive).flatMap((receiver) => {
      const modules = receivedModules(receiver, partner, ownedModules);
      return this.tallies
        .filter((tally) => modules.has(tally.module))
        .map((tally) => ({ receiver, tally, visible: this.visible(receiver, tally.module) }));
    });
  }

  /** What the receiver may see without what its own platform holds: pushes go nowhere near that. */
  private visible(receiver: Party, module: OwnedModuleDescriptor): VisibleSet<OwnedModuleDescriptor> {
    const parties = this.context.registry.parties().filter((party) => party.partner !== receiver.partner);
    const visible = visibleSet(receiver, module, parties);
    return { ...visible, owners: visible.owners.filter((owner) => owner !== receiver.number) };
  }

  private async compareAll(job: Job): Promise<void> {
    for (let after: string | undefined = '0'; after !== undefined && !job.tally.isHopeless;) {
      const page: ExpectedObject[] = await expectedPage(this.pool, job.visible, { after, limit: PAGE });
      await this.compare(job, page);
      after = page.length === PAGE && !this.options.signal.aborted ? page.at(-1)?.head_id : undefined;
    }
  }

  private async compare(job: Job, objects: readonly ExpectedObject[]): Promise<void> {
    if (objects.length === 0) return;
    const heads = objects.map((object) => object.head_id);
    await this.context.savePositions();
    const pending = await pendingObjects(this.pool, job.receiver.number, heads);
    const outcomes = await this.ask(job, objects);
    const changed = await changedSince(this.pool, objects);
    for (const [object, outcome] of outcomes) {
      const moving = pending.has(object.head_id) || changed.has(object.head_id);
      this.count(job, object, moving && outcome.kind !== 'equal' ? { kind: 'pending' } : outcome);
    }
  }

  private count({ tally, receiver }: Job, object: ExpectedObject, outcome: Outcome): void {
    const owner = this.context.registry.partyByNumber(object.owner);
    tally.add(outcome, {
      receiver: partyWords(receiver),
      owner: owner ? partyWords(owner) : '',
      id: object.sent_id,
    });
  }

  /** A few at a time, in order. */
  private async ask(job: Job, objects: readonly ExpectedObject[]): Promise<[ExpectedObject, Outcome][]> {
    const outcomes: [ExpectedObject, Outcome][] = [];
    const left = objects.values();
    const lane = async (): Promise<void> => {
      for (const object of left) {
        if (this.options.signal.aborted) return;
        const outcome = await this.askOne(job, object);
        if (outcome) outcomes.push([object, outcome]);
      }
    };
    await Promise.all(Array.from({ length: CONCURRENCY }, lane));
    return outcomes;
  }

  private async askOne(job: Job, object: ExpectedObject): Promise<Outcome | undefined> {
    const owner = this.context.registry.partyByNumber(object.owner);
    if (!owner) return undefined;
    const { outcome, answered } = await compareObject(this.comparedWith(job), owner, object);
    if (answered) this.unansweredInRow = 0;
    else if (!this.options.signal.aborted) await this.pause(outcome);
    return outcome;
  }

  private comparedWith({ receiver, tally }: Job): ComparedWith {
    const { partner, correlationId, signal } = this.options;
    const { partnerClient, registry } = this.context;
    return {
      partnerClient,
      hub: registry.hub,
      partner,
      receiver,
      module: tally.module,
      correlationId,
      signal,
    };
  }

  private async pause(outcome: Outcome): Promise<void> {
    this.unansweredInRow++;
    if (this.unansweredInRow >= UNANSWERED_IN_ROW)
      throw new PartnerSilent(outcome.kind === 'unknown' ? outcome.reason : 'no answer');
    const ms = retryDelay(this.unansweredInRow, PAUSE, Math.random());
    await delay(ms, undefined, { signal: this.options.signal }).catch(() => undefined);
  }
}
