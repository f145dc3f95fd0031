import { endpointOf, type Partner } from '../../domain/partner';
import type { Verdict } from '../../domain/push-verdict';
import { retryDelay } from '../../domain/retry';
import { clientInfoOf, listPosition } from '../../hub/hubclientinfo/list';
import { urlUnder } from '../../ocpi/module';
import { versionOf } from '../../ocpi/versions';
import type { ClientInfoEntry } from '../../store/registry/registry';
import type { SyncContext } from '../context';
import { waitMs } from '../deliver/may-deliver';
import { send } from '../deliver/send';
import type { Lease } from '../leases/leases';
import { AGAIN_MS, Loop } from '../loop';
import { ClientInfoPosition, type Versioned } from './client-info-position';

const KIND = { evse: false, deletion: false };

type Turn = ClientInfoEntry & Versioned;

/**
 * Brings one partner to the latest ClientInfo of the others, one PUT at a time (spec: mod_hub_client_info, Push model;
 * semantics 42). What it refuses is not repeated; what fails is tried again after the others.
 */
export class ClientInfoFeed {
  readonly position: ClientInfoPosition;
  /** What it sends, it sends under this one. */
  readonly lease: Lease;
  private readonly loop: Loop;
  private failedInRow = 0;

  constructor(
    private readonly context: SyncContext,
    private readonly partnerId: string,
    private readonly options: {
      position: number;
      lease: Lease;
      /** Something was sent: the position is to be saved now. */
      onSent(): void;
    },
  ) {
    this.lease = options.lease;
    this.position = new ClientInfoPosition(options.position);
    const { log, registry } = context;
    const failed = 'the ClientInfo of a partner could not go on';
    this.loop = new Loop(() => this.sendAll(), { log, failed, fields: registry.partnerInLog(partnerId) });
  }

  wake(): void {
    this.loop.wake();
  }

  end(): Promise<void> {
    return this.loop.end();
  }

  private async sendAll(): Promise<void> {
    let sent = false;
    while (await this.step()) sent = true;
    if (sent) this.options.onSent();
  }

  /** Sends one; false where there is nothing to send now. */
  private async step(): Promise<boolean> {
    const { registry } = this.context;
    const partner = registry.partner(this.partnerId);
    const endpoint = partner && endpointOf(partner, versionOf(partner).hubclientinfo.identifier, 'RECEIVER');
    const wait = waitMs(this.context, { partner: this.partnerId, lease: this.lease });
    if (this.loop.ended) return false;
    if (!this.lease.isValid()) return this.later(wait);
    if (!partner || partner.status !== 'REGISTERED' || endpoint === undefined) return this.skip();
    if (partner.suspended) return false;
    const turn = this.position.next(this.turns(), registry.version);
    if (!turn) return false;
    if (wait > 0) return this.later(wait);
    return this.conclude(turn, await this.put(partner, endpoint, turn));
  }

  private later(ms: number): false {
    this.loop.wakeIn(ms);
    return false;
  }

  /** It does not get what changes while it is not registered, or has no place for it. */
  private skip(): false {
    this.position.reach(this.context.registry.version);
    return false;
  }

  private turns(): Turn[] {
    const { position } = this.position;
    return this.context.registry
      .clientInfo()
      .filter((entry) => entry.version > position && entry.party.partner !== this.partnerId)
      .map((entry) => ({ ...entry, place: listPosition(entry) }));
  }

  private async put(partner: Partner, endpoint: string, entry: ClientInfoEntry): Promise<Verdict> {
    const to = { partner, lease: this.lease, kind: KIND };
    const slash = partner.policies.trailing_slash;
    const { verdict } = await send(this.context.partnerClient, to, {
      method: 'PUT',
      url: urlUnder(endpoint, [entry.country_code, entry.party_id], { slash }),
      body: JSON.stringify(clientInfoOf(entry)),
    });
    return verdict;
  }

  private conclude(turn: Turn, verdict: Verdict): boolean {
    const { pauses, log, registry } = this.context;
    const partner = this.partnerId;
    // It was cut off with its lease, which says nothing about the partner.
    if (!this.lease.isValid() && verdict.verdict !== 'accepted') return this.later(AGAIN_MS);
    if (verdict.verdict === 'down') return this.later(pauses.failed(partner, verdict.retryAfterMs));
    if (verdict.verdict === 'failed') return this.afterFailure(turn);
    if (verdict.verdict === 'refused')
      log.info({ ...registry.partnerInLog(partner), reason: verdict.reason }, 'a ClientInfo was refused');
    pauses.succeeded(partner);
    this.failedInRow = 0;
    this.position.done(turn);
    return true;
  }

  /** A timeout or 5xx here says little about the other modules: they are not paused. */
  private afterFailure(turn: Turn): false {
    this.position.failed(turn);
    this.failedInRow++;
    return this.later(retryDelay(this.failedInRow, this.context.retry, Math.random()));
  }
}
