import { setTimeout as delay } from 'node:timers/promises';
import { verdictOf, type PushAnswer, type PushFailure } from '../../domain/push-verdict';
import { retryDelay } from '../../domain/retry';
import { storedVersion } from '../../ocpi/versions';
import type { TransportResult, PartnerRequest } from '../../partners/partner-client';
import type { CdrAttempt, CdrDeliveryRow, CdrDeliveries } from '../../store/cdrs/cdr-deliveries';
import { isThisCdr, locationOf, mayBeThere, ownedBy, siblingUrl } from './find-posted-cdr';
import { CdrRests } from './cdr-queue';
import type { FeedParts } from '../worker';
import { answerOf } from '../feed/push';
import { sameOrigin } from '../../domain/origin';
import { isLive } from '../../domain/party';
import { endpointOf, isConnected, type Partner } from '../../domain/partner';
import { routingHeaders } from '../../ocpi/headers';
import type { Lease } from '../leases/leases';

/*
 * One CDR on its way. The intent is stored before the POST and the returned Location after it. Where the answer was
 * lost, the receiver is asked at the place where its earlier Locations were (OCPI has no other GET), else the same CDR
 * is posted again; refused then, it is uncertain, and shown to the admin (DESIGN.md, The feed).
 */

const { cdrs } = storedVersion.billing;

/** One that fails rests while others go on; so many in a row, and it is the receiver. */
const TRIES = 3;
const STORE_AGAIN_MS = 500;

/** After this many milliseconds a receiver is to be looked at again. */
export const AGAIN_MS = 1000;

/** The receiver's next CDR may follow at once, or all of them wait for so many milliseconds. */
export type Next = 'at once' | { afterMs: number };

const KIND = { evse: false, deletion: false };

export class CdrDelivery {
  readonly rests = new CdrRests();
  private readonly failedInRow = new Map<number, number>();

  constructor(
    private readonly parts: FeedParts,
    private readonly deliveries: CdrDeliveries,
    private readonly options: { retry: { minMs: number; maxMs: number }; isEnding: () => boolean },
  ) {}

  /** Delivers one, or brings it as far as it gets. @throws where the database is away */
  async deliver(delivery: CdrDeliveryRow, way: CdrReceiver): Promise<Next> {
    const sent = { delivery, way };
    if (delivery.ask) {
      const found = await this.look(sent);
      if (found === 'there') return 'at once';
      if (found !== 'not there') return this.afterLook(sent, found);
    }
    if (this.options.isEnding() || !way.lease.isValid()) return { afterMs: AGAIN_MS };
    const attempt = await this.deliveries.intend(delivery, this.parts.leases.holder);
    if (!attempt) return { afterMs: AGAIN_MS }; // another worker's
    const post = { method: 'POST', url: way.endpoint, body: delivery.text } as const;
    return this.conclude(sent, attempt, await sendTo(this.parts, sent, post));
  }

  private async conclude(sent: SentCdr, attempt: CdrAttempt, result: TransportResult): Promise<Next> {
    const { delivery } = sent;
    const answer = answerOf(result);
    const verdict = verdictOf(answer, KIND);
    if (verdict.verdict === 'accepted') {
      this.passed(sent);
      this.parts.onPassed(delivery.receiver, cdrs.number);
      await this.keep(() => this.deliveries.delivered(delivery.id, locationOf(result)));
      return 'at once';
    }
    if (verdict.verdict === 'refused' || verdict.verdict === 'locationUnknown') {
      const reason = verdict.verdict === 'refused' ? verdict.reason : 'unknown';
      this.passed(sent);
      await this.keep(() => this.deliveries.ended(attempt, delivery.ask ? 'uncertain' : 'failed', reason));
      return 'at once';
    }
    return this.afterPost(sent, attempt, { answer, failure: verdict });
  }

  /** It did not get through. */
  private async afterPost(
    sent: SentCdr,
    attempt: CdrAttempt,
    { answer, failure }: { answer: PushAnswer; failure: PushFailure },
  ): Promise<Next> {
    const { delivery } = sent;
    const { reason } = failure;
    // Before it is stored: what the receiver asks for (Retry-After) holds for all its pushes from now on.
    const next = this.afterFailure(sent, failure);
    if (!delivery.ask && !mayBeThere(answer))
      await this.keep(() => this.deliveries.ended(attempt, 'waiting', reason));
    else await this.keep(() => this.deliveries.noted(delivery.id, reason));
    return next;
  }

  private passed({ delivery, way }: SentCdr): void {
    this.rests.forget(delivery.id);
    this.failedInRow.delete(delivery.receiver);
    this.parts.health.succeeded(way.partner.id);
  }

