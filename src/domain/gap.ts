import { instantOf, toTimestamp } from './instants';
import { stringValue, valueText } from './json/json-text';

/* What a session and a CDR say about belonging together (mod_sessions, mod_cdrs). Pure. */

/** `invalid`: it will not be billed. */
export type SessionState = 'open' | 'ended' | 'invalid';

export interface SessionFacts {
  state: SessionState;
  /** The folded authorization_reference. */
  reference: string | null;
  /** Literal of an instant; null while it is open. */
  ended_at: string | null;
  kwh: number;
}

export interface CdrFacts {
  /** `s:` and the folded session_id, or `r:` and the folded authorization_reference; null where neither is given. */
  link: string | null;
  credit: boolean;
  ended_at: string | null;
  kwh: number;
}

const folded = (text: string, member: string): string | null => {
  const value = stringValue(text, member);
  return value === undefined || value === '' ? null : value.toUpperCase();
};

function amount(text: string, member: string): number {
  const value = Number(valueText(text, member) ?? 0);
  return Number.isFinite(value) ? value : 0;
}

/** The end as given, else the last moment of change. */
function endOf(text: string): string | null {
  const end = instantOf(stringValue(text, 'end_date_time')) ?? instantOf(stringValue(text, 'last_updated'));
  return end === undefined ? null : toTimestamp(end);
}

function stateOf(text: string): SessionState {
  const status = stringValue(text, 'status')?.toUpperCase();
  if (status === 'INVALID') return 'invalid';
  const hasEnd = instantOf(stringValue(text, 'end_date_time')) !== undefined;
  return status === 'COMPLETED' || hasEnd ? 'ended' : 'open';
}

export function sessionFacts(text: string): SessionFacts {
  const state = stateOf(text);
  return {
    state,
    reference: folded(text, 'authorization_reference'),
    ended_at: state === 'open' ? null : endOf(text),
    kwh: amount(text, 'kwh'),
  };
}

export function cdrFacts(text: string): CdrFacts {
  const session = folded(text, 'session_id');
  const reference = folded(text, 'authorization_reference');
  return {
    link: session !== null ? `s:${session}` : reference !== null ? `r:${reference}` : null,
    credit: valueText(text, 'credit') === 'true',
    ended_at: endOf(text),
    kwh: amount(text, 'total_energy'),
  };
}
