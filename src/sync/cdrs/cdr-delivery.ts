import { setTimeout as delay } from 'node:timers/promises';
import { sameOrigin } from '../../domain/origin';
import { endpointOf, type Partner } from '../../domain/partner';
import type { PushFailure } from '../../domain/push-verdict';
import { retryDelay } from '../../domain/retry';
import { storedVersion } from '../../ocpi/versions';
import { routingHeaders } from '../../ocpi/headers';
import type { PartnerRequest } from '../../partners/partner-client';
import type { CdrAttempt, CdrDeliveryRow, CdrDeliveries } from '../../store/cdrs/cdr-deliveries';
import type { SyncContext } from '../context';
import { isReachable } from '../deliver/may-deliver';
import { TRIES } from '../deliver/object-failures';
import { logFailure } from '../deliver/log-failure';
import { send, type Sent } from '../deliver/send';
import type { Lease } from '../leases/leases';
import { AGAIN_MS } from '../loop';
import { isThisCdr, locationOf, mayBeThere, ownedBy, siblingUrl } from './find-posted-cdr';

/*
 * One CDR on its way. The intent is stored before the POST, the returned Location after it. When the answer was lost,
 * the receiver is asked where its earlier Locations were (OCPI has no other GET); else the same CDR is posted again. If
 * that is refused, the delivery is uncertain and shown to the admin.
 */

const { cdrs } = storedVersion.billing;

const STORE_AGAIN_MS = 500;

/** The receiver's next CDR may follow at once, or all of them wait for so many milliseconds. */
export type Next = 'at once' | { afterMs: number };

const KIND = { evse: false, deletion: false };

/** Where the CDRs of a receiver go, and under which lease. */
export interface CdrReceiver {
  partner: Partner;
  lease: Lease;
  /** The receiver's endpoint of module cdrs. */
  endpoint: string;
}

/** undefined: nothing goes to this receiver, or not from here. */
export function cdrReceiver({ registry, leases }: SyncContext, receiver: number): CdrReceiver | undefined {
  const party = registry.partyByNumber(receiver);
  const partner = typeof party?.partner === 'string' ? registry.partner(party.partner) : undefined;
  if (!partner || !isReachable(party, partner)) return undefined;
  const lease = leases.of(partner.id);
  const endpoint = endpointOf(partner, cdrs.identifier, 'RECEIVER');
  return lease && endpoint ? { partner, lease, endpoint } : undefined;
}

/** A CDR and its receiver. */
interface Underway {
  row: CdrDeliveryRow;
  to: CdrReceiver;
}

export class CdrDelivery {
  readonly rests = new CdrRests();
  private readonly failedInRow = new Map<number, number>();

  constructor(
    private readonly context: SyncContext,
    private readonly deliveries: CdrDeliveries,
    private readonly isEnding: () => boolean,
  ) {}

  /** Delivers one CDR, or brings it as far as it gets. @throws where the database is away */
  async deliver(row: CdrDeliveryRow, to: CdrReceiver): Promise<Next> {
    const cdr = { row, to };
    if (row.ask) {
      const found = await this.look(cdr);
      if (found === 'there') return 'at once';
      if (found !== 'not there') return this.afterLook(cdr, found);
    }
    if (this.isEnding() || !to.lease.isValid()) return { afterMs: AGAIN_MS };
    const attempt = await this.deliveries.intend(row, this.context.leases.holder);
    if (!attempt) return { afterMs: AGAIN_MS }; // another worker's
    const post = { method: 'POST', url: to.endpoint, body: row.text } as const;
    return this.conclude(cdr, attempt, await this.send(cdr, post));
  }

  private send(
    { row, to }: Underway,
    request: Pick<PartnerRequest, 'method' | 'url' | 'body'>,
  ): Promise<Sent> {
    const { registry, partnerClient } = this.context;
    const headers = routingHeaders({ to: registry.partyByNumber(row.receiver), from: registry.hub });
    const whole = { ...request, headers, correlationId: row.correlation_id };
    return send(partnerClient, { partner: to.partner, lease: to.lease, kind: KIND }, whole);
  }

  private async conclude(cdr: Underway, attempt: CdrAttempt, sent: Sent): Promise<Next> {
    const { row } = cdr;
    const { verdict } = sent;
    if (verdict.verdict === 'accepted') {
      this.passed(cdr);
      this.context.pushTimes.passed(row.receiver, cdrs.number);
      this.context.refusing.passed(row.receiver, cdrs.number);
      await this.keep(row, () => this.deliveries.delivered(row.id, locationOf(sent.result)));
      return 'at once';
    }
    if (verdict.verdict === 'refused' || verdict.verdict === 'locationUnknown') {
      const { reason, told } =
        verdict.verdict === 'refused' ? verdict : { reason: 'unknown', told: undefined };
      this.passed(cdr);
      const { receiver, sent_id: object_id } = row;
      logFailure(this.context, { receiver, module: cdrs.number, object_id, reason, told });
      const state = row.ask ? 'uncertain' : 'failed';
      await this.keep(row, () => this.deliveries.ended(attempt, { state, error: reason, told }));
      return 'at once';
    }
    return this.afterPost(cdr, attempt, { ...sent, verdict });
  }

