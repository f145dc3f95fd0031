import { endpointOf } from '../../domain/partner';
import type { Verdict } from '../../domain/push-verdict';
import { ownedModule } from '../../ocpi/versions';
import { routingHeaders } from '../../ocpi/headers';
import type { StateRow } from '../../store/feed/feed-store';
import type { SyncContext } from '../context';
import { waitMs } from '../deliver/may-deliver';
import { send } from '../deliver/send';
import type { Lease } from '../leases/leases';
import { AGAIN_MS } from '../loop';
import type { PendingObject } from './pending-object';
import { PushOutcome, type PushReceiver } from './push-outcome';
import { foldParts, partRequest, wholeRequest, type PushRequest, type PushTarget } from './push-request';
import type { WhatItMaySee } from './what-it-may-see';

/** At the same time to one receiver. */
const CONCURRENCY = 4;

/** What goes out of a receiver's outbox: some objects at a time, only one after a pause, each under the lease. */
export class Push {
  private readonly outcome: PushOutcome;
  private readonly underWay = new Set<Promise<void>>();
  /** One function, so that the gate knows this receiver once. */
  private readonly wake = (): void => this.receiver.loop.wake();
  /**
   * States that were read before may be older than what the last holder of the lease has sent; after a pause they are
   * older than what the object went through meanwhile.
   */
  private since: number;

  constructor(
    private readonly context: SyncContext,
    private readonly receiver: PushReceiver,
  ) {
    this.since = Math.max(performance.now(), receiver.lease.startsAt);
    const onPause = (): void => void (this.since = Math.max(this.since, performance.now()));
    this.outcome = new PushOutcome(context, { ...receiver, onPause });
  }

  get lastSuccess(): Date | null {
    return this.outcome.lastSuccess;
  }

  /** Resolves when what is under way has ended; nothing new is begun after the receiver's loop has. */
  async end(): Promise<void> {
    while (this.underWay.size > 0) await Promise.all(this.underWay);
  }

  /** Begins as many pushes as may be under way now. */
  start(): void {
    const { pauses, gate } = this.context;
    const { row, outbox, lease, loop } = this.receiver;
    const wait = waitMs(this.context, { partner: row.partner_id, lease });
    if (wait > 0) return loop.wakeIn(wait);
    // After a pause only one push shows whether the receiver is back.
    const atOnce = pauses.of(row.partner_id).failuresInRow > 0 ? 1 : CONCURRENCY;
    while (outbox.inFlight.size < atOnce && outbox.hasNext()) {
      if (!gate.enter(this.wake)) return;
      const object = outbox.take();
      if (!object) return gate.leave();
      const givenUp = this.outcome.givesUp(object);
      if (givenUp) gate.leave();
      this.follow(givenUp ?? this.push(object));
    }
  }

  private follow(work: Promise<void>): void {
    const followed = work.finally(() => this.underWay.delete(followed));
    this.underWay.add(followed);
  }

  private async push(object: PendingObject): Promise<void> {
    const { gate, log, registry } = this.context;
    const { row, outbox, maySee, lease, loop } = this.receiver;
    let concluded: Promise<void> | undefined;
    try {
      const to = { maySee, lease, since: this.since, behind: outbox.behind };
      const verdict = await pushObject(this.context, to, object);
      concluded = lease.isValid() ? this.outcome.conclude(object, verdict) : this.cutOff(object, verdict);
    } catch (error) {
      const party = registry.partyInLog(row.receiver);
      log.warn({ err: error, party, head: object.head_id }, 'a push could not be made');
      outbox.giveBack(object);
      loop.wakeIn(AGAIN_MS);
    } finally {
      gate.leave();
    }
    await concluded;
  }

