/*
 * The response_url of a GET or DELETE stands in the query string, encoded or not (mod_charging_profiles, examples;
 * semantics 26). Not encoded it may hold `?` and `&` of its own: then it reaches to the next parameter that the
 * module knows, else to the end.
 */

export interface QueryUrl {
  value: string;
  /** Where its value stands in the query string. */
  start: number;
  end: number;
}

const NAME = /[?&]response_url=/;
const OTHER_PARAMETER = '&duration=';

function decoded(raw: string): string {
  try {
    return decodeURIComponent(raw);
  } catch {
    return raw;
  }
}

/** The response_url of a raw query string that begins with `?`; undefined where it has none. */
export function findResponseUrl(search: string): QueryUrl | undefined {
  const found = NAME.exec(search);
  if (!found) return undefined;
  const start = found.index + found[0].length;
  const plain = /^https?:\/\//i.test(search.slice(start));
  const stop = search.indexOf(plain ? OTHER_PARAMETER : '&', start);
  const end = stop < 0 ? search.length : stop;
  const raw = search.slice(start, end);
  return { value: plain ? raw : decoded(raw), start, end };
}

/** The query string with another response_url, encoded. */
export function withResponseUrl(search: string, found: QueryUrl, url: string): string {
  return `${search.slice(0, found.start)}${encodeURIComponent(url)}${search.slice(found.end)}`;
}
