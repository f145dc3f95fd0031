/* Bodies of some size that are all list. */

export interface Body {
  name: string;
  method: 'PUT' | 'PATCH' | 'POST';
  /** Below /ocpi/2.2.1 */
  path: string;
  text: string;
  /** What is stored before, by PUT or POST. */
  before?: Pick<Body, 'method' | 'path' | 'text'>;
}

/** Some bytes are kept for what stands around a list. */
export const ROOM = 2_000;

export const at = (seconds: number): string => new Date(Date.UTC(2026, 0, 1, 0, 0, seconds)).toISOString();
export const T = at(0);

/** As many elements as fit in `bytes`. */
export function list(bytes: number, element: (n: number) => string): string {
  const parts: string[] = [];
  for (let n = 0, size = ROOM; size < bytes; n++) {
    const part = element(n);
    size += part.length + 1;
    if (size < bytes) parts.push(part);
  }
  return `[${parts.join(',')}]`;
}

export const withList = (object: object, member: string, elements: string): string =>
  `${JSON.stringify(object).slice(0, -1)},"${member}":${elements}}`;
