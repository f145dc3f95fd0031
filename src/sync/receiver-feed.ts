import type { Logger } from 'pino';
import { verdictOf, type PushAnswer, type Verdict } from '../domain/push-verdict';
import { isLive, type Party } from '../domain/party';
import { endpointOf, isConnected, type Partner } from '../domain/partner';
import { maySee, MODULE_NUMBERS, moduleName, mayReceive, type OwnedModule } from '../domain/visibility';
import type { Health } from '../partners/health';
import type { PartnerClient } from '../partners/partner-client';
import { parseAnswer } from '../partners/answers';
import { routingHeaders } from '../ocpi/headers';
import type { Change, FeedStore, ReceiverRow, SavedPosition } from '../store/feed-store';
import type { Registry } from '../store/registry';
import type { ChangeReader } from './change-reader';
import { Outbox, type Entry, type Scan } from './outbox';
import { foldParts, partRequest, wholeRequest, type PushRequest, type PushTarget } from './push-request';
import type { StateReader } from './state-reader';

/*
 * Brings one receiver (a party) to the latest state of everything that it may see. It reads the changes behind its
 * position, folds them, and pushes with bounded concurrency, one push at a time per object. A receiver that is down is
 * paused as a whole; an object that it refuses, or that fails three times while others pass, is set aside and holds
 * back nobody. DESIGN.md, The feed.
 */

const CONCURRENCY = 4;
const READ_PAGE = 500;
/** Beyond this many unsent objects no more changes are read. */
const OUTBOX_FULL = 2000;
const SCAN_PAGE = 200;
const TRIES = 3;
/** Sessions of a full push: those changed since the last success, with a margin for clocks. */
const SESSION_MARGIN_MS = 24 * 3600 * 1000;

export interface FeedParts {
  store: FeedStore;
  registry: Registry;
  client: PartnerClient;
  health: Health;
  changes: ChangeReader;
  states: StateReader;
  log: Logger;
  /** A CDR for this receiver waits. */
  onCdr(receiver: number): void;
}

export class ReceiverFeed {
  readonly outbox: Outbox;
  private fullPush: Scan | undefined;
  private lastSuccess: Date | null;
  private pumping = false;
  private again = false;
  private ended = false;
  private timer: NodeJS.Timeout | undefined;
  private idle: (() => void)[] = [];
  /** Objects that failed since the last success of any: while nothing passes it is the receiver, not the object. */
  private successes = 0;
  private failedInRow = 0;
  private setAsideIds = new Set<string>();
  private visibleVersion = -1;
  private modules = new Set<OwnedModule>();

  constructor(
    private readonly parts: FeedParts,
    readonly row: ReceiverRow,
  ) {
    this.outbox = new Outbox(row.position);
    this.lastSuccess = row.last_success;
    if (row.full_push !== null) this.beginFullPush(row.full_push);
  }

  private beginFullPush(after: string): void {
    this.fullPush = {
      ...{ owner: undefined, after, outstanding: 0, pageEnd: after, last: false, before: undefined },
      correlation_id: `full-push-${this.row.receiver}-${this.row.fence}`,
    };
    this.outbox.scans.push(this.fullPush);
  }

  get party(): Party | undefined {
    return this.parts.registry.partyByNumber(this.row.receiver);
  }

  get partner(): Partner | undefined {
    return this.parts.registry.partner(this.row.partner_id);
  }

  /** What is to be saved of it. */
  toSave(): SavedPosition {
    return {
      receiver: this.row.receiver,
      position: this.outbox.position(),
      full_push: this.fullPush ? this.fullPush.after : null,
      fence: this.row.fence,
      last_success: this.lastSuccess,
    };
  }

  /** Something may be there to do. */
  wake(): void {
    if (this.ended) return;
    if (this.pumping) this.again = true;
    else void this.pump();
  }

  /** Begins nothing new; resolves when what is under way has ended. */
  async end(): Promise<void> {
    this.ended = true;
    clearTimeout(this.timer);
    while (this.outbox.inFlight.size > 0 || this.pumping) await new Promise<void>((resolve) => this.idle.push(resolve));
  }

  private settleIdle(): void {
    const waiting = this.idle;
    this.idle = [];
    for (const resolve of waiting) resolve();
  }

  private async pump(): Promise<void> {
    this.pumping = true;
    try {
      do {
        this.again = false;
        await this.fill();
        this.startPushes();
      } while (this.again && !this.ended);
    } catch (error) {
      this.parts.log.warn({ err: error, receiver: this.row.receiver }, 'the feed of a receiver stumbled');
      this.wakeIn(1000);
    } finally {
      this.pumping = false;
      this.settleIdle();
    }
  }

  private wakeIn(ms: number): void {
    clearTimeout(this.timer);
    this.timer = setTimeout(() => this.wake(), ms);
    this.timer.unref();
  }

  private mayPush(): boolean {
    const { party, partner } = this;
    return !this.ended && party !== undefined && partner !== undefined && isLive(party) && isConnected(partner);
  }