  /**
   * The lease ended meanwhile: this says nothing about the receiver. Where it ended long ago (the process slept), this
   * push may have come after a newer one of the next holder, who is asked to send the object once more.
   */
  private async cutOff(object: PendingObject, { verdict }: Verdict): Promise<void> {
    const { row, outbox, lease, loop } = this.receiver;
    if (verdict === 'accepted') outbox.done(object);
    else outbox.giveBack(object);
    if (!lease.isLongOver) return loop.wakeIn(AGAIN_MS);
    const { feedStore, log, registry } = this.context;
    await feedStore.sendAgain(row.receiver, object.head_id).catch((error: unknown) => {
      const party = registry.partyInLog(row.receiver);
      log.warn({ err: error, party, head: object.head_id }, 'an object could not be sent again');
    });
  }
}

/* One object of an outbox on its way to its receiver: the state read at this moment, sent, and judged. */

const DONE: Verdict = { verdict: 'accepted' };

/** To whom it goes, under which lease, and from when on states may be used. */
interface PushTo {
  maySee: WhatItMaySee;
  lease: Lease;
  since: number;
  /** The receiver has to catch up: an object should need one push, however much of it changed. */
  behind: boolean;
}

function targetOf(context: SyncContext, maySee: WhatItMaySee, object: PendingObject): PushTarget | undefined {
  const module = ownedModule(object.module);
  const owner = context.registry.partyByNumber(object.owner);
  const endpoint = module && maySee.partner && endpointOf(maySee.partner, module.identifier, 'RECEIVER');
  const slash = maySee.partner?.policies.trailing_slash ?? 'keep';
  return module && owner && endpoint ? { endpoint, slash, module, owner } : undefined;
}

/** Nothing to send (gone meanwhile) counts as done: what removed it is a change of its own. */
async function deliver(
  context: SyncContext,
  to: PushTo & { object: PendingObject },
  request: PushRequest | undefined,
): Promise<Verdict> {
  const { party, partner } = to.maySee;
  if (!request || !party || !partner) return DONE;
  const kind = { evse: request.evse, deletion: request.method === 'DELETE' };
  const { verdict } = await send(
    context.partnerClient,
    { partner, lease: to.lease, kind },
    {
      method: request.method,
      url: request.url,
      body: request.body,
      headers: routingHeaders({ to: party, from: context.registry.hub }),
      correlationId: to.object.correlation_id,
    },
  );
  return verdict;
}

async function pushParts(
  context: SyncContext,
  to: PushTo & { object: PendingObject },
  target: PushTarget,
): Promise<Verdict> {
  for (const part of foldParts(to.object.parts)) {
    const state = await readState(context, to, part.evse);
    const verdict = await deliver(context, to, state && partRequest(target, state, part.connector));
    if (verdict.verdict !== 'accepted') return verdict;
  }
  return DONE;
}

async function readState(
  context: SyncContext,
  to: PushTo & { object: PendingObject },
  evse: string | null,
): Promise<StateRow | undefined> {
  const { head_id, version } = to.object;
  const state = await context.objectStates.read({ head_id, evse, version, since: to.since });
  to.object.sent_id = state?.sent_id;
  return state;
}

/**
 * Whether several parts of a location changed, or others changed later, which the receiver has not read yet: one whole
 * location then is all that it needs. One that was never whole goes out in its parts.
 */
async function isBetterWhole(context: SyncContext, to: PushTo & { object: PendingObject }): Promise<boolean> {
  const [first, second] = foldParts(to.object.parts);
  if (!to.behind || !first) return false;
  if (!second) {
    const state = await readState(context, to, first.evse);
    if (!state || state.version <= to.object.version) return false;
  }
  const whole = await readState(context, to, null);
  return whole !== undefined && whole.text !== null;
}

/** Pushes an object at the level that changed and says what came of it. */
async function pushObject(context: SyncContext, push: PushTo, object: PendingObject): Promise<Verdict> {
  const target = targetOf(context, push.maySee, object);
  if (!target) return DONE;
  const to = { ...push, object };
  object.sent = undefined;
  object.whole ||= await isBetterWhole(context, to);
  if (!object.whole) return pushParts(context, to, target);
  const state = await readState(context, to, null);
  object.sent = state?.version;
  return deliver(context, to, state && wholeRequest(target, state));
}
