import { asText, type JsonObject } from '../json';
import { ok } from '../http/replies';
import { partyOf } from '../platform/parties';
import { sendTo } from '../platform/send';
import type { PlatformState } from '../platform/platform-state';
import type { Answer, ReceivedRequest, Reply, Sending } from '../types';
import type { CommandType } from './command-objects';

/** A command, or what is asked of a charging profile. */
export type AsyncKind = CommandType | 'GET_PROFILE' | 'SET_PROFILE' | 'CLEAR_PROFILE';

/** How a platform answers commands and charging profiles, and when it says what came of them. */
export interface AsyncBehaviour {
  /** When the result is posted to response_url. Posting by hand is possible always. */
  post: 'after the answer' | 'before the answer' | 'by hand';
  /** The posting waits for this. */
  until?: Promise<unknown>;
  /** `result` of the answer (CommandResponseType, ChargingProfileResponseType) instead of the platform's own. */
  response?: string;
  /** `result` of the later result instead of the platform's own. */
  result?: string;
  /** Seconds, in the answer. */
  timeout: number;
  /** Called when response_url has taken the result ACCEPTED. */
  onAccepted?: (asked: AsyncRequest) => void;
}

/** What a platform finds about a request: the `result` of its answer, and what is posted later if that is ACCEPTED. */
export interface Finding {
  response: string;
  /** OCPI status of the answer: 1000, or 2003 for an unknown location. */
  status_code?: number;
  result?: JsonObject;
}

/** A request that a platform answers at once and tells the result of later. */
export class AsyncRequest {
  /** What response_url answered to each posting, in order; an Error where no answer came. */
  readonly posted: (Answer | Error)[] = [];

  constructor(
    private readonly state: PlatformState,
    readonly kind: AsyncKind,
    readonly request: ReceivedRequest,
    readonly responseUrl: string,
    /** `result` of the answer that the platform gave or is about to give. */
    readonly response: string,
    /** What is posted unless another body is given. */
    readonly result: JsonObject,
  ) {}

  /**
   * Posts a result to response_url: FROM the party that was asked, TO the one that asked, correlation id of the
   * request; `changes` win. Rejects where no answer came.
   */
  async post(result = this.result, changes: Partial<Sending> & { url?: string } = {}): Promise<Answer> {
    const { url = this.responseUrl, ...rest } = changes;
    const correlationId = this.request.headers['x-correlation-id'];
    const routing = { from: partyOf(this.request, 'to'), to: partyOf(this.request, 'from') };
    try {
      const sending = { method: 'POST' as const, body: result, correlationId, ...routing, ...rest };
      return this.book(await sendTo(this.state, url, sending));
    } catch (error) {
      this.book(error instanceof Error ? error : new Error(String(error)));
      throw error;
    }
  }

  private book<Outcome extends Answer | Error>(outcome: Outcome): Outcome {
    this.posted.push(outcome);
    this.state.notify();
    return outcome;
  }
}

/** Answers an asynchronous request by what was found and posts its result as the platform's behaviour says. */
export async function answerLater(
  state: PlatformState,
  of: { kind: AsyncKind; request: ReceivedRequest; responseUrl: string },
  finding: Finding,
): Promise<Reply> {
  const { post, timeout, result, response = finding.response } = state.asynchronous;
  const later: JsonObject = { ...finding.result, result: result ?? asText(finding.result?.['result']) };
  const asked = new AsyncRequest(state, of.kind, of.request, of.responseUrl, response, later);
  state.asked.push(asked);
  state.notify();
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
