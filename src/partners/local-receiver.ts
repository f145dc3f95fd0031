import {
  failed,
  type Receiver,
  type TransportRequest,
  type TransportResult,
} from './transport/transport-types';

/** What a platform in this process answers: HTTP's words, without HTTP. A rejection is an HTTP 500. */
export type LocalAnswer = (
  request: TransportRequest,
) => Promise<{ status: number; headers?: Record<string, string>; body: string | Buffer }>;

const CANCELLED = failed('aborted', 'cancelled by the hub');

/**
 * A platform that runs in this process: relays and pushes reach it as they reach a remote one, under the same lease,
 * deadline and signals. Every outcome is a result.
 */
export class LocalReceiver implements Receiver {
  readonly kind = 'local';
  private readonly ending = new AbortController();

  constructor(
    private readonly answer: LocalAnswer,
    private readonly observe: (result: TransportResult) => void = () => undefined,
  ) {}

  async send(request: TransportRequest): Promise<TransportResult> {
    const { signal, permit } = request;
    if (signal?.aborted || permit?.isValid() === false) return CANCELLED;
    const result = await Promise.race([this.answered(request), this.endOf(request)]);
    this.observe(result);
    return result;
  }

  /** What is under way ends without an answer. */
  end(): void {
    this.ending.abort();
  }

  private async answered(request: TransportRequest): Promise<TransportResult> {
    try {
      const { status, headers = {}, body } = await this.answer(request);
      return { ok: true, status, headers, body: Buffer.from(body) };
    } catch {
      return { ok: true, status: 500, headers: {}, body: Buffer.alloc(0) };
    }
  }

  private endOf({ signal, permit, timeoutMs }: TransportRequest): Promise<TransportResult> {
    const late = AbortSignal.timeout(timeoutMs);
    const ends = [late, this.ending.signal, signal, permit?.signal].filter((end) => end !== undefined);
    const end = AbortSignal.any(ends);
    return new Promise((resolve) => {
      end.addEventListener('abort', () =>
        resolve(late.aborted ? failed('timeout', `no answer within ${timeoutMs} ms`) : CANCELLED),
      );
    });
  }
}
