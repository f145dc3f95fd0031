/**
 * OCPI DateTime (spec: types, DateTime): kept as sent, compared as instants. Offsets are not OCPI, but real feeds
 * have them: they are understood (lenient partners), the strict check refuses them.
 */
const DATE_TIME = /^(\d{4}-\d{2}-\d{2})T(\d{2}:\d{2}:\d{2})(\.\d+)?(Z|[+-]\d{2}:?\d{2})?$/i;

/**
 * Microseconds since 1970, or undefined if the text is no date. Microseconds, because real feeds send six
 * digits and two updates within one millisecond must not compare as equal; PostgreSQL keeps as many.
 */
export function instantOf(text: unknown): number | undefined {
  if (typeof text !== 'string') return undefined;
  const found = DATE_TIME.exec(text);
  if (!found) return undefined;
  const zone = found[4] ?? 'Z';
  const ms = Date.parse(`${found[1]}T${found[2]}${zone.toUpperCase().replace(/^(.\d\d)(\d\d)$/, '$1:$2')}`);
  if (Number.isNaN(ms)) return undefined;
  return ms * 1000 + Number((found[3] ?? '.0').slice(1, 7).padEnd(6, '0'));
}

/** The instant as a literal that PostgreSQL reads as timestamptz. */
export function toTimestamp(micros: number): string {
  const ms = Math.floor(micros / 1000);
  const rest = String(micros - ms * 1000).padStart(3, '0');
  return new Date(ms).toISOString().replace('Z', `${rest}Z`);
}
