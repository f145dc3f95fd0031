import { setTimeout as delay } from 'node:timers/promises';
import { isLive } from '../domain/party';
import { sameOrigin } from '../domain/origin';
import { endpointOf, isConnected, type Partner } from '../domain/partner';
import { verdictOf, type Verdict } from '../domain/push-verdict';
import { retryDelay } from '../domain/retry-delay';
import type { PartnerRequest, TransportResult } from '../partners/partner-client';
import { MODULE_NUMBERS } from '../domain/visibility';
import { routingHeaders } from '../ocpi/headers';
import type { CdrAttempt, CdrDelivery, CdrDeliveries } from '../store/cdr-deliveries';
import { isThisCdr, locationOf, mayBeThere, ownedBy, siblingUrl } from './cdr-answers';
import { CdrRests } from './cdr-rests';
import type { FeedParts } from './feed-parts';
import type { Lease } from './leases';
import { answerOf } from './push-object';

/*
 * CDRs do not go by position: each concerns one party, and posting one twice costs money. A row says how far each
 * got: the intent is stored before the POST and the returned Location after it. Where the answer was lost, the
 * receiver is asked at the place where its earlier Locations were (OCPI has no other GET), else the same CDR is
 * posted again; refused then, it is uncertain, and shown to the admin (DESIGN.md, The feed). All of it under the
 * platform's lease (docs/adr/0013).
 */

const PAGE = 50;
/** One that fails rests while others go on; so many in a row, and it is the receiver. */
const TRIES = 3;
const AGAIN_MS = 1000;
const STORE_AGAIN_MS = 500;

interface Way {
  partner: Partner;
  lease: Lease;
}

type Ending = { way: Way; attempt: CdrAttempt; result: TransportResult };

export class CdrCourier {
  private readonly running = new Map<number, Promise<void>>();
  private readonly again = new Set<number>();
  private readonly timers = new Map<number, NodeJS.Timeout>();
  private readonly rests = new CdrRests();
  private readonly failedInRow = new Map<number, number>();
  private ended = false;

  constructor(
    private readonly parts: FeedParts,
    private readonly deliveries: CdrDeliveries,
    private readonly retry: { minMs: number; maxMs: number },
  ) {}

  /** Something may wait for this receiver. */
  wake(receiver: number): void {
    if (this.ended) return;
    if (this.running.has(receiver)) {
      this.again.add(receiver);
      return;
    }
    const run = this.run(receiver).catch((error: unknown) => {
      this.parts.log.warn({ err: error, receiver }, 'the CDRs of a receiver stumbled');
      this.wakeIn(receiver, AGAIN_MS);
    });
    this.running.set(receiver, run);
    void run.then(() => {
      this.running.delete(receiver);
      if (this.again.delete(receiver)) this.wake(receiver);
    });
  }

  async end(): Promise<void> {
    this.ended = true;
    for (const timer of this.timers.values()) clearTimeout(timer);
    await Promise.all(this.running.values());
  }

  private wakeIn(receiver: number, ms: number): void {
    if (this.ended) return;
    clearTimeout(this.timers.get(receiver));
    this.timers.set(receiver, setTimeout(() => this.wake(receiver), ms).unref());
  }

  /** undefined: nothing goes there, or not from here. */
  private wayTo(receiver: number): Way | undefined {
    const party = this.parts.registry.partyByNumber(receiver);
    if (!party || !isLive(party) || party.partner === null) return undefined;
    const partner = this.parts.registry.partner(party.partner);
    const lease = this.parts.leases.of(party.partner);
    if (!partner || !lease || !isConnected(partner)) return undefined;
    return endpointOf(partner, 'cdrs', 'RECEIVER') ? { partner, lease } : undefined;
  }

  private async run(receiver: number): Promise<void> {
    for (;;) {
      const open = await this.deliveries.open(receiver, PAGE, this.rests.of(receiver));
      if (open.length === 0) return this.wakeAfterRest(receiver);
      for (const delivery of open) {
        const way = this.wayTo(receiver);
        if (this.ended || !way) return;
        const wait = this.waitFor(way);
        if (wait > 0) return this.wakeIn(receiver, wait);
        if (!(await this.deliver(delivery, way))) return;
      }
    }
  }

  private waitFor({ partner, lease }: Way): number {
    if (!lease.isValid()) return AGAIN_MS; // it is in doubt: renewed, or gone then
    return Math.max(this.parts.health.of(partner.id).pausedUntil - Date.now(), lease.waitMs);
  }

  private wakeAfterRest(receiver: number): void {
    const ms = this.rests.nextIn(receiver);
    if (ms !== undefined) this.wakeIn(receiver, ms);
  }

  /** True where the next one may follow. */
  private async deliver(delivery: CdrDelivery, way: Way): Promise<boolean> {
    if (delivery.ask) {
      const found = await this.look(delivery, way);
      if (found === 'there') return true;
      if (found !== 'not there') return this.afterLook(delivery, way, found);
    }
    if (this.ended || !way.lease.isValid()) return false;
    const attempt = await this.deliveries.intend(delivery, this.parts.leases.holder);
    if (!attempt) return this.later(delivery, AGAIN_MS); // another worker's
    const result = await this.post(delivery, way);
    return this.conclude(delivery, { way, attempt, result });
  }

  private later(delivery: CdrDelivery, ms: number): false {
    this.wakeIn(delivery.receiver, ms);
    return false;
  }

