import { fold } from '../../../domain/ci-string';
import { instantOf, toTimestamp } from '../../../domain/instants';
import { stringValue, valueText } from '../../../domain/json/json-text';

/* What sessions and CDRs say in the same fields. */

/** A CiString of the object, folded; null where it is absent or empty. */
export const folded = (text: string, member: string): string | null => {
  const value = stringValue(text, member);
  return value === undefined || value === '' ? null : fold(value);
};

/** A number of the object; 0 where it has none. */
export function amount(text: string, member: string): number {
  const value = Number(valueText(text, member) ?? 0);
  return Number.isFinite(value) ? value : 0;
}

/** The end as given, else the last moment of change. */
export function endOf(text: string): string | null {
  const end = instantOf(stringValue(text, 'end_date_time')) ?? instantOf(stringValue(text, 'last_updated'));
  return end === undefined ? null : toTimestamp(end);
}
