import { ok } from '../http/replies';
import { asText, type JsonObject } from '../json';
import type { PlatformState } from '../platform/platform-state';
import { sendTo } from '../platform/send';
import type { ReceivedRequest, Reply } from '../types';
import { AsyncRequest, type AsyncKind, type Posting } from './async-request';

/** What a platform finds about a request: the `result` of its answer, and what is posted later if that is ACCEPTED. */
export interface Finding {
  response: string;
  /** OCPI status of the answer: 1000, or 2003 for an unknown location. */
  status_code?: number;
  result?: JsonObject;
}

/** Answers an asynchronous request by what was found and posts its result as the platform's behaviour says. */
export async function answerLater(
  state: PlatformState,
  of: { kind: AsyncKind; request: ReceivedRequest; responseUrl: string },
  finding: Finding,
): Promise<Reply> {
  const { post, timeout, result, response = finding.response } = state.asynchronous;
  const later: JsonObject = { ...finding.result, result: result ?? asText(finding.result?.['result']) };
  const { notify } = state;
  const platform = { notify, sendTo: async (url: string, sending: Posting) => sendTo(state, url, sending) };
  const asked = new AsyncRequest(platform, of.kind, of.request, of.responseUrl, response, later);
  state.asked.push(asked);
  notify();
  const reply: Reply = { ...ok({ result: response, timeout }), status_code: finding.status_code ?? 1000 };
  if (response !== 'ACCEPTED' || post === 'by hand') return reply;
  if (post === 'after the answer') return { ...reply, after: () => void postResult(state, asked) };
  await postResult(state, asked);
  return reply;
}

async function postResult(state: PlatformState, asked: AsyncRequest): Promise<void> {
  const { until, onAccepted } = state.asynchronous;
  await until;
  const answer = await asked.post().catch(() => undefined); // an Error is among what was posted
  if (answer?.status === 1000 && asked.result['result'] === 'ACCEPTED') onAccepted?.(asked);
}
