import { randomUUID } from 'node:crypto';
import { backAtEndpoint, firstPlace, withLimit, type ListPlace, type ListStart } from '../domain/list-place';
import { readListPage, type Page, type PageFailure } from '../partners/page-reader';
import type { PullKey } from '../store/pull-store';
import type { PullParts } from './pull-parts';

/** Page sizes that are asked for; the next one where a page is too heavy. */
const LIMITS = [1000, 50];
/** Pages are heavy: they may take so many times FORWARD_TIMEOUT_MS. */
const PATIENCE = 3;

export interface Asked {
  place: ListPlace;
  answer: Page | PageFailure;
}

const GONE: PageFailure = {
  ...{ kind: 'failure', reason: 'the partner is gone', refused: false, noList: false, heavy: false },
  retryAfterS: undefined,
};

/** Asks a partner for the pages of one list. */
export class PullPages {
  readonly correlationId = `pull-${randomUUID()}`;

  constructor(
    private readonly parts: PullParts,
    private readonly key: PullKey,
    private readonly of: { start: ListStart; signal: AbortSignal },
  ) {}

  first(): ListPlace {
    return firstPlace(this.of.start, LIMITS[0] ?? 1000);
  }

  /** A page that is too heavy is asked for again in smaller ones; one that a Link misplaced, at the endpoint. */
  async ask(place: ListPlace): Promise<Asked> {
    const { client, stores, config } = this.parts;
    const [partner, to] = [
      stores.registry.partner(this.key.partner_id),
      stores.registry.partyByNumber(this.key.party),
    ];
    if (!partner || !to) return { place, answer: GONE };
    const timeoutMs = config.forwardTimeoutMs * PATIENCE;
    const request = { place, to, from: stores.registry.hub, correlationId: this.correlationId, timeoutMs };
    const answer = await readListPage(client, partner, { ...request, signal: this.of.signal });
    const other = answer.kind === 'failure' ? this.otherPlace(place, answer) : undefined;
    return other === undefined || this.of.signal.aborted ? { place, answer } : this.ask(other);
  }

  private otherPlace(place: ListPlace, { refused, noList, heavy }: PageFailure): ListPlace | undefined {
    if (refused || noList) return backAtEndpoint(this.of.start, place);
    const smaller = LIMITS.find((limit) => limit < place.limit);
    return heavy && smaller !== undefined ? withLimit(place, smaller) : undefined;
  }
}
