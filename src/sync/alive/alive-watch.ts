import type { Logger } from 'pino';
import { aliveLimits, aliveStep, isCalling, type AliveLimits, type Reach } from '../../domain/alive';
import { describeAnswer, type Answer, type PartnerClient } from '../../partners/partner-client';
import type { Contacts } from '../../store/alive/contacts';
import { readReach, type ReachRow } from '../../store/alive/sql';
import type { Database } from '../../store/database';
import type { Registry } from '../../store/registry/registry';
import { setReach } from '../../store/registry/parties';
import { lockRegistration } from '../../store/registry/registrations';
import type { Leases } from '../leases/leases';

export interface AliveParts {
  database: Database;
  registry: Registry;
  client: PartnerClient;
  contacts: Contacts;
  leases: Leases;
  log: Logger;
  aliveCheckS: number;
  /** It is back: what waits for it may go out. */
  onBack(partner: string): void;
}

/** Checks under way at once. */
const AT_ONCE = 16;
const LONGEST_TICK_MS = 2000;

/**
 * Makes the parties of the platforms that this process leases CONNECTED or OFFLINE: reads what all processes saw of
 * them, checks whether they are alive where domain/alive asks for it, and writes what it says.
 */
export class AliveWatch {
  private readonly limits: AliveLimits;
  /** When a platform was last checked (performance.now()), and how many checks in a row have failed. */
  private readonly checked = new Map<string, { at: number; failed: number; reason: string }>();
  private readonly checking = new Map<string, Promise<void>>();
  private readonly stop = new AbortController();
  private looking: Promise<void> = Promise.resolve();
  private timer: NodeJS.Timeout | undefined;

  constructor(private readonly parts: AliveParts) {
    this.limits = aliveLimits(parts.aliveCheckS);
  }

  start(): void {
    this.parts.contacts.onNews((partners) => this.look(partners));
    const ms = Math.min(LONGEST_TICK_MS, (this.parts.aliveCheckS * 1000) / 4);
    this.timer = setInterval(() => this.tick(), ms).unref();
  }

  /** Begins no more checks and cuts off those under way. */
  async end(): Promise<void> {
    clearInterval(this.timer);
    this.stop.abort();
    await this.looking;
    await Promise.all(this.checking.values());
    await this.looking;
  }

  private tick(): void {
    const leased = this.parts.leases.all();
    for (const partner of this.checked.keys())
      if (!this.parts.registry.partner(partner)) this.checked.delete(partner);
    if (leased.length > 0) this.look(leased);
  }

  /** Looks at these as soon as the last look has ended. */
  private look(partners: readonly string[]): void {
    this.looking = this.looking
      .then(() => this.lookNow(partners.filter((partner) => this.parts.leases.holds(partner))))
      .catch((error: unknown) => this.parts.log.warn({ err: error }, 'the alive checks stumbled'));
  }

  private async lookNow(partners: readonly string[]): Promise<void> {
    if (this.stop.signal.aborted || partners.length === 0) return;
    for (const row of await readReach(this.parts.database.pool, partners)) {
      const step = aliveStep(this.reachOf(row), this.limits);
      if (step === 'check') this.begin(row.partner_id);
      else if (step !== 'rest') await this.settle(row.partner_id, step);
    }
  }

  private reachOf(row: ReachRow): Reach {
    const check = this.checked.get(row.partner_id);
    const never = Number.POSITIVE_INFINITY;
    return {
      status: row.offline ? 'OFFLINE' : 'CONNECTED',
      statusS: row.status_s,
      heardS: row.heard_s ?? never,
      successS: row.success_s ?? never,
      failures: row.failures,
      failingS: row.failing_s ?? 0,
      calling: row.calling,
      checkS: check ? (performance.now() - check.at) / 1000 : never,
      checksFailed: check?.failed ?? 0,
    };
  }

  private begin(partner: string): void {
    if (this.checking.has(partner) || this.checking.size >= AT_ONCE) return;
    const check = this.check(partner)
      .catch((error: unknown) => this.parts.log.warn({ err: error, partner }, 'an alive check stumbled'))
      .finally(() => this.checking.delete(partner));
    this.checking.set(partner, check);
  }

  private async check(id: string): Promise<void> {
    const partner = this.parts.registry.partner(id);
    if (!partner || partner.versions_url === null) return;
    const { signal } = this.stop;
    const answer = await this.parts.client.getJson(partner, { url: partner.versions_url, signal });
    if (signal.aborted) return;
    const reason = describeAnswer(answer);
    const passed = isAlive(answer);
    const failed = passed ? 0 : (this.checked.get(id)?.failed ?? 0) + 1;
    this.checked.set(id, { at: performance.now(), failed, reason });
    this.parts.log.debug({ partner: id, passed, reason }, 'checked whether a partner is alive');
    await this.parts.contacts.save();
    this.look([id]);
  }

  /** Decided again on what is committed, the platform's row locked, so that nothing newer is overwritten. */
  private async settle(partnerId: string, step: 'online' | 'offline'): Promise<void> {
    const changed = await this.parts.registry.write(async ({ client }) => {
      await lockRegistration(client, partnerId);
      const row = (await readReach(client, [partnerId]))[0];
      const reach = row && this.reachOf(row);
      if (!reach || aliveStep(reach, this.limits) !== step) return false;
      const status = step === 'online' ? 'CONNECTED' : 'OFFLINE';
      const calling = step === 'offline' && isCalling(reach);
      return setReach(client, { partnerId, status, calling, holder: this.parts.leases.holder });
    });
    if (!changed) return;
    const reason = this.checked.get(partnerId)?.reason;
    this.parts.log.info(
      { partner: partnerId, ...(step === 'offline' && { reason }) },
      `a partner is ${step}`,
    );
    if (step === 'online') this.parts.onBack(partnerId);
  }
}

/** OCPI's answer to a GET of the versions; one that is asked too often is there. */
function isAlive(answer: Answer): boolean {
  if (answer.kind === 'failure') return false;
  return answer.http === 429 || (answer.kind === 'ocpi' && answer.success);
}