  /** The POST did not get through. */
  private async afterPost(
    cdr: Underway,
    attempt: CdrAttempt,
    { answer, verdict }: Sent & { verdict: PushFailure },
  ): Promise<Next> {
    const { row } = cdr;
    const { reason } = verdict;
    const told = verdict.verdict === 'failed' ? verdict.told : undefined;
    // Before it is stored: what the receiver asks for (Retry-After) holds for all its pushes from now on.
    const next = this.afterFailure(cdr, verdict);
    if (!row.ask && !mayBeThere(answer))
      await this.keep(row, () => this.deliveries.ended(attempt, { state: 'waiting', error: reason, told }));
    else await this.keep(row, () => this.deliveries.noted(row.id, reason));
    return next;
  }

  private passed({ row, to }: Underway): void {
    this.rests.forget(row.id);
    this.failedInRow.delete(row.receiver);
    this.context.pauses.succeeded(to.partner.id);
  }

  /** What is known is stored, also by a database that is away for a while: asking again would be a second POST. */
  private async keep({ receiver }: CdrDeliveryRow, write: () => Promise<void>): Promise<void> {
    for (;;) {
      try {
        return await write();
      } catch (error) {
        if (this.isEnding()) throw error;
        const party = this.context.registry.partyInLog(receiver);
        this.context.log.warn({ err: error, party }, 'the outcome of a CDR could not be stored, tried again');
        await delay(STORE_AGAIN_MS);
      }
    }
  }

  /** Where it may be this CDR, others are tried; where it is the receiver, all wait. */
  private afterFailure({ row, to }: Underway, failure: PushFailure): Next {
    if (!to.lease.isValid()) return { afterMs: AGAIN_MS }; // cut off: says nothing about the receiver
    const inRow = (this.failedInRow.get(row.receiver) ?? 0) + 1;
    if (failure.verdict === 'failed' && inRow < TRIES) {
      this.failedInRow.set(row.receiver, inRow);
      const ms = retryDelay(row.attempts + 1, this.context.retry, Math.random());
      this.rests.rest(row.id, row.receiver, ms);
      return 'at once';
    }
    this.failedInRow.delete(row.receiver);
    const atLeast = failure.verdict === 'down' ? failure.retryAfterMs : undefined;
    return { afterMs: this.context.pauses.failed(to.partner.id, atLeast) };
  }

  /** Asks for the CDR where earlier Locations of this receiver show the form. A failure: no answer says anything. */
  private async look(cdr: Underway): Promise<'there' | 'not there' | PushFailure> {
    const { row } = cdr;
    const url = await this.likelyLocation(cdr);
    if (url === undefined) return 'not there';
    const { result, verdict } = await this.send(cdr, { method: 'GET', url, body: undefined });
    const owner = this.context.registry.partyByNumber(row.owner);
    if (isThisCdr(result, { id: row.sent_id, owner })) {
      this.passed(cdr);
      await this.keep(row, () => this.deliveries.delivered(row.id, url));
      return 'there';
    }
    if (verdict.verdict === 'down') return verdict;
    // A receiver that fails at every GET may not have it at all: the POST has to tell then.
    const again = verdict.verdict === 'failed' && this.rests.looksAgain(row.id, TRIES);
    return again ? verdict : 'not there';
  }

  /** The receiver could not be asked: a POST now might be a second one. */
  private async afterLook(cdr: Underway, failure: PushFailure): Promise<Next> {
    const next = this.afterFailure(cdr, failure);
    await this.keep(cdr.row, () => this.deliveries.noted(cdr.row.id, failure.reason));
    return next;
  }

  /** Where this receiver's earlier Locations let a CDR be; of the same CPO's CDRs, if it has any. */
  private async likelyLocation({ row, to }: Underway): Promise<string | undefined> {
    const { receiver, owner, sent_id } = row;
    const example = await this.deliveries.exampleLocation(receiver, owner);
    const url = example && siblingUrl(example.location_url, example.sent_id, sent_id);
    if (!url || !sameOrigin(url, to.endpoint)) return undefined;
    const { registry } = this.context;
    const earlier = registry.partyByNumber(example.owner);
    const party = registry.partyByNumber(owner);
    return earlier && party ? ownedBy(url, earlier, party) : url;
  }
}

/** Deliveries that failed rest while others go on, and how often each was asked for. */
class CdrRests {
  /** Until when (performance.now()) each rests. */
  private readonly resting = new Map<string, { receiver: number; until: number }>();
  private readonly looks = new Map<string, number>();

  rest(id: string, receiver: number, ms: number): void {
    this.resting.set(id, { receiver, until: performance.now() + ms });
  }

  /** The delivery is done. */
  forget(id: string): void {
    this.resting.delete(id);
    this.looks.delete(id);
  }

  /** The deliveries to a receiver that rest now. */
  of(receiver: number): string[] {
    const now = performance.now();
    const ids: string[] = [];
    for (const [id, rest] of this.resting) {
      if (rest.until <= now) this.resting.delete(id);
      else if (rest.receiver === receiver) ids.push(id);
    }
    return ids;
  }

  /** Milliseconds until the first delivery to a receiver has rested; undefined: none rests. */
  nextIn(receiver: number): number | undefined {
    const ends = [...this.resting.values()].filter((rest) => rest.receiver === receiver).map((r) => r.until);
    return ends.length > 0 ? Math.max(1, Math.min(...ends) - performance.now()) : undefined;
  }

  /** One more GET of it failed. False: after this number of failed GETs another one is no use. */
  looksAgain(id: string, tries: number): boolean {
    const looks = (this.looks.get(id) ?? 0) + 1;
    if (looks < tries) this.looks.set(id, looks);
    else this.looks.delete(id);
    return looks < tries;
  }
}
