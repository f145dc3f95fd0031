import { endpointOf } from '../domain/partner';
import { verdictOf, type PushAnswer, type Verdict } from '../domain/push-verdict';
import { moduleName } from '../domain/visibility';
import { routingHeaders } from '../ocpi/headers';
import { parseAnswer } from '../partners/answer';
import { waitAskedBy } from '../partners/retry-after';
import type { TransportResult } from '../partners/transport';
import type { Permit } from '../partners/types';
import type { StateRow } from '../store/feed-store';
import type { FeedParts } from './feed-parts';
import type { Interest } from './interest';
import type { Entry } from './entry';
import { foldParts, partRequest, wholeRequest, type PushRequest, type PushTarget } from './push-request';

/* One entry of an outbox on its way to its receiver: the state read at this moment, sent, and judged. */

const DONE: Verdict = { verdict: 'accepted' };

/** To whom it goes, under which lease, and from when on states may be used. */
export interface PushContext {
  interest: Interest;
  permit: Permit;
  since: number;
  /** The receiver has to catch up: an object should need one push, however much of it changed. */
  behind: boolean;
}

/** The transport's result as a verdict sees it. */
export function answerOf(result: TransportResult): PushAnswer {
  if (!result.ok) {
    const kind = result.failure.kind === 'timeout' ? 'timeout' : 'unreachable';
    return { answered: false, kind, failure: `${result.failure.kind}: ${result.failure.detail}` };
  }
  const { status_code, status_message } = parseAnswer(result);
  const answer = { answered: true, http: result.status, status_code, status_message } as const;
  const waitMs = waitAskedBy(result);
  return waitMs === undefined ? answer : { ...answer, retryAfterMs: waitMs };
}

function targetOf(parts: FeedParts, interest: Interest, entry: Entry): PushTarget | undefined {
  const module = moduleName(entry.module);
  const owner = parts.registry.partyByNumber(entry.owner);
  const endpoint = module && interest.partner && endpointOf(interest.partner, module, 'RECEIVER');
  return module && owner && endpoint ? { endpoint, module, owner } : undefined;
}

/** Nothing to send (gone meanwhile) counts as done: what removed it is a change of its own. */
async function send(
  parts: FeedParts,
  to: PushContext & { entry: Entry },
  request: PushRequest | undefined,
): Promise<Verdict> {
  const { party, partner } = to.interest;
  if (!request || !party || !partner) return DONE;
  const result = await parts.client.request(partner, {
    ...{ method: request.method, url: request.url, body: request.body },
    headers: routingHeaders({ to: party, from: parts.registry.hub }),
    correlationId: to.entry.correlation_id,
    permit: to.permit,
  });
  return verdictOf(answerOf(result), { evse: request.evse, deletion: request.method === 'DELETE' });
}

async function pushParts(
  parts: FeedParts,
  to: PushContext & { entry: Entry },
  target: PushTarget,
): Promise<Verdict> {
  for (const part of foldParts(to.entry.parts)) {
    const state = await readState(parts, to, part.evse);
    const verdict = await send(parts, to, state && partRequest(target, state, part.connector));
    if (verdict.verdict !== 'accepted') return verdict;
  }
  return DONE;
}

function readState(
  parts: FeedParts,
  to: PushContext & { entry: Entry },
  evse: string | null,
): Promise<StateRow | undefined> {
  const { head_id, version } = to.entry;
  return parts.states.read({ head_id, evse, version, since: to.since });
}

/**
 * Whether several parts of a location changed, or others changed later, which the receiver has not read yet: one whole
 * location then is all that it needs. One that was never whole goes out in its parts.
 */
async function isBetterWhole(parts: FeedParts, to: PushContext & { entry: Entry }): Promise<boolean> {
  const [first, second] = foldParts(to.entry.parts);
  if (!to.behind || !first) return false;
  if (!second) {
    const state = await readState(parts, to, first.evse);
    if (!state || state.version <= to.entry.version) return false;
  }
  const whole = await readState(parts, to, null);
  return whole !== undefined && whole.text !== null;
}

/** Pushes an entry at the level that changed and says what came of it. */
export async function pushObject(parts: FeedParts, context: PushContext, entry: Entry): Promise<Verdict> {
  const target = targetOf(parts, context.interest, entry);
  if (!target) return DONE;
  const to = { ...context, entry };
  entry.sent = undefined;
  entry.whole ||= await isBetterWhole(parts, to);
  if (!entry.whole) return pushParts(parts, to, target);
  const state = await readState(parts, to, null);
  entry.sent = state?.version;
  return send(parts, to, state && wholeRequest(target, state));
}
