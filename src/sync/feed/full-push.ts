import type { Change, ReceiverRow } from '../../store/feed/feed-store';
import type { SyncContext } from '../context';
import { Loop } from '../loop';
import type { WhatItMaySee } from './what-it-may-see';
import type { Walk } from './pending-object';
import type { Outbox } from './outbox';

/*
 * Walks over heads, a page at a time: the full push of a new receiver (its place is saved), and all objects of an
 * owner that became visible anew. Their entries fold into the same outbox as the changes that come meanwhile. Walks have
 * a loop of their own and take turns over all receivers: a change goes out at once, however many receivers are new.
 */

const PAGE = 200;
/** Sessions of a full push: those changed since the last success, with a margin for clocks, or written since then. */
const SESSION_MARGIN_MS = 24 * 3600 * 1000;

export interface FullPushOptions {
  outbox: Outbox;
  maySee: WhatItMaySee;
  /** May it go on now? */
  mayGoOn(): boolean;
  /** A page is in the outbox. */
  onPage(): void;
}

export class FullPush {
  private fullPush: Walk | undefined;
  private readonly loop: Loop;

  constructor(
    private readonly context: SyncContext,
    private readonly row: ReceiverRow,
    private readonly to: FullPushOptions,
  ) {
    const { log, registry } = context;
    const failed = 'the full push of a receiver could not go on';
    this.loop = new Loop(() => this.step(), {
      log,
      failed,
      fields: { party: registry.partyInLog(row.receiver) },
    });
    if (row.full_push !== null) this.beginFullPush(row.full_push);
  }

  private beginFullPush(after: string): void {
    this.fullPush = {
      ...walkFrom(after),
      owners: undefined,
      before: undefined,
      correlation_id: `full-push-${this.row.receiver}-${this.row.fence}`,
    };
    this.to.outbox.walks.push(this.fullPush);
  }

  /** The place of the full push under way; null where there is none. */
  get place(): string | null {
    return this.fullPush ? this.fullPush.after : null;
  }

  /**
   * All objects of an owner. A walk that has not begun takes the owner along: five hundred parties that register
   * together cost each receiver one walk, and a full push that has not begun brings all of them anyway.
   */
  ofOwner({ owner, correlation_id }: Change): void {
    if (owner === this.row.receiver) return;
    const { walks, read } = this.to.outbox;
    const waiting = walks.at(-1);
    if (!waiting || waiting.begun)
      walks.push({
        ...walkFrom('0'),
        owners: new Map([[owner, correlation_id]]),
        before: read,
        correlation_id,
      });
    else waiting.owners?.set(owner, correlation_id);
  }

  /** There may be a page to read. */
  wake(): void {
    if (this.due()) this.loop.wake();
  }

  /** Reads no further page; resolves when the one under way is read. */
  stop(): Promise<void> {
    return this.loop.end();
  }

  /** Takes the walk at the front a page further, once its page under way is done. One page a step. */
  private async step(): Promise<void> {
    const walk = this.due();
    if (!walk || !this.to.mayGoOn()) return;
    walk.after = walk.pageEnd;
    if (walk.last) this.end(walk);
    else await this.context.walking(() => this.page(walk));
    this.to.onPage();
  }

  /** The walk at the front, where its page under way is done. */
  private due(): Walk | undefined {
    const walk = this.to.outbox.walks[0];
    return walk?.outstanding === 0 ? walk : undefined;
  }

  private end(walk: Walk): void {
    this.to.outbox.walks.shift();
    if (walk === this.fullPush) this.fullPush = undefined;
  }

  private async page(walk: Walk): Promise<void> {
    const { outbox, maySee } = this.to;
    if (!this.to.mayGoOn()) return;
    walk.begun = true;
    const modules = [...maySee.modules()].filter((m) => m.push === 'PUT').map((m) => m.number);
    const heads = await this.context.feedStore.walkHeads({
      after: walk.after,
      modules,
      owners: walk.owners
        ? [...walk.owners.keys()]
        : this.context.registry.parties().map((party) => party.number),
      limit: PAGE,
      counterpart: this.row.receiver,
      since: this.row.last_success && new Date(this.row.last_success.getTime() - SESSION_MARGIN_MS),
      passed: this.row.full_push_since,
    });
    for (const head of heads) if (maySee.concerns(head)) outbox.addWalked(walk, head);
    walk.pageEnd = heads.at(-1)?.head_id ?? walk.after;
    walk.last = heads.length < PAGE;
  }
}

/** A walk that begins behind a head; '0': at the first. */
const walkFrom = (after: string): Pick<Walk, 'begun' | 'after' | 'outstanding' | 'pageEnd' | 'last'> => ({
  begun: after !== '0',
  after,
  outstanding: 0,
  pageEnd: after,
  last: false,
});
