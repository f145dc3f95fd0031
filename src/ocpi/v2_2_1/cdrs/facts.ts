import type { CdrFacts } from '../../../domain/gap';
import { valueText } from '../../../domain/json/json-text';
import { amount, endOf, folded } from '../types/facts';

/** What a CDR says about its session. */
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
