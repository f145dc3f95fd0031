import { isFields, type Fields } from '../../domain/fields';
import type { Answer } from '../../partners/partner-client';

/** What a GET on a partner's Receiver interface says about an object. */
export type ReadBack =
  | { kind: 'object'; value: Fields }
  /** It does not have it; `certain`: said with the code for just that, not only HTTP 404, which an unknown path gives too. */
  | { kind: 'absent'; certain: boolean }
  /** It serves no such GET, or not in OCPI. */
  | { kind: 'unsupported'; reason: string }
  /** Nothing was learnt: it is down, slow, or asks to be left alone. */
  | { kind: 'unanswered'; reason: string };

/** Unknown location, unknown token (spec: status_codes, 2xxx). */
const UNKNOWN_CODES = [2003, 2004];

/** Reads an answer to a GET of one object. Pure. */
export function readBack(answer: Answer): ReadBack {
  if (answer.kind === 'failure') return { kind: 'unanswered', reason: answer.failure.kind };
  const reason = `HTTP ${answer.http}`;
  if (answer.http === 401 || answer.http === 429) return { kind: 'unanswered', reason };
  if (answer.kind === 'not_ocpi') {
    return { kind: answer.http >= 500 && answer.http !== 501 ? 'unanswered' : 'unsupported', reason };
  }
  if (UNKNOWN_CODES.includes(answer.status_code)) return { kind: 'absent', certain: true };
  if (answer.http === 404) return { kind: 'absent', certain: false };
  if (answer.success && isFields(answer.data)) return { kind: 'object', value: answer.data };
  const words = `${reason}, status_code ${answer.status_code}`;
  const fault = answer.http >= 500 || answer.status_code >= 3000;
  return fault ? { kind: 'unanswered', reason: words } : { kind: 'unsupported', reason: words };
}
