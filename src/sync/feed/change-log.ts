import { comparePositions, type Change, type FeedStore, type Position } from '../../store/feed/feed-store';

/** How many changes a process keeps for its receivers; who is further behind reads for itself. */
const WINDOW = 20_000;
const PAGE = 2000;

/** Reads each change once for all receivers of the process. */
export class ChangeLog {
  private window: Change[] = [];
  /** The position before the window's first change. */
  private floor: Position = { xid: 0, number: 0 };
  private end: Position = { xid: 0, number: 0 };

  /** @param confirm brings the registry up to date: what an owner's change says must be known before it is judged. */
  constructor(
    private readonly store: FeedStore,
    private readonly confirm: () => Promise<void>,
  ) {}

  /** Begins at the horizon: what is older is read by those who need it. */
  async start(): Promise<void> {
    const horizon = await this.store.horizon();
    this.floor = { xid: horizon.xid - 1, number: Number.MAX_SAFE_INTEGER };
    this.end = this.floor;
  }

  /** Reads what was committed since; true where there was something. */
  async advance(): Promise<boolean> {
    let any = false;
    for (;;) {
      const changes = await this.read(this.end, PAGE);
      for (const change of changes) this.window.push(change);
      const last = changes.at(-1);
      if (last) this.end = { xid: last.xid, number: last.number };
      any ||= changes.length > 0;
      this.trim();
      if (changes.length < PAGE) return any;
    }
  }

  private async read(position: Position, limit: number): Promise<Change[]> {
    const changes = await this.store.changesAfter(position, limit);
    if (changes.some((change) => change.head_id === null)) await this.confirm();
    return changes;
  }

  private trim(): void {
    if (this.window.length <= WINDOW * 2) return;
    const dropped = this.window.splice(0, this.window.length - WINDOW);
    const last = dropped.at(-1);
    if (last) this.floor = { xid: last.xid, number: last.number };
  }

  /** Everything up to here is committed: who has read all that is there stands here at least. */
  get begin(): Position {
    return this.floor;
  }

  /** Up to `limit` changes behind a position, from memory where the window reaches back to it. */
  after(position: Position, limit: number): Change[] | Promise<Change[]> {
    if (comparePositions(position, this.floor) < 0) return this.read(position, limit);
    let low = 0;
    let high = this.window.length;
    while (low < high) {
      const middle = (low + high) >> 1;
      const change = this.window[middle];
      if (change && comparePositions(change, position) <= 0) low = middle + 1;
      else high = middle;
    }
    return this.window.slice(low, low + limit);
  }
}
