import { instantOf } from '../domain/instants';
import { isLive } from '../domain/party';
import { endpointOf, isConnected, type Partner } from '../domain/partner';
import { verdictOf, type PushAnswer } from '../domain/push-verdict';
import { MODULE_NUMBERS } from '../domain/visibility';
import { parseAnswer } from '../partners/answer';
import type { TransportResult } from '../partners/transport';
import { routingHeaders } from '../ocpi/headers';
import type { CdrDelivery, CdrDeliveries } from '../store/cdr-deliveries';
import type { FeedParts } from './feed-parts';
import { answerOf } from './push-object';

/*
 * CDRs do not go by position: each concerns one party, and posting one twice costs money. A row says how far each
 * got: the intent is stored before the POST and the returned Location after it. Where the answer was lost, the
 * receiver is asked at the place where its earlier Locations were (OCPI has no other GET), else the same CDR is
 * posted again; refused then, it is uncertain, and shown to the admin (DESIGN.md, The feed).
 */

const PAGE = 50;

export class CdrCourier {
  private readonly running = new Map<number, Promise<void>>();
  private readonly again = new Set<number>();
  private readonly timers = new Map<number, NodeJS.Timeout>();
  private ended = false;

  constructor(
    private readonly parts: FeedParts,
    private readonly deliveries: CdrDeliveries,
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
      this.wakeIn(receiver, 1000);
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
    clearTimeout(this.timers.get(receiver));
    this.timers.set(receiver, setTimeout(() => this.wake(receiver), ms).unref());
  }

  private partnerOf(receiver: number): Partner | undefined {
    const party = this.parts.registry.partyByNumber(receiver);
    if (!party || !isLive(party) || party.partner === null) return undefined;
    const partner = this.parts.registry.partner(party.partner);
    return partner && isConnected(partner) && endpointOf(partner, 'cdrs', 'RECEIVER') ? partner : undefined;
  }

  private async run(receiver: number): Promise<void> {
    for (;;) {
      const open = await this.deliveries.open(receiver, PAGE);
      if (open.length === 0) return;
      for (const delivery of open) {
        const partner = this.partnerOf(receiver);
        if (this.ended || !partner) return;
        const wait = this.parts.health.of(partner.id).pausedUntil - Date.now();
        if (wait > 0) return this.wakeIn(receiver, wait);
        if (!(await this.deliver(delivery, partner))) return;
      }
    }
  }

  /** True where the next one may follow. */
  private async deliver(delivery: CdrDelivery, partner: Partner): Promise<boolean> {
    const lost = delivery.state === 'posting';
    if (lost && (await this.isThere(delivery, partner))) return true;
    if (this.ended) return false;
    await this.deliveries.intend(delivery.id);
    const result = await this.post(delivery, partner);
    return this.conclude(delivery, { partner, result, lost });
  }

  private headers(receiver: number): Record<string, string> {
    const { registry } = this.parts;
    return routingHeaders({ to: registry.partyByNumber(receiver), from: registry.hub });
  }

  private post(delivery: CdrDelivery, partner: Partner): Promise<TransportResult> {
    return this.parts.client.request(partner, {
      method: 'POST',
      url: endpointOf(partner, 'cdrs', 'RECEIVER') ?? '',
      body: delivery.text,
      headers: this.headers(delivery.receiver),
      correlationId: delivery.correlation_id,
    });
  }

  private async conclude(
    delivery: CdrDelivery,
    outcome: { partner: Partner; result: TransportResult; lost: boolean },
  ): Promise<boolean> {
    const { partner, result, lost } = outcome;
    const answer = answerOf(result);
    const verdict = verdictOf(answer, { evse: false, deletion: false });
    if (verdict.verdict === 'accepted') {
      this.parts.health.succeeded(partner.id);
      this.parts.onPassed(delivery.receiver, MODULE_NUMBERS.cdrs);
      await this.deliveries.delivered(delivery.id, locationOf(result));
      return true;
    }
    const reason = 'reason' in verdict ? verdict.reason : 'unknown';
    if (verdict.verdict === 'refused' || verdict.verdict === 'locationUnknown') {
      await this.deliveries.ended(delivery.id, lost ? 'uncertain' : 'failed', reason);
      return true;
    }
    await this.hold(delivery, { partner, reason, mayBeThere: mayBeThere(answer) });
    return false;
  }

  private async hold(
    delivery: CdrDelivery,
    failure: { partner: Partner; reason: string; mayBeThere: boolean },
  ): Promise<void> {
    if (failure.mayBeThere) await this.deliveries.noted(delivery.id, failure.reason);
    else await this.deliveries.ended(delivery.id, 'waiting', failure.reason);
    this.wakeIn(delivery.receiver, this.parts.health.failed(failure.partner.id, failure.reason));
  }

  /** Asks for it where earlier Locations of this receiver show the form. */
  private async isThere(delivery: CdrDelivery, partner: Partner): Promise<boolean> {
    const example = await this.deliveries.exampleLocation(delivery.receiver);
    const url = example && siblingUrl(example.location_url, example.sent_id, delivery.sent_id);
    if (!url || !sameOrigin(url, endpointOf(partner, 'cdrs', 'RECEIVER') ?? '')) return false;
    const result = await this.parts.client.request(partner, {
      method: 'GET',
      url,
      headers: this.headers(delivery.receiver),
      correlationId: delivery.correlation_id,
    });
    if (!result.ok || result.status !== 200 || !holds(result, delivery)) return false;
    await this.deliveries.delivered(delivery.id, url);
    return true;
  }
}

/** After a refused connection nothing was received; after anything else it may have been. */
function mayBeThere(answer: PushAnswer): boolean {
  if (answer.answered) return answer.http >= 500 || answer.status_code === undefined;
  return !/^(refused|dns|tls|blocked)/.test(answer.failure);
}

function locationOf(result: TransportResult): string | null {
  const header = result.ok ? result.headers.location : undefined;
  return (Array.isArray(header) ? header[0] : header) ?? null;
}

/** The URL of another CDR in the form of an example; undefined where that does not hold its id as a segment. */
export function siblingUrl(example: string, exampleId: string, id: string): string | undefined {
  const segment = `/${encodeURIComponent(exampleId)}`;
  const at = example.lastIndexOf(segment);
  if (at < 0) return undefined;
  return `${example.slice(0, at)}/${encodeURIComponent(id)}${example.slice(at + segment.length)}`;
}

/** A partner's token goes to its own origin alone. */
function sameOrigin(a: string, b: string): boolean {
  return URL.canParse(a) && URL.canParse(b) && new URL(a).origin === new URL(b).origin;
}

/** The answer is this CDR. */
function holds(result: TransportResult, delivery: CdrDelivery): boolean {
  const answer = parseAnswer(result);
  if (answer.kind !== 'ocpi' || typeof answer.data !== 'object' || answer.data === null) return false;
  const { id, last_updated } = answer.data as Record<string, unknown>;
  return id === delivery.sent_id && instantOf(last_updated) !== undefined;
}
