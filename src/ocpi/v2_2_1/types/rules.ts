import { instantOf } from '../../../domain/instants';
import { Rule } from '../../check/field';

/* Rules over several fields that more than one object has. A rule looks only at what is of the right type. */

type Fields = Record<string, unknown>;

const isNegative = (value: unknown): boolean => typeof value === 'number' && value < 0;

/** A number that counts something: never below zero. */
export const notNegative = (field: string): ClassDecorator =>
  Rule(field, 'must not be negative', (object) => !isNegative(object[field]));

/** A Price (mod_types) that only a credit may have below zero. */
export const notNegativeCost = (field: string, isCredit: (object: Fields) => boolean): ClassDecorator =>
  Rule(field, 'must not be negative where it is no Credit CDR', (object) => {
    const price = object[field];
    if (isCredit(object) || typeof price !== 'object' || price === null) return true;
    return !Object.values(price).some(isNegative);
  });

/** The end of something that has a start. */
export const endsAfterStart = Rule('end_date_time', 'must not be before start_date_time', (object) => {
  const [start, end] = [instantOf(object.start_date_time), instantOf(object.end_date_time)];
  return start === undefined || end === undefined || end >= start;
});

/** Periods begin while the whole lasts. */
export const periodsWithin = Rule(
  'charging_periods',
  'must begin between start_date_time and end_date_time',
  (object) => {
    const [start, end] = [instantOf(object.start_date_time), instantOf(object.end_date_time)];
    const periods: unknown[] = Array.isArray(object.charging_periods) ? object.charging_periods : [];
    if (start === undefined || end === undefined || end < start) return true;
    return periods.every((period) => {
      const at = instantOf((period as Fields | null)?.start_date_time);
      return at === undefined || (at >= start && at <= end);
    });
  },
);