  private async fill(): Promise<void> {
    while (this.mayPush() && this.outbox.size < OUTBOX_FULL) {
      const changes = await this.parts.changes.after(this.outbox.read, READ_PAGE);
      for (const change of changes) this.take(change);
      if (changes.length === 0) break;
    }
    await this.fillFromScans();
  }

  private take(change: Change): void {
    const head_id = change.head_id;
    if (head_id === null) this.scanOwner(change);
    else if (this.concerns(change)) {
      if (change.module === MODULE_NUMBERS.cdrs) this.parts.onCdr(this.row.receiver);
      else this.outbox.add({ ...change, head_id });
    }
    this.outbox.read = { xid: change.xid, number: change.number };
  }

  /** Under policy broadcast: "platform" only a platform's first fitting party is a receiver. */
  private receivesModules(): Set<OwnedModule> {
    const { registry } = this.parts;
    if (this.visibleVersion === registry.version) return this.modules;
    this.visibleVersion = registry.version;
    this.modules = new Set();
    const { party, partner } = this;
    if (!party || !partner) return this.modules;
    for (const module of ['locations', 'tariffs', 'tokens'] as const) {
      const first = partner.parties.find((p) => isLive(p) && mayReceive(p, module));
      const chosen = partner.policies.broadcast === 'party' || first?.number === party.number;
      if (chosen && mayReceive(party, module) && endpointOf(partner, module, 'RECEIVER')) this.modules.add(module);
    }
    for (const module of ['sessions', 'cdrs'] as const) {
      if (endpointOf(partner, module, 'RECEIVER')) this.modules.add(module);
    }
    return this.modules;
  }

  private concerns(object: { module: number; owner: number; counterpart: number | null; receiver?: number | null }): boolean {
    const module = moduleName(object.module);
    const owner = this.parts.registry.partyByNumber(object.owner);
    const party = this.party;
    if (!module || !owner || !party || owner.partner === this.row.partner_id) return false;
    if (object.receiver !== undefined && object.receiver !== null && object.receiver !== party.number) return false;
    if (!this.receivesModules().has(module)) return false;
    return maySee(party, { module, owner, counterpart: object.counterpart });
  }

  private scanOwner(change: Change): void {
    if (change.owner === this.row.receiver) return;
    this.outbox.scans.push({
      ...{ owner: change.owner, after: '0', outstanding: 0, pageEnd: '0', last: false },
      before: this.outbox.read,
      correlation_id: change.correlation_id,
    });
  }

  /** Takes the scan at the front a page further, once its page under way is done. */
  private async fillFromScans(): Promise<void> {
    for (let scan = this.outbox.scans[0]; scan && this.mayPush() && scan.outstanding === 0; scan = this.outbox.scans[0]) {
      scan.after = scan.pageEnd;
      if (scan.last) this.endScan(scan);
      else await this.scanPage(scan);
    }
  }

  private endScan(scan: Scan): void {
    this.outbox.scans.shift();
    if (scan === this.fullPush) this.fullPush = undefined;
  }

  private async scanPage(scan: Scan): Promise<void> {
    const modules = [...this.receivesModules()].filter((m) => m !== 'cdrs').map((m) => MODULE_NUMBERS[m]);
    const owners = scan.owner === undefined ? this.parts.registry.parties().map((p) => p.number) : [scan.owner];
    const since = this.row.last_success ? new Date(this.row.last_success.getTime() - SESSION_MARGIN_MS) : null;
    const heads = await this.parts.store.scanHeads({
      ...{ after: scan.after, modules, owners, since, limit: SCAN_PAGE },
      counterpart: this.row.receiver,
    });
    for (const head of heads) if (this.concerns(head)) this.outbox.addScanned(scan, head);
    scan.pageEnd = heads.at(-1)?.head_id ?? scan.after;
    scan.last = heads.length < SCAN_PAGE;
  }

  private startPushes(): void {
    const { health } = this.parts;
    if (!this.mayPush() || this.outbox.pending.size === 0) return;
    const paused = health.of(this.row.partner_id).pausedUntil - Date.now();
    if (paused > 0) return this.wakeIn(paused);
    // After a pause one push alone shows whether the receiver is back.
    const lanes = health.of(this.row.partner_id).failuresInRow > 0 ? 1 : CONCURRENCY;
    while (this.outbox.inFlight.size < lanes) {
      const entry = this.outbox.take();
      if (!entry) return;
      entry.mark = this.successes;
      void this.push(entry);
    }
  }

  private async push(entry: Entry): Promise<void> {
    try {
      this.conclude(entry, await this.pushEntry(entry));
    } catch (error) {
      this.parts.log.warn({ err: error, receiver: this.row.receiver, head: entry.head_id }, 'a push could not be made');
      this.outbox.giveBack(entry);
      this.wakeIn(1000);
    }
    this.settleIdle();
  }

