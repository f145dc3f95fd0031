import { aliveLimits, aliveStep, isCalling, type AliveLimits, type Reach } from '../../domain/alive';
import { partnerInLog } from '../../domain/partner';
import type { SyncContext } from '../context';
import { Loop } from '../loop';
import { describeAnswer, type Answer } from '../../partners/partner-client';
import { readReach, type ReachRow } from '../../store/alive/sql';
import { setReach } from '../../store/registry/parties';
import { lockRegistration } from '../../store/registry/registrations';

/*
 * A driver must not be sent to a partner that is gone. The watch reads what all processes saw of the partners that this
 * process leases, asks a silent one for its versions, and makes its parties OFFLINE or CONNECTED. The decision is pure
 * (domain/alive) and is taken again under a lock before it is written.
 */

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
  /** What is looked at next. */
  private readonly due = new Set<string>();
  private readonly loop: Loop;
  private readonly ticks: Loop;

  /** @param onBack a partner is back: what waits for it may go out */
  constructor(
    private readonly context: SyncContext,
    private readonly onBack: (partner: string) => void,
  ) {
    const { log, config } = context;
    this.limits = aliveLimits(config.aliveCheckS);
    this.loop = new Loop(() => this.lookAtDue(), { log, failed: 'the alive checks failed' });
    this.ticks = new Loop(() => this.tick(), { log, failed: 'the alive checks failed' });
  }

  start(): void {
    this.context.contacts.onNews((partners) => this.look(partners));
    this.ticks.every(Math.min(LONGEST_TICK_MS, (this.context.config.aliveCheckS * 1000) / 4));
  }

  /** Begins no more checks and cuts off those under way. */
  async end(): Promise<void> {
    this.stop.abort();
    await this.ticks.end();
    await this.loop.end();
    await Promise.all(this.checking.values());
  }

  private tick(): void {
    const { registry, leases } = this.context;
    for (const partner of this.checked.keys()) if (!registry.partner(partner)) this.checked.delete(partner);
    this.look(leases.all());
  }

  /** Looks at these as soon as the last look has ended. */
  private look(partners: readonly string[]): void {
    for (const partner of partners) this.due.add(partner);
    if (partners.length > 0) this.loop.wake();
  }

  private lookAtDue(): Promise<void> {
    const due = [...this.due].filter((partner) => this.context.leases.holds(partner));
    this.due.clear();
    return this.lookNow(due);
  }

  private async lookNow(partners: readonly string[]): Promise<void> {
    if (this.stop.signal.aborted || partners.length === 0) return;
    for (const row of await readReach(this.context.database.pool, partners)) {
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
      .catch((error: unknown) => {
        const { log, registry } = this.context;
        log.warn({ err: error, ...registry.partnerInLog(partner) }, 'an alive check failed');
      })
      .finally(() => this.checking.delete(partner));
    this.checking.set(partner, check);
  }

  private async check(id: string): Promise<void> {
    const partner = this.context.registry.partner(id);
    if (!partner || partner.versions_url === null) return;
    const { signal } = this.stop;
    const answer = await this.context.partnerClient.getJson(partner, { url: partner.versions_url, signal });
    if (signal.aborted) return;
    const reason = describeAnswer(answer);
    const passed = isAlive(answer);
    const failed = passed ? 0 : (this.checked.get(id)?.failed ?? 0) + 1;
    this.checked.set(id, { at: performance.now(), failed, reason });
    const fields = { ...partnerInLog(partner), passed, reason };
    this.context.log.debug(fields, 'checked whether a partner is alive');
    await this.context.contacts.save();
    this.look([id]);
  }

  /** Decided again on what is committed, the platform's row locked, so that nothing newer is overwritten. */
  private async settle(partnerId: string, step: 'online' | 'offline'): Promise<void> {
    const changed = await this.context.registry.write(async ({ client }) => {
      await lockRegistration(client, partnerId);
      const row = (await readReach(client, [partnerId]))[0];
      const reach = row && this.reachOf(row);
      if (!reach || aliveStep(reach, this.limits) !== step) return false;
      const status = step === 'online' ? 'CONNECTED' : 'OFFLINE';
      const calling = step === 'offline' && isCalling(reach);
      return setReach(client, { partnerId, status, calling, holder: this.context.leases.holder });
    });
    if (!changed) return;
    this.tell(partnerId, step);
    if (step === 'online') this.onBack(partnerId);
  }

  private tell(partnerId: string, step: 'online' | 'offline'): void {
    const { log, registry } = this.context;
    const partner = registry.partnerInLog(partnerId);
    const reason = this.checked.get(partnerId)?.reason;
    if (step === 'online') log.info(partner, 'partner is CONNECTED again');
    else log.info({ ...partner, reason }, 'partner is OFFLINE');
  }
}

/** OCPI's answer to a GET of the versions; one that is asked too often is there. */
function isAlive(answer: Answer): boolean {
  if (answer.kind === 'failure') return false;
  return answer.http === 429 || (answer.kind === 'ocpi' && answer.success);
}
