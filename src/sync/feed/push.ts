import { type Verdict, verdictOf, type PushAnswer } from '../../domain/push-verdict';
import type { FeedParts } from '../worker';
import type { WhatItMaySee } from './what-it-may-see';
import type { Lease } from '../leases/leases';
import type { PendingObject } from './pending-object';
import { PushOutcome, type OutcomesOf } from './push-outcome';
import { endpointOf } from '../../domain/partner';
import { ownedModule } from '../../ocpi/versions';
import { routingHeaders } from '../../ocpi/headers';
import { parseAnswer } from '../../partners/answer';
import { waitAskedBy } from '../../partners/retry-after';
import type { TransportResult } from '../../partners/transport';
import type { Permit } from '../../partners/transport-types';
import type { StateRow } from '../../store/feed/feed-store';
import { foldParts, partRequest, wholeRequest, type PushRequest, type PushTarget } from './push-request';

/** At the same time to one receiver. */
const CONCURRENCY = 4;

/** After this many milliseconds what stumbled is tried again. */
export const AGAIN_MS = 1000;

export interface PushingOf extends Omit<OutcomesOf, 'onPause'> {
  interest: WhatItMaySee;
  /** What is sent is sent under this one. */
  lease: Lease;
  /** A push has ended; what waits for the end of all may look again. */
  onConcluded: () => void;
}

/** What goes out of a receiver's outbox: some objects at a time, one alone after a pause, each under the lease. */
export class Push {
  private readonly outcomes: PushOutcome;
  /**
   * States that were read before may be older than what the last holder of the lease has sent; after a pause they are
   * older than what the object went through meanwhile.
   */
  private since: number;

  constructor(
    private readonly parts: FeedParts,
    private readonly of: PushingOf,
  ) {
    const { row, outbox, aside, lease, wake, wakeIn, onConcluded } = of;
    this.since = Math.max(performance.now(), lease.startsAt);
    this.outcomes = new PushOutcome(parts, {
      row,
      outbox,
      aside,
      wake: () => (onConcluded(), wake()),
      wakeIn: (ms) => (onConcluded(), wakeIn(ms)),
      onPause: () => (this.since = Math.max(this.since, performance.now())),
    });
  }

  get lastSuccess(): Date | null {
    return this.outcomes.lastSuccess;
  }

  /** Begins as many pushes as may be under way now. */
  start(): void {
    const { health, gate } = this.parts;
    const { row, outbox, lease, wake, wakeIn } = this.of;
    const paused = Math.max(health.pauseMs(row.partner_id), lease.waitMs);
    if (paused > 0) return wakeIn(paused);
    // After a pause one push alone shows whether the receiver is back.
    const lanes = health.of(row.partner_id).failuresInRow > 0 ? 1 : CONCURRENCY;
    while (outbox.inFlight.size < lanes && outbox.hasNext()) {
      if (!gate.enter(wake)) return;
      const object = outbox.take();
      if (!object) return gate.leave();
      if (this.outcomes.givesUp(object)) gate.leave();
      else void this.push(object);
    }
  }

  private async push(object: PendingObject): Promise<void> {
    const { row, outbox, interest, lease: permit, wakeIn, onConcluded } = this.of;
    try {
      const { since } = this;
      const { behind } = outbox;
      const verdict = await pushObject(this.parts, { interest, permit, since, behind }, object);
      if (permit.isValid()) this.outcomes.conclude(object, verdict);
      else await this.cutOff(object, verdict);
    } catch (error) {
      const of = { receiver: row.receiver, head: object.head_id };
      this.parts.log.warn({ err: error, ...of }, 'a push could not be made');
      outbox.giveBack(object);
      wakeIn(AGAIN_MS);
    } finally {
      this.parts.gate.leave();
    }
    onConcluded();
  }

  /**
   * The lease ended meanwhile: this says nothing about the receiver. Where it ended long ago (the process slept), this
   * push may have come after a newer one of the next holder, who is asked to send the object once more.
   */
  private async cutOff(object: PendingObject, { verdict }: Verdict): Promise<void> {
    const { row, outbox, lease, wakeIn } = this.of;
    if (verdict === 'accepted') outbox.done(object);
    else outbox.giveBack(object);
    if (!lease.isLongOver) return wakeIn(AGAIN_MS);
    await this.parts.store.sendAgain(row.receiver, object.head_id).catch((error: unknown) => {
      this.parts.log.warn({ err: error, receiver: row.receiver }, 'an object could not be sent again');
    });
  }
}

