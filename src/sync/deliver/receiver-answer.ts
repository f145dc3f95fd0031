import type { PushAnswer, ReceiverAnswer } from '../../domain/push-verdict';
import { decodeText } from '../../ocpi/charset';
import { withoutToken } from '../../partners/without-token';
import { headerOf, type TransportResult } from '../../partners/transport/transport-types';

/* What is kept of a receiver's answer to a delivery that it did not take: enough to see why, bounded, without tokens. */

const BODY = 2048;
const MESSAGE = 1000;

/** PostgreSQL has no place for U+0000 in a text. */
const kept = (text: string, token: string | null, length: number): string =>
  withoutToken(text, token).replaceAll('\0', '').slice(0, length);

/** @param ids those of the request. `token`: what was sent with it, which the answer may repeat */
export function receiverAnswer(
  result: TransportResult,
  answer: PushAnswer,
  { token, ...ids }: { token: string | null; request_id: string; correlation_id: string },
): ReceiverAnswer {
  if (!result.ok || !answer.answered)
    return { http: null, status_code: null, status_message: null, body: null, ...ids };
  const { http, status_code, status_message } = answer;
  const { text } = decodeText(result.body.subarray(0, BODY), headerOf(result.headers, 'content-type'));
  return {
    http,
    status_code: status_code ?? null,
    status_message: status_message === undefined ? null : kept(status_message, token, MESSAGE),
    body: kept(text, token, BODY),
    ...ids,
  };
}
