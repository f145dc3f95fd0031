import { LRUCache } from 'lru-cache';
import { dateTimeWords, isCalendarDay } from '../../../domain/instants';
import type { ScalarType } from '../../check/field';
import { scalar } from '../../check/scalar';

export { string, url } from '../../check/scalar';

/* The scalar types of the specification (types.asciidoc; semantics 43 to 45). */

const ASCII = /^[\x20-\x7e]*$/;

/** CiString(max): printable ASCII, compared case-insensitively. */
export const ciString = (max: number): ScalarType =>
  scalar('ciString', `printable ASCII of 1 to ${max} characters`, {
    test: (v) => typeof v === 'string' && v !== '' && v.length <= max && ASCII.test(v),
    schema: { type: 'string', minLength: 1, maxLength: max, pattern: ASCII.source },
  });

/** A string of a given form. */
export const pattern = (form: RegExp, words: string): ScalarType =>
  scalar('pattern', words, {
    test: (v) => typeof v === 'string' && form.test(v),
    schema: { type: 'string', pattern: form.source },
  });

const DATE_TIME =
  /^(?!0000)\d{4}-(?:0[1-9]|1[0-2])-(?:0[1-9]|[12]\d|3[01])T(?:[01]\d|2[0-3]):[0-5]\d:[0-5]\d(?:\.\d+)?Z?$/;

export const dateTime = scalar('dateTime', dateTimeWords(undefined), {
  wordsFor: dateTimeWords,
  test: (v) => typeof v === 'string' && v.length <= 25 && DATE_TIME.test(v) && isCalendarDay(v),
  schema: { type: 'string', maxLength: 25, pattern: DATE_TIME.source },
});

export const number = scalar('number', 'a number', {
  test: (v) => typeof v === 'number' && Number.isFinite(v),
  schema: { type: 'number' },
});

/** Of a whole, in percent. */
export const percentage = scalar('percentage', 'a number from 0 to 100', {
  test: (v) => typeof v === 'number' && v >= 0 && v <= 100,
  schema: { type: 'number', minimum: 0, maximum: 100 },
});

export const int = (min = Number.MIN_SAFE_INTEGER, max = Number.MAX_SAFE_INTEGER): ScalarType =>
  scalar('int', min === Number.MIN_SAFE_INTEGER ? 'a whole number' : `a whole number from ${min} to ${max}`, {
    test: (v) => typeof v === 'number' && Number.isInteger(v) && v >= min && v <= max,
    schema: { type: 'integer', minimum: min, maximum: max },
  });

export const boolean = scalar('boolean', 'true or false', {
  test: (v) => typeof v === 'boolean',
  schema: { type: 'boolean' },
});

/** An enum: case-sensitive. */
export function oneOf(values: readonly string[]): ScalarType {
  const known = new Set<unknown>(values);
  return scalar('oneOf', `one of ${values.join(', ')}`, {
    test: (v) => known.has(v),
    schema: { type: 'string', enum: values },
  });
}

export const countryCode = pattern(/^[A-Za-z]{2}$/, 'an ISO 3166-1 alpha-2 country code');
export const partyId = ciString(3);
/** `#NA` stands for what cannot be given, in any string field (transport_and_format, No data available). */
export const country = pattern(/^([A-Z]{3}|#NA)$/, 'an ISO 3166-1 alpha-3 country code');
/** Codes of ISO 4217 that Intl leaves out: funds, metals, codes for no currency, and the newest. */
const FUNDS_AND_OTHERS =
  'BOV CHE CHW CLF COU MXV USN UYI UYW VED XAG XAU XBA XBB XBC XBD XPD XPT XTS XUA XXX ZWG';
const CURRENCIES = new Set([...Intl.supportedValuesOf('currency'), ...FUNDS_AND_OTHERS.split(' '), '#NA']);

export const currency = scalar('currency', 'an ISO 4217 currency code such as EUR', {
  test: (v) => typeof v === 'string' && CURRENCIES.has(v),
  schema: { type: 'string', pattern: '^([A-Z]{3}|#NA)$', description: 'A code of ISO 4217' },
});
export const language = pattern(/^[A-Za-z]{2}$/, 'an ISO 639-1 language code');
export const hourMinute = pattern(/^([0-1][0-9]|2[0-3]):[0-5][0-9]$/, 'a time of day such as 18:15');
export const date = pattern(
  /^[12][0-9]{3}-(0[1-9]|1[0-2])-(0[1-9]|[12][0-9]|3[01])$/,
  'a date such as 2015-12-24',
);
export const latitude = pattern(
  /^(?=.{1,10}$)-?[0-9]{1,2}\.[0-9]{5,7}$/,
  'a string with 5 to 7 decimals, such as "50.770774"',
);
export const longitude = pattern(
  /^(?=.{1,11}$)-?[0-9]{1,3}\.[0-9]{5,7}$/,
  'a string with 5 to 7 decimals, such as "-126.104965"',
);

/** `#NA`, or what has the form of a name. */
const ZONE = /^(?:#NA|[A-Za-z][A-Za-z0-9_+\-/]{0,63})$/;
const knownZones = new LRUCache<string, boolean>({ max: 2000 });

function isZone(name: string): boolean {
  if (name === '#NA') return true;
  if (!ZONE.test(name)) return false;
  try {
    new Intl.DateTimeFormat('en', { timeZone: name });
    return true;
  } catch {
    return false;
  }
}

/** A name of the IANA tzdata; answers are remembered, up to a bound. */
export const timeZone = scalar('timeZone', 'a tzdata name such as Europe/Oslo', {
  test: (v) => {
    if (typeof v !== 'string') return false;
    let known = knownZones.get(v);
    if (known === undefined) {
      known = isZone(v);
      if (v.length < 65) knownZones.set(v, known);
    }
    return known;
  },
  schema: { type: 'string', pattern: ZONE.source, description: 'A name of the IANA tzdata' },
});