/* One object of an outbox on its way to its receiver: the state read at this moment, sent, and judged. */

const DONE: Verdict = { verdict: 'accepted' };

/** To whom it goes, under which lease, and from when on states may be used. */
export interface PushContext {
  interest: WhatItMaySee;
  permit: Permit;
  since: number;
  /** The receiver has to catch up: an object should need one push, however much of it changed. */
  behind: boolean;
}

/** The transport's result as a verdict sees it. */
export function answerOf(result: TransportResult): PushAnswer {
  if (!result.ok) {
    const kind = result.failure.kind === 'timeout' ? 'timeout' : 'unreachable';
    return { answered: false, kind, failure: `${result.failure.kind}: ${result.failure.detail}` };
  }
  const { status_code, status_message } = parseAnswer(result);
  const answer = { answered: true, http: result.status, status_code, status_message } as const;
  const waitMs = waitAskedBy(result);
  return waitMs === undefined ? answer : { ...answer, retryAfterMs: waitMs };
}

function targetOf(parts: FeedParts, interest: WhatItMaySee, object: PendingObject): PushTarget | undefined {
  const module = ownedModule(object.module);
  const owner = parts.registry.partyByNumber(object.owner);
  const endpoint = module && interest.partner && endpointOf(interest.partner, module.identifier, 'RECEIVER');
  return module && owner && endpoint ? { endpoint, module, owner } : undefined;
}

/** Nothing to send (gone meanwhile) counts as done: what removed it is a change of its own. */
async function send(
  parts: FeedParts,
  to: PushContext & { object: PendingObject },
  request: PushRequest | undefined,
): Promise<Verdict> {
  const { party, partner } = to.interest;
  if (!request || !party || !partner) return DONE;
  const result = await parts.client.request(partner, {
    method: request.method,
    url: request.url,
    body: request.body,
    headers: routingHeaders({ to: party, from: parts.registry.hub }),
    correlationId: to.object.correlation_id,
    permit: to.permit,
  });
  return verdictOf(answerOf(result), { evse: request.evse, deletion: request.method === 'DELETE' });
}

async function pushParts(
  parts: FeedParts,
  to: PushContext & { object: PendingObject },
  target: PushTarget,
): Promise<Verdict> {
  for (const part of foldParts(to.object.parts)) {
    const state = await readState(parts, to, part.evse);
    const verdict = await send(parts, to, state && partRequest(target, state, part.connector));
    if (verdict.verdict !== 'accepted') return verdict;
  }
  return DONE;
}

function readState(
  parts: FeedParts,
  to: PushContext & { object: PendingObject },
  evse: string | null,
): Promise<StateRow | undefined> {
  const { head_id, version } = to.object;
  return parts.states.read({ head_id, evse, version, since: to.since });
}

/**
 * Whether several parts of a location changed, or others changed later, which the receiver has not read yet: one whole
 * location then is all that it needs. One that was never whole goes out in its parts.
 */
async function isBetterWhole(
  parts: FeedParts,
  to: PushContext & { object: PendingObject },
): Promise<boolean> {
  const [first, second] = foldParts(to.object.parts);
  if (!to.behind || !first) return false;
  if (!second) {
    const state = await readState(parts, to, first.evse);
    if (!state || state.version <= to.object.version) return false;
  }
  const whole = await readState(parts, to, null);
  return whole !== undefined && whole.text !== null;
}

/** Pushes an object at the level that changed and says what came of it. */
export async function pushObject(
  parts: FeedParts,
  context: PushContext,
  object: PendingObject,
): Promise<Verdict> {
  const target = targetOf(parts, context.interest, object);
  if (!target) return DONE;
  const to = { ...context, object };
  object.sent = undefined;
  object.whole ||= await isBetterWhole(parts, to);
  if (!object.whole) return pushParts(parts, to, target);
  const state = await readState(parts, to, null);
  object.sent = state?.version;
  return send(parts, to, state && wholeRequest(target, state));
}
