import type { Logger } from 'pino';
import { endpointOf, type Partner } from '../../domain/partner';
import { verdictOf, type Verdict } from '../../domain/push-verdict';
import { retryDelay } from '../../domain/retry';
import { clientInfoOf, listPosition } from '../../hub/hubclientinfo/list';
import { urlUnder } from '../../ocpi/module';
import type { Pauses } from '../../partners/pauses';
import type { PartnerClient } from '../../partners/partner-client';
import type { ClientInfoEntry, Registry } from '../../store/registry/registry';
import { ClientInfoPosition, type Versioned } from './client-info-position';
import type { Lease } from '../leases/leases';
import { answerOf } from '../feed/push';

export interface ClientInfoParts {
  registry: Registry;
  client: PartnerClient;
  health: Pauses;
  log: Logger;
  retry: { minMs: number; maxMs: number };
  /** Something was sent: the position is to be saved now. */
  onSent(): void;
}

/** A lease that is in doubt is in force again with the next heartbeat, or gone. */
const LEASE_AGAIN_MS = 1000;

type Turn = ClientInfoEntry & Versioned;

/**
 * Brings one partner to the latest ClientInfo of the others, one PUT at a time (spec: mod_hub_client_info, Push model;
 * HUB-SEMANTICS 42). What it refuses is not repeated; what fails is tried again after the others.
 */
export class ClientInfoFeed {
  readonly place: ClientInfoPosition;
  /** What it sends, it sends under this one. */
  readonly lease: Lease;
  private running: Promise<void> | undefined;
  private again = false;
  private ended = false;
  private failedInRow = 0;
  private timer: NodeJS.Timeout | undefined;

  constructor(
    private readonly parts: ClientInfoParts,
    private readonly partnerId: string,
    options: { position: number; lease: Lease },
  ) {
    const { position, lease } = options;
    this.lease = lease;
    this.place = new ClientInfoPosition(position);
  }

  wake(): void {
    if (this.ended) return;
    this.again = true;
    this.running ??= this.run().finally(() => {
      this.running = undefined;
      if (this.again) this.wake();
    });
  }

  async end(): Promise<void> {
    this.ended = true;
    this.again = false;
    clearTimeout(this.timer);
    await this.running;
  }

  private async run(): Promise<void> {
    try {
      let sent = false;
      while (await this.step()) sent = true;
      if (sent) this.parts.onSent();
    } catch (error) {
      this.parts.log.warn({ err: error, partner: this.partnerId }, 'the ClientInfo of a partner stumbled');
      this.wakeIn(1000);
    }
  }

  private wakeIn(ms: number): void {
    clearTimeout(this.timer);
    this.timer = setTimeout(() => this.wake(), ms).unref();
  }

  /** Sends one; false where there is nothing to send now. */
  private async step(): Promise<boolean> {
    this.again = false;
    const { registry, health } = this.parts;
    const partner = registry.partner(this.partnerId);
    const endpoint = partner && endpointOf(partner, 'hubclientinfo', 'RECEIVER');
    if (this.ended) return false;
    if (!this.lease.isValid()) return this.later(LEASE_AGAIN_MS);
    if (!partner || partner.status !== 'REGISTERED' || endpoint === undefined) return this.skip();
    if (partner.suspended) return false;
    const turn = this.place.next(this.turns(), registry.version);
    if (!turn) return false;
    const paused = Math.max(health.pauseMs(partner.id), this.lease.waitMs);
    if (paused > 0) return this.later(paused);
    return this.conclude(turn, await this.put(partner, endpoint, turn));
  }

  private later(ms: number): false {
    if (this.ended) return false;
    this.wakeIn(ms);
    return false;
  }

  /** It does not get what changes while it is not registered, or has no place for it. */
  private skip(): false {
    this.place.reach(this.parts.registry.version);
    return false;
  }

  private turns(): Turn[] {
    const { position } = this.place;
    return this.parts.registry
      .clientInfo()
      .filter((entry) => entry.version > position && entry.party.partner !== this.partnerId)
      .map((entry) => ({ ...entry, place: listPosition(entry) }));
  }

  private async put(partner: Partner, endpoint: string, entry: ClientInfoEntry): Promise<Verdict> {
    const result = await this.parts.client.request(partner, {
      method: 'PUT',
      url: urlUnder(endpoint, [entry.country_code, entry.party_id]),
      body: JSON.stringify(clientInfoOf(entry)),
      permit: this.lease,
    });
    return verdictOf(answerOf(result), { evse: false, deletion: false });
  }

  private conclude(turn: Turn, verdict: Verdict): boolean {
    const { health, log } = this.parts;
    const partner = this.partnerId;
    // It was cut off with its lease, which says nothing about the partner.
    if (!this.lease.isValid() && verdict.verdict !== 'accepted') return this.later(LEASE_AGAIN_MS);
    if (verdict.verdict === 'down')
      return this.later(health.failed(partner, verdict.reason, verdict.retryAfterMs));
    if (verdict.verdict === 'failed') return this.afterFailure(turn, verdict.reason);
    if (verdict.verdict === 'refused')
      log.info({ partner, reason: verdict.reason }, 'a ClientInfo was refused');
    health.succeeded(partner);
    this.failedInRow = 0;
    this.place.done(turn);
    return true;
  }

  /** A timeout or 5xx here says little about the other modules: they are not paused. */
  private afterFailure(turn: Turn, reason: string): false {
    this.place.failed(turn);
    this.failedInRow++;
    this.parts.health.noted(this.partnerId, reason);
    return this.later(retryDelay(this.failedInRow, this.parts.retry, Math.random()));
  }
}
