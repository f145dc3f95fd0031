import type { Change, ReceiverRow } from '../../store/feed/feed-store';
import type { SyncContext } from '../context';
import type { WhatItMaySee } from './what-it-may-see';
import type { Walk } from './pending-object';
import type { Outbox } from './outbox';

/*
 * Walks over heads, a page at a time: the full push of a new receiver (its place is saved), and all objects of an
 * owner that became visible anew. Their entries fold into the same outbox as the changes that come meanwhile.
 */

const PAGE = 200;
/** Sessions of a full push: those changed since the last success, with a margin for clocks, or written since then. */
const SESSION_MARGIN_MS = 24 * 3600 * 1000;

export class FullPush {
  private fullPush: Walk | undefined;

  constructor(
    private readonly context: SyncContext,
    private readonly row: ReceiverRow,
    private readonly to: { outbox: Outbox; maySee: WhatItMaySee },
  ) {
    if (row.full_push !== null) this.beginFullPush(row.full_push);
  }

  private beginFullPush(after: string): void {
    this.fullPush = {
      owner: undefined,
      after,
      outstanding: 0,
      pageEnd: after,
      last: false,
      before: undefined,
      correlation_id: `full-push-${this.row.receiver}-${this.row.fence}`,
    };
    this.to.outbox.walks.push(this.fullPush);
  }

  /** The place of the full push under way; null where there is none. */
  get place(): string | null {
    return this.fullPush ? this.fullPush.after : null;
  }

  /** All objects of an owner. */
  ofOwner(change: Change): void {
    if (change.owner === this.row.receiver) return;
    this.to.outbox.walks.push({
      owner: change.owner,
      after: '0',
      outstanding: 0,
      pageEnd: '0',
      last: false,
      before: this.to.outbox.read,
      correlation_id: change.correlation_id,
    });
  }

  /** Takes the walk at the front a page further, once its page under way is done. */
  async fill(mayGoOn: () => boolean): Promise<void> {
    const { walks: walks } = this.to.outbox;
    for (let walk = walks[0]; walk && mayGoOn() && walk.outstanding === 0; walk = walks[0]) {
      walk.after = walk.pageEnd;
      if (walk.last) this.end(walk);
      else await this.page(walk);
    }
  }

  private end(walk: Walk): void {
    this.to.outbox.walks.shift();
    if (walk === this.fullPush) this.fullPush = undefined;
  }

  private async page(walk: Walk): Promise<void> {
    const { outbox, maySee } = this.to;
    const modules = [...maySee.modules()].filter((m) => m.push === 'PUT').map((m) => m.number);
    const owners =
      walk.owner === undefined ? this.context.registry.parties().map((p) => p.number) : [walk.owner];
    const heads = await this.context.feedStore.walkHeads({
      after: walk.after,
      modules,
      owners,
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
