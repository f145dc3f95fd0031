import { endpointOf } from '../domain/partner';
import { verdictOf, type PushAnswer, type Verdict } from '../domain/push-verdict';
import { moduleName } from '../domain/visibility';
import { routingHeaders } from '../ocpi/headers';
import { parseAnswer } from '../partners/answer';
import type { TransportResult } from '../partners/transport';
import type { FeedParts } from './feed-parts';
import type { Interest } from './interest';
import type { Entry } from './outbox';
import { foldParts, partRequest, wholeRequest, type PushRequest, type PushTarget } from './push-request';

/* One entry of an outbox on its way to its receiver: the state read at this moment, sent, and judged. */

const DONE: Verdict = { verdict: 'accepted' };

/** The transport's result as a verdict sees it. */
export function answerOf(result: TransportResult): PushAnswer {
  if (!result.ok) {
    const kind = result.failure.kind === 'timeout' ? 'timeout' : 'unreachable';
    return { answered: false, kind, failure: `${result.failure.kind}: ${result.failure.detail}` };
  }
  const { status_code, status_message } = parseAnswer(result);
  return { answered: true, http: result.status, status_code, status_message };
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
  to: { interest: Interest; entry: Entry },
  request: PushRequest | undefined,
): Promise<Verdict> {
  const { party, partner } = to.interest;
  if (!request || !party || !partner) return DONE;
  const result = await parts.client.request(partner, {
    ...{ method: request.method, url: request.url, body: request.body },
    headers: routingHeaders({ to: party, from: parts.registry.hub }),
    correlationId: to.entry.correlation_id,
  });
  return verdictOf(answerOf(result), { evse: request.evse, deletion: request.method === 'DELETE' });
}

async function pushParts(
  parts: FeedParts,
  to: { interest: Interest; entry: Entry },
  target: PushTarget,
): Promise<Verdict> {
  for (const part of foldParts(to.entry.parts)) {
    const state = await parts.states.read(to.entry.head_id, part.evse, to.entry.version);
    const verdict = await send(parts, to, state && partRequest(target, state, part.connector));
    if (verdict.verdict !== 'accepted') return verdict;
  }
  return DONE;
}

/** Pushes an entry at the level that changed and says what came of it. */
export async function pushObject(parts: FeedParts, interest: Interest, entry: Entry): Promise<Verdict> {
  const target = targetOf(parts, interest, entry);
  if (!target) return DONE;
  const to = { interest, entry };
  if (!entry.whole) return pushParts(parts, to, target);
  const state = await parts.states.read(entry.head_id, null, entry.version);
  return send(parts, to, state && wholeRequest(target, state));
}
