import { instantOf } from '../../../domain/instants';
import { Rule } from '../../check/field';

/* Rules over several fields that more than one object has. A rule looks only at what is of the right type. */

type Fields = Record<string, unknown>;

const isNegative = (value: unknown): boolean => typeof value === 'number' && value < 0;

const isGiven = (value: unknown): boolean => value !== undefined && value !== null;

/** JSON Schema of "the field has this value", for `if` and `then`. */
export const is = (field: string, value: unknown): object => ({
  properties: { [field]: { const: value } },
  required: [field],
});

const given = (field: string): object => ({
  properties: { [field]: { not: { type: 'null' } } },
  required: [field],
});

/** A field that another one needs. */
export const neededWith = (field: string, other: string): ClassDecorator =>
  Rule(field, `is required where ${other} is set`, {
    test: (object) => !isGiven(object[other]) || isGiven(object[field]),
    schema: { if: given(other), then: given(field) },
  });

/** One of these fields at least. */
export const oneGiven = (words: string, ...fields: string[]): ClassDecorator =>
  Rule('', words, {
    test: (object) => fields.some((field) => isGiven(object[field])),
    schema: { anyOf: fields.map(given) },
  });

/** A number that counts something: never below zero. */
export const notNegative = (field: string): ClassDecorator =>
  Rule(field, 'must not be negative', {
    test: (object) => !isNegative(object[field]),
    schema: { properties: { [field]: { minimum: 0 } } },
  });

/** A Price (mod_types) that only a credit may have below zero. */
export const notNegativeCost = (field: string, isCredit: (object: Fields) => boolean): ClassDecorator =>
  Rule(field, 'must not be negative where it is no Credit CDR', {
    test: (object) => {
      const price = object[field];
      if (isCredit(object) || typeof price !== 'object' || price === null) return true;
      return !Object.values(price).some(isNegative);
    },
    schema: {
      if: is('credit', true),
      else: { properties: { [field]: { additionalProperties: { minimum: 0 } } } },
    },
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
