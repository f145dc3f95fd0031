/*
 * OCPI DateTime (spec: types, DateTime): kept as sent, compared as instants. Offsets are not OCPI, but real feeds
 * have them: they are understood (lenient partners), the strict check refuses them.
 */

/** There is no year 0, neither in PostgreSQL nor in any calendar in use. */
const YEAR_ONE = Date.parse('0001-01-01T00:00:00Z');

const DATE_TIME = /^(\d{4}-\d{2}-\d{2})T((?:[01]\d|2[0-3]):\d{2}:\d{2})(\.\d+)?(Z|[+-]\d{2}:?\d{2})?$/i;

/**
 * Does the month that a date of the form 2018-02-28 (more may follow) names have that many days? 2024-02-30 is on no
 * calendar; Date would read it as the 1st of March. Every month has 28: most need no look at the calendar.
 */
export function isCalendarDay(text: string): boolean {
  if (text.charCodeAt(8) < 51 && text.charCodeAt(8) + text.charCodeAt(9) < 107) return true;
  const day = Number(text.slice(8, 10));
  return day <= new Date(Date.UTC(Number(text.slice(0, 4)), Number(text.slice(5, 7)), 0)).getUTCDate();
}

const EXAMPLE = '2018-01-01T01:08:01.123Z';

/** What a DateTime must be, as the end of "must be …", fitted to a value that is none. */
export function dateTimeWords(value: unknown): string {
  if (typeof value === 'number') return `a DateTime in quotes, such as "${EXAMPLE}", not a number`;
  if (typeof value !== 'string') return `a DateTime in UTC such as ${EXAMPLE}, of at most 25 characters`;
  if (/^\d{4}-\d{2}-\d{2}$/.test(value)) return `a DateTime with a time of day, such as ${EXAMPLE}`;
  if (hasOffset(value)) return `a DateTime in UTC, with Z in place of an offset, such as ${EXAMPLE}`;
  if (/^\d{4}-\d{2}-\d{2} /.test(value))
    return `a DateTime with T before the time of day, such as ${EXAMPLE}`;
  if (instantOf(value) !== undefined && value.length > 25)
    return `a DateTime of at most 25 characters, such as ${EXAMPLE}`;
  return `a DateTime in UTC such as ${EXAMPLE}, of at most 25 characters`;
}

/** Does the text end in an offset? `Z` is none. */
export function hasOffset(text: string): boolean {
  return /[+-]\d{2}:?\d{2}$/.test(text) && text.includes('T');
}

/**
 * Microseconds since 1970, or undefined if the text is no date. Microseconds, because real feeds send six
 * digits and two updates within one millisecond must not compare as equal; PostgreSQL keeps as many.
 */
export function instantOf(text: unknown): number | undefined {
  if (typeof text !== 'string') return undefined;
  return plainInstant(text) ?? anyInstant(text);
}

const digits = (text: string, at: number, count: number): number => {
  let value = 0;
  for (let i = at; i < at + count; i++) {
    const digit = text.charCodeAt(i) - 48;
    if (digit < 0 || digit > 9) return NaN;
    value = value * 10 + digit;
  }
  return value;
};

/** The common forms, 2018-01-01T01:08:01Z and with .123, on days that every month has: without a regular expression. */
function plainInstant(text: string): number | undefined {
  const fraction = text.length === 24 ? digits(text, 20, 3) : text.length === 20 ? 0 : NaN;
  const marks = text.charCodeAt(4) === 45 && text.charCodeAt(7) === 45 && text.charCodeAt(10) === 84;
  if (!marks || text.charCodeAt(13) !== 58 || text.charCodeAt(16) !== 58 || !text.endsWith('Z'))
    return undefined;
  if (text.length === 24 && text.charCodeAt(19) !== 46) return undefined;
  const [month, day, hour] = [digits(text, 5, 2), digits(text, 8, 2), digits(text, 11, 2)];
  const [minute, second] = [digits(text, 14, 2), digits(text, 17, 2)];
  const inRange =
    digits(text, 0, 4) >= 1000 &&
    month >= 1 &&
    month <= 12 &&
    day >= 1 &&
    day <= 28 &&
    hour < 24 &&
    minute < 60 &&
    second < 60;
  const ms = Date.UTC(digits(text, 0, 4), month - 1, day, hour, minute, second) + fraction;
  return inRange && !Number.isNaN(ms) ? ms * 1000 : undefined;
}

function anyInstant(text: string): number | undefined {
  const found = DATE_TIME.exec(text);
  if (!found || !isCalendarDay(text)) return undefined;
  const zone = found[4] ?? 'Z';
  const ms = Date.parse(`${found[1]}T${found[2]}${zone.toUpperCase().replace(/^(.\d\d)(\d\d)$/, '$1:$2')}`);
  if (Number.isNaN(ms) || ms < YEAR_ONE) return undefined;
  return ms * 1000 + Number((found[3] ?? '.0').slice(1, 7).padEnd(6, '0'));
}

/** The instant as a literal that PostgreSQL reads as timestamptz. */
export function toTimestamp(micros: number): string {
  const ms = Math.floor(micros / 1000);
  const rest = String(micros - ms * 1000).padStart(3, '0');
  return new Date(ms).toISOString().replace('Z', `${rest}Z`);
}