  private conclude(entry: Entry, verdict: Verdict): void {
    const partner = this.row.partner_id;
    switch (verdict.verdict) {
      case 'accepted':
        this.passed();
        this.outbox.done(entry);
        if (this.setAsideIds.delete(entry.head_id) || entry.attempts > 0) this.clearAside(entry);
        return this.wake();
      case 'locationUnknown':
        this.passed();
        entry.whole = true;
        this.outbox.giveBack(entry);
        return this.wake();
      case 'refused':
        this.passed();
        return this.setAside(entry, verdict.reason);
      case 'down':
        this.outbox.giveBack(entry);
        return this.wakeIn(this.paused(partner, verdict.reason));
      case 'failed':
        return this.afterFailure(entry, verdict.reason);
    }
  }

  private passed(): void {
    this.successes++;
    this.failedInRow = 0;
    this.lastSuccess = new Date();
    this.parts.health.succeeded(this.row.partner_id);
  }

  private paused(partner: string, reason: string): number {
    void this.parts.store.saveError(this.row.receiver, reason).catch(() => undefined);
    this.parts.log.info({ partner, reason }, 'a partner is down, its pushes wait');
    return this.parts.health.failed(partner, reason);
  }

  /** A timeout or 5xx: the object's fault where others pass, the receiver's where nothing does. */
  private afterFailure(entry: Entry, reason: string): void {
    this.parts.health.noted(this.row.partner_id, reason);
    entry.attempts++;
    entry.othersPassed ||= this.successes > entry.mark;
    this.failedInRow++;
    if (entry.attempts >= TRIES && entry.othersPassed) return this.setAside(entry, reason);
    this.outbox.giveBack(entry);
    const othersToTry = this.outbox.size > 1 && this.failedInRow < TRIES;
    if (othersToTry) return this.wake();
    this.wakeIn(this.paused(this.row.partner_id, reason));
  }

  private setAside(entry: Entry, error: string): void {
    const parts = entry.whole ? [''] : [...entry.parts];
    const rows = parts.map((part) => ({ receiver: this.row.receiver, head_id: entry.head_id, part, attempts: entry.attempts + 1, error }));
    this.setAsideIds.add(entry.head_id);
    void this.parts.store.saveError(this.row.receiver, error).catch(() => undefined);
    Promise.all(rows.map((row) => this.parts.store.setAside(row))).then(
      () => {
        this.outbox.done(entry);
        this.settleIdle();
        this.wake();
      },
      () => {
        this.outbox.giveBack(entry);
        this.wakeIn(1000);
      },
    );
  }

  private clearAside(entry: Entry): void {
    void this.parts.store.clearAside(this.row.receiver, entry.head_id).catch(() => undefined);
  }

  private targetOf(entry: Entry): PushTarget | undefined {
    const module = moduleName(entry.module);
    const owner = this.parts.registry.partyByNumber(entry.owner);
    const endpoint = module && this.partner && endpointOf(this.partner, module, 'RECEIVER');
    if (!module || !owner || !endpoint) return undefined;
    return { endpoint, module, owner };
  }

  private async pushEntry(entry: Entry): Promise<Verdict> {
    const target = this.targetOf(entry);
    if (!target) return { verdict: 'accepted' };
    if (entry.whole) {
      const state = await this.parts.states.read(entry.head_id, null, entry.version);
      return this.send(entry, state && wholeRequest(target, state));
    }
    return this.pushParts(entry, target);
  }

  private async pushParts(entry: Entry, target: PushTarget): Promise<Verdict> {
    for (const part of foldParts(entry.parts)) {
      const state = await this.parts.states.read(entry.head_id, part.evse, entry.version);
      const verdict = await this.send(entry, state && partRequest(target, state, part.connector));
      if (verdict.verdict !== 'accepted') return verdict;
    }
    return { verdict: 'accepted' };
  }

  /** Nothing to send (gone meanwhile) counts as done: what removed it is a change of its own. */
  private async send(entry: Entry, request: PushRequest | undefined): Promise<Verdict> {
    const { party, partner } = this;
    if (!request || !party || !partner) return { verdict: 'accepted' };
    const result = await this.parts.client.request(partner, {
      ...{ method: request.method, url: request.url, body: request.body },
      headers: routingHeaders({ to: party, from: this.parts.registry.hub }),
      correlationId: entry.correlation_id,
    });
    return verdictOf(answerOf(result), { evse: request.evse, deletion: request.method === 'DELETE' });
  }
}

/** The transport's result as the verdict sees it. */
export function answerOf(result: Awaited<ReturnType<PartnerClient['request']>>): PushAnswer {
  if (!result.ok) {
    const kind = result.failure.kind === 'timeout' ? 'timeout' : 'unreachable';
    return { answered: false, kind, failure: `${result.failure.kind}: ${result.failure.detail}` };
  }
  const { status_code, status_message } = parseAnswer(result);
  return { answered: true, http: result.status, status_code, status_message };
}
