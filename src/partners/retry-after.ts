import { retryAfterMs } from '../domain/retry';
import { headerOf, type TransportResult } from './transport-types';

/** For how many milliseconds an answer asks to be left alone: a 429 or 503 with Retry-After. */
export function waitAskedBy(result: TransportResult): number | undefined {
  if (!result.ok || (result.status !== 429 && result.status !== 503)) return undefined;
  const { headers } = result;
  return retryAfterMs(headerOf(headers, 'retry-after'), { date: headerOf(headers, 'date'), now: Date.now() });
}
