import { randomUUID } from 'node:crypto';
import type { Partner } from '../../domain/partner';
import { verdictOf, type PushAnswer, type PushKind, type Verdict } from '../../domain/push-verdict';
import { parseAnswer, waitAskedBy } from '../../partners/answer';
import type { PartnerClient, PartnerRequest } from '../../partners/partner-client';
import type { TransportResult } from '../../partners/transport/transport-types';
import type { Lease } from '../leases/leases';
import { receiverAnswer } from './receiver-answer';

/*
 * Every delivery takes this way: it is sent under a lease and cut off with it, its answer is read and judged. What
 * the feed, the CDR queue and hubclientinfo share stands in this folder: when something may go out (may-deliver),
 * whose fault a failure is (object-failures), and that writes of partners go before pushes (write-first-gate).
 */

/** What came of a request to a receiver. */
export interface Sent {
  result: TransportResult;
  answer: PushAnswer;
  verdict: Verdict;
}

/** The transport's result as a verdict sees it. */
function answerOf(result: TransportResult, { their_token }: Partner): PushAnswer {
  if (!result.ok) {
    const kind = result.failure.kind === 'timeout' ? 'timeout' : 'unreachable';
    return { answered: false, kind, failure: `${result.failure.kind}: ${result.failure.detail}` };
  }
  const { status_code, status_message } = parseAnswer(result, their_token);
  const answer = { answered: true, http: result.status, status_code, status_message } as const;
  const retryAfterMs = waitAskedBy(result);
  return retryAfterMs === undefined ? answer : { ...answer, retryAfterMs };
}

/** Sends a request to a partner under a lease and judges the answer. Every outcome is a result. */
export async function send(
  client: PartnerClient,
  to: { partner: Partner; lease: Lease; kind: PushKind },
  request: Omit<PartnerRequest, 'permit'>,
): Promise<Sent> {
  const { requestId = randomUUID(), correlationId = randomUUID() } = request;
  const result = await client.request(to.partner, { ...request, requestId, correlationId, permit: to.lease });
  const answer = answerOf(result, to.partner);
  const verdict = verdictOf(answer, to.kind);
  if (verdict.verdict !== 'refused' && verdict.verdict !== 'failed') return { result, answer, verdict };
  const ids = { request_id: requestId, correlation_id: correlationId };
  const told = receiverAnswer(result, answer, { token: to.partner.their_token, ...ids });
  return { result, answer, verdict: { ...verdict, told } };
}
