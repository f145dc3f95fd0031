import type { SessionFacts, SessionState } from '../../../domain/gap';
import { instantOf } from '../../../domain/instants';
import { stringValue } from '../../../domain/json/json-text';
import { amount, endOf, folded } from '../types/facts';

function stateOf(text: string): SessionState {
  const status = stringValue(text, 'status')?.toUpperCase();
  if (status === 'INVALID') return 'invalid';
  const hasEnd = instantOf(stringValue(text, 'end_date_time')) !== undefined;
  return status === 'COMPLETED' || hasEnd ? 'ended' : 'open';
}

/** What a session says about its end and its CDR. */
export function sessionFacts(text: string): SessionFacts {
  const state = stateOf(text);
  return {
    state,
    reference: folded(text, 'authorization_reference'),
    ended_at: state === 'open' ? null : endOf(text),
    kwh: amount(text, 'kwh'),
  };
}