  private send(
    delivery: CdrDelivery,
    { partner, lease }: Way,
    request: Pick<PartnerRequest, 'method' | 'url' | 'body'>,
  ): Promise<TransportResult> {
    const { registry, client } = this.parts;
    return client.request(partner, {
      ...request,
      headers: routingHeaders({ to: registry.partyByNumber(delivery.receiver), from: registry.hub }),
      correlationId: delivery.correlation_id,
      permit: lease,
    });
  }

  private post(delivery: CdrDelivery, way: Way): Promise<TransportResult> {
    const url = endpointOf(way.partner, 'cdrs', 'RECEIVER') ?? '';
    return this.send(delivery, way, { method: 'POST', url, body: delivery.text });
  }

  private async conclude(delivery: CdrDelivery, { way, attempt, result }: Ending): Promise<boolean> {
    const answer = answerOf(result);
    const verdict = verdictOf(answer, { evse: false, deletion: false });
    if (verdict.verdict === 'accepted') {
      this.passed(delivery, way);
      this.parts.onPassed(delivery.receiver, MODULE_NUMBERS.cdrs);
      await this.keep(() => this.deliveries.delivered(delivery.id, locationOf(result)));
      return true;
    }
    const reason = 'reason' in verdict ? verdict.reason : 'unknown';
    if (verdict.verdict === 'refused' || verdict.verdict === 'locationUnknown') {
      this.passed(delivery, way);
      await this.keep(() => this.deliveries.ended(attempt, delivery.ask ? 'uncertain' : 'failed', reason));
      return true;
    }
    // Before it is stored: what the receiver asks for (Retry-After) holds for all its pushes from now on.
    const goOn = this.afterFailure(delivery, way, verdict);
    if (!delivery.ask && !mayBeThere(answer))
      await this.keep(() => this.deliveries.ended(attempt, 'waiting', reason));
    else await this.keep(() => this.deliveries.noted(delivery.id, reason));
    return goOn;
  }

  private passed(delivery: CdrDelivery, { partner }: Way): void {
    this.rests.forget(delivery.id);
    this.failedInRow.delete(delivery.receiver);
    this.parts.health.succeeded(partner.id);
  }

  /** What is known is stored, also by a database that is away for a while: asking again would be a second POST. */
  private async keep(write: () => Promise<void>): Promise<void> {
    for (;;) {
      try {
        return await write();
      } catch (error) {
        if (this.ended) throw error;
        this.parts.log.warn({ err: error }, 'the outcome of a CDR could not be stored, tried again');
        await delay(STORE_AGAIN_MS);
      }
    }
  }

  /** Where it may be this CDR, others are tried; where it is the receiver, all wait. */
  private afterFailure(delivery: CdrDelivery, way: Way, verdict: Verdict): boolean {
    if (!way.lease.isValid()) return this.later(delivery, AGAIN_MS); // cut off: says nothing about the receiver
    const { receiver } = delivery;
    const inRow = (this.failedInRow.get(receiver) ?? 0) + 1;
    const reason = 'reason' in verdict ? verdict.reason : '';
    if (verdict.verdict === 'failed' && inRow < TRIES) {
      const ms = retryDelay(delivery.attempts + 1, this.retry, Math.random());
      this.failedInRow.set(receiver, inRow);
      this.rests.rest(delivery.id, receiver, ms);
      this.parts.health.noted(way.partner.id, reason);
      return true;
    }
    this.failedInRow.delete(receiver);
    const atLeast = verdict.verdict === 'down' ? verdict.retryAfterMs : undefined;
    return this.later(delivery, this.parts.health.failed(way.partner.id, reason, atLeast));
  }

  /** Asks for it where earlier Locations of this receiver show the form; a verdict where no answer says anything. */
  private async look(delivery: CdrDelivery, way: Way): Promise<'there' | 'not there' | Verdict> {
    const url = await this.likelyPlace(delivery);
    if (!url || !sameOrigin(url, endpointOf(way.partner, 'cdrs', 'RECEIVER') ?? '')) return 'not there';
    const result = await this.send(delivery, way, { method: 'GET', url, body: undefined });
    const owner = this.parts.registry.partyByNumber(delivery.owner);
    if (isThisCdr(result, { id: delivery.sent_id, owner })) {
      this.passed(delivery, way);
      await this.keep(() => this.deliveries.delivered(delivery.id, url));
      return 'there';
    }
    const verdict = verdictOf(answerOf(result), { evse: false, deletion: false });
    if (verdict.verdict === 'down') return verdict;
    // A receiver that fails at every GET may not have it at all: the POST has to tell then.
    const again = verdict.verdict === 'failed' && this.rests.looksAgain(delivery.id, TRIES);
    return again ? verdict : 'not there';
  }

  /** Where this receiver's earlier Locations let it be; of the same CPO's CDRs, if it has any. */
  private async likelyPlace({ receiver, owner, sent_id }: CdrDelivery): Promise<string | undefined> {
    const example = await this.deliveries.exampleLocation(receiver, owner);
    const url = example && siblingUrl(example.location_url, example.sent_id, sent_id);
    const [from, to] = [example?.owner, owner].map((number) =>
      number === undefined ? undefined : this.parts.registry.partyByNumber(number),
    );
    return url !== undefined && from && to ? ownedBy(url, from, to) : url;
  }

  /** It could not be asked: a POST now might be a second one. */
  private async afterLook(delivery: CdrDelivery, way: Way, verdict: Verdict): Promise<boolean> {
    const goOn = this.afterFailure(delivery, way, verdict);
    if ('reason' in verdict) await this.keep(() => this.deliveries.noted(delivery.id, verdict.reason));
    return goOn;
  }
}
