import { nextPage, type PageCursor, type ListStart, behindUnreadable } from '../../domain/page-cursor';
import { instantOf, toTimestamp } from '../../domain/instants';
import { isConnected } from '../../domain/partner';
import { retryDelay } from '../../domain/retry';
import { handleGone } from './gone';
import { Seen } from './seen';
import { sortPage, takePage, type PulledFrom, type SortedPage } from './take-page';
import type { Page, PageFailure } from '../../partners/page-reader';
import type { PullKey, PullRunRow, PullStore } from '../../store/pull/pull-store';
import type { SyncContext } from '../context';
import { PullPages, type Asked } from './pull-pages';

/*
 * One pull of one list, page by page: the next page is asked for while the last one is stored, and the cursor behind a
 * page is saved when its objects are committed, so that whoever goes on begins there. What stops it (the process, the
 * lease, the partner) leaves it is; what fails is tried again from the same cursor later.
 */

const DAY_S = 24 * 3600;
/** So many objects in a row that cannot be read are no object's fault: the pull fails. */
const MOST_UNREADABLE = 20;
/** The cursor behind the last page. */
const END = 'end';

/** Clocks that differ by less do no harm: a delta asks for what changed so long before the last pull began, too. */
export const OVERLAP_S = 300;

/** The list that is pulled, how far it got, and what cuts it off. */
interface Pulled {
  key: PullKey;
  run: PullRunRow;
  signal: AbortSignal;
}

export class PullRun {
  private readonly key: PullKey;
  private readonly run: PullRunRow;
  private readonly signal: AbortSignal;
  private readonly start: ListStart;
  private readonly pages: PullPages;
  private seen = new Seen();
  private objects: number;
  private total: number | undefined;
  private totalChanged: boolean;
  private failures: number;
  /** Objects in a row that could not be read. */
  private unreadable = 0;

  constructor(
    private readonly context: SyncContext,
    private readonly store: PullStore,
    { key, run, signal }: Pulled,
  ) {
    this.key = key;
    this.run = run;
    this.signal = signal;
    this.start = { endpoint: run.endpoint, date_from: run.date_from ?? undefined };
    this.pages = new PullPages(context, key, { start: this.start, signal });
    this.objects = run.objects;
    this.total = run.total ?? undefined;
    this.totalChanged = run.total_changed;
    this.failures = run.failures;
  }

  /** Resolves when it has ended, one way or the other. @throws where the database is away */
  async pull(): Promise<void> {
    const { cursor: saved, kind, pages } = this.run;
    if (kind === 'full' && pages > 0) this.seen = new Seen(await this.store.seen(this.key));
    if (saved === END) return this.end();
    const cursor = saved === null ? this.pages.first() : (JSON.parse(saved) as PageCursor);
    let asked: Promise<Asked> | undefined = this.pages.ask(cursor);
    while (asked) {
      const begin = performance.now();
      const { cursor: at, answer } = await asked;
      if (!this.goesOn()) return;
      if (answer.kind === 'failure') {
        if (!answer.unreadable || this.unreadable >= MOST_UNREADABLE) return this.fail(at, answer);
        asked = this.passOver(at, answer);
        continue;
      }
      const taken = await this.take(at, answer, performance.now() - begin);
      if (!taken) return;
      asked = taken.next;
    }
    return this.end();
  }

  /** One object cannot be read: it is a finding, and the list goes on behind it. */
  private passOver(cursor: PageCursor, { total }: PageFailure): Promise<Asked> | undefined {
    this.unreadable++;
    const example_id = `offset ${cursor.offset}`;
    const finding = { path: '$', rule: 'must be JSON', example_id };
    this.context.findings.record(this.key.partner_id, this.key.module.identifier, [finding]);
    const next = behindUnreadable(this.start, cursor, total);
    return next && this.pages.ask(next);
  }

  private goesOn(): boolean {
    const { leases, pauses, registry } = this.context;
    const partner = registry.partner(this.key.partner_id);
    const mayGoOn = partner !== undefined && isConnected(partner) && !pauses.isPaused(partner.id);
    return mayGoOn && !this.signal.aborted && leases.holds(this.key.partner_id);
  }

