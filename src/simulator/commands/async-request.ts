import type { JsonObject } from '../json';
import { partyOf } from '../platform/parties';
import type { Answer, ReceivedRequest, Sending } from '../types';
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

/** A request to a URL that the other platform gave. */
export type Posting = Omit<Sending, 'module' | 'interface' | 'path' | 'query'>;

/** The platform that received a request: it posts the result, and is told of each answer to a posting. */
interface AsyncPlatform {
  sendTo(url: string, sending: Posting): Promise<Answer>;
  notify(): void;
}

/** A request that a platform answers at once and tells the result of later. */
export class AsyncRequest {
  /** What response_url answered to each posting, in order; an Error where no answer came. */
  readonly posted: (Answer | Error)[] = [];

  constructor(
    private readonly platform: AsyncPlatform,
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
      return this.book(await this.platform.sendTo(url, sending));
    } catch (error) {
      this.book(error instanceof Error ? error : new Error(String(error)));
      throw error;
    }
  }

  private book<Posted extends Answer | Error>(posted: Posted): Posted {
    this.posted.push(posted);
    this.platform.notify();
    return posted;
  }
}
