const MOST_S = 24 * 3600;

/** Seconds that Retry-After asks for (RFC 9110, 10.2.3: seconds or an HTTP date); a day at most. */
export function retryAfterS(header: string | readonly string[] | undefined, now: number): number | undefined {
  const text = (typeof header === 'string' ? header : header?.[0])?.trim();
  if (text === undefined || text === '') return undefined;
  const seconds = /^\d+$/.test(text) ? Number(text) : (Date.parse(text) - now) / 1000;
  return Number.isNaN(seconds) ? undefined : Math.min(MOST_S, Math.max(0, seconds));
}