  /** What is known is stored, also by a database that is away for a while: asking again would be a second POST. */
  private async keep(write: () => Promise<void>): Promise<void> {
    for (;;) {
      try {
        return await write();
      } catch (error) {
        if (this.options.isEnding()) throw error;
        this.parts.log.warn({ err: error }, 'the outcome of a CDR could not be stored, tried again');
        await delay(STORE_AGAIN_MS);
      }
    }
  }

  /** Where it may be this CDR, others are tried; where it is the receiver, all wait. */
  private afterFailure({ delivery, way }: SentCdr, failure: PushFailure): Next {
    if (!way.lease.isValid()) return { afterMs: AGAIN_MS }; // cut off: says nothing about the receiver
    const { receiver } = delivery;
    const inRow = (this.failedInRow.get(receiver) ?? 0) + 1;
    const { reason } = failure;
    if (failure.verdict === 'failed' && inRow < TRIES) {
      const ms = retryDelay(delivery.attempts + 1, this.options.retry, Math.random());
      this.failedInRow.set(receiver, inRow);
      this.rests.rest(delivery.id, receiver, ms);
      this.parts.health.noted(way.partner.id, reason);
      return 'at once';
    }
    this.failedInRow.delete(receiver);
    const atLeast = failure.verdict === 'down' ? failure.retryAfterMs : undefined;
    return { afterMs: this.parts.health.failed(way.partner.id, reason, atLeast) };
  }

  /** Asks for it where earlier Locations of this receiver show the form; a failure: no answer says anything. */
  private async look(sent: SentCdr): Promise<'there' | 'not there' | PushFailure> {
    const { delivery } = sent;
    const url = await likelyLocation(this.parts, this.deliveries, sent);
    if (url === undefined) return 'not there';
    const result = await sendTo(this.parts, sent, { method: 'GET', url, body: undefined });
    const owner = this.parts.registry.partyByNumber(delivery.owner);
    if (isThisCdr(result, { id: delivery.sent_id, owner })) {
      this.passed(sent);
      await this.keep(() => this.deliveries.delivered(delivery.id, url));
      return 'there';
    }
    const verdict = verdictOf(answerOf(result), KIND);
    if (verdict.verdict === 'down') return verdict;
    // A receiver that fails at every GET may not have it at all: the POST has to tell then.
    const again = verdict.verdict === 'failed' && this.rests.looksAgain(delivery.id, TRIES);
    return again ? verdict : 'not there';
  }

  /** It could not be asked: a POST now might be a second one. */
  private async afterLook(sent: SentCdr, failure: PushFailure): Promise<Next> {
    const next = this.afterFailure(sent, failure);
    await this.keep(() => this.deliveries.noted(sent.delivery.id, failure.reason));
    return next;
  }
}

/** Where the CDRs of a receiver go, and under which lease. */
export interface CdrReceiver {
  partner: Partner;
  lease: Lease;
  /** The receiver's endpoint of module cdrs. */
  endpoint: string;
}

/** A CDR on its way. */
export interface SentCdr {
  delivery: CdrDeliveryRow;
  way: CdrReceiver;
}

/** undefined: nothing goes to this receiver, or not from here. */
export function cdrReceiver(parts: FeedParts, receiver: number): CdrReceiver | undefined {
  const party = parts.registry.partyByNumber(receiver);
  if (!party || !isLive(party) || party.partner === null) return undefined;
  const partner = parts.registry.partner(party.partner);
  const lease = parts.leases.of(party.partner);
  if (!partner || !lease || !isConnected(partner)) return undefined;
  const endpoint = endpointOf(partner, cdrs.identifier, 'RECEIVER');
  return endpoint ? { partner, lease, endpoint } : undefined;
}

/** A request about a CDR to its receiver, cut off with the lease. */
export function sendTo(
  { registry, client }: FeedParts,
  { delivery, way }: SentCdr,
  request: Pick<PartnerRequest, 'method' | 'url' | 'body'>,
): Promise<TransportResult> {
  return client.request(way.partner, {
    ...request,
    headers: routingHeaders({ to: registry.partyByNumber(delivery.receiver), from: registry.hub }),
    correlationId: delivery.correlation_id,
    permit: way.lease,
  });
}

/** Where this receiver's earlier Locations let a CDR be; of the same CPO's CDRs, if it has any. */
export async function likelyLocation(
  { registry }: FeedParts,
  deliveries: CdrDeliveries,
  { delivery, way }: SentCdr,
): Promise<string | undefined> {
  const { receiver, owner, sent_id } = delivery;
  const example = await deliveries.exampleLocation(receiver, owner);
  const url = example && siblingUrl(example.location_url, example.sent_id, sent_id);
  if (!url || !sameOrigin(url, way.endpoint)) return undefined;
  const [from, to] = [example.owner, owner].map((number) => registry.partyByNumber(number));
  return from && to ? ownedBy(url, from, to) : url;
}
