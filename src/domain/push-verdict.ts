/*
 * What an answer to a push means for its object and for the receiver. An object that a receiver refuses does not hold
 * back the next; a receiver that is down is paused. Pure: the push worker acts on the verdict.
 */

/** An answer as far as a verdict needs it. `status_code` undefined: no OCPI envelope. */
export type PushAnswer =
  | {
      answered: true;
      http: number;
      status_code: number | undefined;
      status_message: string | undefined;
      /** For how long it asks to be left alone, in milliseconds. */
      retryAfterMs?: number;
    }
  | { answered: false; failure: string; kind: 'timeout' | 'unreachable' };

/** What a receiver said to a delivery that it did not take, for those who ask why. Holds no token. */
export interface ReceiverAnswer {
  /** null: no answer came. */
  http: number | null;
  status_code: number | null;
  status_message: string | null;
  /** The first 2 kB of the answer. */
  body: string | null;
  request_id: string;
  correlation_id: string;
}

export type Verdict =
  /** The receiver has the state. */
  | { verdict: 'accepted' }
  /** An EVSE whose location the receiver does not have. */
  | { verdict: 'locationUnknown' }
  /** The receiver will not have this object; others are not concerned. */
  | { verdict: 'refused'; reason: string; told?: ReceiverAnswer }
  /** The receiver is down: nothing passes. */
  | { verdict: 'down'; reason: string; retryAfterMs?: number }
  /** This may be the object or the receiver: others tell. */
  | { verdict: 'failed'; reason: string; told?: ReceiverAnswer };

/** It did not get through: another try may. */
export type PushFailure = Extract<Verdict, { verdict: 'down' | 'failed' }>;

export interface PushKind {
  evse: boolean;
  deletion: boolean;
}

function reasonOf(answer: Extract<PushAnswer, { answered: true }>): string {
  const ocpi = answer.status_code === undefined ? 'no OCPI envelope' : `status_code ${answer.status_code}`;
  return `HTTP ${answer.http}, ${ocpi}${answer.status_message ? `: ${answer.status_message.slice(0, 300)}` : ''}`;
}

const isSuccess = (code: number | undefined): boolean => code !== undefined && code >= 1000 && code < 2000;

/**
 * Any 2xx with 1xxx is a success; an empty 2xx was read as one (partners/answer); 1000 under HTTP 404 is not, and a 2xx
 * or 3xx of something that does not speak OCPI, a proxy's error page say, tells nothing about the object.
 */
export function verdictOf(answer: PushAnswer, kind: PushKind): Verdict {
  if (!answer.answered) {
    return { verdict: answer.kind === 'timeout' ? 'failed' : 'down', reason: answer.failure };
  }
  const { http, status_code, retryAfterMs } = answer;
  const reason = reasonOf(answer);
  if (http >= 200 && http < 300 && isSuccess(status_code)) return { verdict: 'accepted' };
  const asksToWait = http === 429 || (http === 503 && retryAfterMs !== undefined);
  if (asksToWait) return { verdict: 'down', reason, ...(retryAfterMs !== undefined && { retryAfterMs }) };
  if (http === 401) return { verdict: 'down', reason };
  const unknown = http === 404 || status_code === 2003;
  if (unknown && kind.deletion) return { verdict: 'accepted' };
  if (unknown && kind.evse) return { verdict: 'locationUnknown' };
  if (kind.deletion && status_code !== undefined && status_code >= 2000 && status_code < 3000)
    return { verdict: 'accepted' };
  if (status_code === undefined && http < 400) return { verdict: 'failed', reason };
  if (http >= 500 || (status_code !== undefined && status_code >= 3000)) return { verdict: 'failed', reason };
  return { verdict: 'refused', reason };
}