  private from(): PulledFrom | undefined {
    const partner = this.context.registry.partner(this.key.partner_id);
    const { module } = this.key;
    return (
      partner && { partner, module, began: this.run.began_xid, correlation_id: this.pages.correlationId }
    );
  }

  /** Stores a page while the next one is on its way; undefined where the pull is not ours any more. */
  private async take(
    cursor: PageCursor,
    page: Page,
    download_ms: number,
  ): Promise<{ next: Promise<Asked> | undefined } | undefined> {
    const begin = performance.now();
    const { context, store } = this;
    const from = this.from();
    if (!from) return undefined;
    const sorted = sortPage(context, from, { page, seen: this.seen });
    const { link, total } = page;
    const fresh = sorted.objects.length;
    const next = nextPage(this.start, cursor, { count: page.objects.length, fresh, link, total });
    const asked = next && this.pages.ask(next);
    asked?.catch(() => undefined); // awaited when this page is stored; until then a failure has nobody
    const sort_ms = performance.now() - begin;
    const taken = await takePage(context, from, sorted.objects);
    this.count(sorted, page);
    this.failures = 0;
    this.unreadable = 0;
    const saved = await store.savePage(this.key, this.run.run, {
      cursor: next ? JSON.stringify(next) : END,
      objects: fresh,
      total: page.total,
      download_ms,
      stored: taken.stored,
      unchanged: taken.unchanged,
      refused: taken.refused + sorted.refused,
      check_ms: sort_ms + taken.check_ms,
      write_ms: taken.write_ms,
      keys: this.run.kind === 'full' ? sorted.keys : null,
      clock: clockOf(page),
    });
    return saved ? { next: asked } : undefined;
  }

  private count(sorted: SortedPage, page: Page): void {
    if (this.total !== undefined && this.total !== page.total) this.totalChanged = true;
    this.total = page.total;
    this.objects += sorted.objects.length;
  }

  /** The list ended: what a whole full pull did not see any more is gone. */
  private async end(): Promise<void> {
    const { context, store } = this;
    const whole = this.run.kind === 'full' && !this.totalChanged && this.total === this.objects;
    const { began_xid: began, date_from, confirm_removals: confirmed } = this.run;
    const of = { module: this.key.module, owner: this.key.party, began, date_from };
    const gone = whole ? await handleGone(context, { ...of, seen: this.seen, confirmed }) : undefined;
    if (gone) await store.saveGone(this.key, gone.objects, gone.removed);
    await store.end(this.key, this.run.run, {
      gone: gone?.count ?? 0,
      nextS: splayed(context.config.pullIntervalS, 0.1),
      nextFullS: splayed(DAY_S, 0.05),
      confirmed: whole,
    });
    const { kind } = this.run;
    context.log.info({ ...this.inLog(), kind, objects: this.objects, gone: gone?.count }, 'pulled');
  }

  private async fail(cursor: PageCursor, failure: PageFailure): Promise<void> {
    const { store } = this;
    const { config, log } = this.context;
    const { partner_id: partner } = this.key;
    const { reason, refused, retryAfterS } = failure;
    const bounds = {
      minMs: config.retryMinMs,
      maxMs: Math.max(config.retryMinMs, config.pullIntervalS * 1000),
    };
    const againS = retryAfterS ?? retryDelay(this.failures + 1, bounds, Math.random()) / 1000;
    // a link that leads nowhere any more: from the beginning
    const again = refused ? null : JSON.stringify(cursor);
    await store.fail(this.key, this.run.run, { error: reason, againS, cursor: again });
    if (retryAfterS !== undefined) await store.holdBack(partner, retryAfterS);
    log.info({ ...this.inLog(), reason, againS }, 'a pull failed');
  }

  private inLog(): object {
    const { registry } = this.context;
    const { partner_id, party, module } = this.key;
    return {
      ...registry.partnerInLog(partner_id),
      party: registry.partyInLog(party),
      module: module.identifier,
    };
  }
}

const splayed = (seconds: number, share: number): number =>
  Math.max(1, Math.round(seconds * (1 - share + 2 * share * Math.random())));

function clockOf(page: Page): string | null {
  const micros = instantOf(page.timestamp);
  return micros === undefined ? null : toTimestamp(micros);
}
