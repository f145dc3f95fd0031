/**
 * How long to leave a partner alone after its nth failure in a row: doubling, with jitter over the upper half, so
 * that many positions of one dead partner do not come back at the same instant.
 * @param failures 1 for the first
 * @param random from 0 to 1
 */
export function retryDelay(
  failures: number,
  bounds: { minMs: number; maxMs: number },
  random: number,
): number {
  const full = Math.min(bounds.maxMs, bounds.minMs * 2 ** Math.min(failures - 1, 30));
  return Math.round(full / 2 + (full / 2) * random);
}

/** Nobody is left alone for longer, whatever it asks for. */
const LONGEST_MS = 3_600_000;

/**
 * What a Retry-After header says (RFC 9110, 10.2.3), in milliseconds, an hour at most: seconds, or a date. A date is
 * measured from the answer's own Date where there is one, since the clocks of two machines may differ by minutes.
 * undefined: there is none, or it makes no sense.
 */
export function retryAfterMs(
  value: string | undefined,
  at: { date: string | undefined; now: number },
): number | undefined {
  if (value === undefined) return undefined;
  const text = value.trim();
  if (/^\d+$/.test(text)) return Math.min(Number(text) * 1000, LONGEST_MS);
  const until = Date.parse(text);
  if (Number.isNaN(until) || !/[a-z]/i.test(text)) return undefined;
  const said = at.date === undefined ? Number.NaN : Date.parse(at.date);
  return Math.min(Math.max(0, until - (Number.isNaN(said) ? at.now : said)), LONGEST_MS);
}
