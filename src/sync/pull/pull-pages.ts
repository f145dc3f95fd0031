import { randomUUID } from 'node:crypto';
import {
  backAtEndpoint,
  firstPage,
  halved,
  withLimit,
  type ListStart,
  type PageCursor,
} from '../../domain/page-cursor';
import { readListPage, type Page, type PageFailure } from '../../partners/page-reader';
import type { PullKey } from '../../store/pull/pull-store';
import type { SyncContext } from '../context';

/** Page sizes that are asked for; the next one where a page is too heavy. */
const LIMITS = [1000, 50];
/** Pages are heavy: they may take so many times FORWARD_TIMEOUT_MS. */
const PATIENCE = 3;

export interface Asked {
  cursor: PageCursor;
  answer: Page | PageFailure;
}

const GONE: PageFailure = {
  kind: 'failure',
  reason: 'the partner is gone',
  refused: false,
  noList: false,
  heavy: false,
  unreadable: false,
  total: undefined,
  retryAfterS: undefined,
};

/** Asks a partner for the pages of one list. */
export class PullPages {
  readonly correlationId = `pull-${randomUUID()}`;

  constructor(
    private readonly context: SyncContext,
    private readonly key: PullKey,
    private readonly of: { start: ListStart; signal: AbortSignal },
  ) {}

  first(): PageCursor {
    return firstPage(this.of.start, LIMITS[0] ?? 1000);
  }

  /** A page that is too heavy is asked for again in smaller ones; one that a Link misplaced, at the endpoint. */
  async ask(cursor: PageCursor): Promise<Asked> {
    const { partnerClient, registry, config } = this.context;
    const partner = registry.partner(this.key.partner_id);
    const to = registry.partyByNumber(this.key.party);
    if (!partner || !to) return { cursor, answer: GONE };
    const timeoutMs = config.forwardTimeoutMs * PATIENCE;
    const request = { cursor, to, from: registry.hub, correlationId: this.correlationId, timeoutMs };
    const answer = await readListPage(partnerClient, partner, { ...request, signal: this.of.signal });
    const other = answer.kind === 'failure' ? this.otherCursor(cursor, answer) : undefined;
    return other === undefined || this.of.signal.aborted ? { cursor, answer } : this.ask(other);
  }

  private otherCursor(
    cursor: PageCursor,
    { refused, noList, heavy, unreadable }: PageFailure,
  ): PageCursor | undefined {
    if (unreadable) return halved(this.of.start, cursor);
    if (refused || noList) return backAtEndpoint(this.of.start, cursor);
    const smaller = LIMITS.find((limit) => limit < cursor.limit);
    return heavy && smaller !== undefined ? withLimit(cursor, smaller) : undefined;
  }
}
