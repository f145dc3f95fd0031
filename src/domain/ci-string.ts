/* CiStrings (spec: types, CiString) are compared case-insensitively and kept as sent. */

/** The form in which CiStrings are compared and looked up. */
export const fold = (text: string): string => text.toUpperCase();

/** Are these the same CiString? */
export const sameCiString = (a: string, b: string): boolean => fold(a) === fold(b);

/**
 * Is a name one edit away from a known one: a letter too many, too few or another one, or two that changed places?
 * Names that are equal are not.
 */
export function isOneEdit(known: string, name: string): boolean {
  if (known === name || Math.abs(known.length - name.length) > 1) return false;
  let at = 0;
  while (at < known.length && known[at] === name[at]) at++;
  const [a, b] = [known.slice(at), name.slice(at)];
  const isSwapped = a[0] === b[1] && a[1] === b[0] && a.slice(2) === b.slice(2);
  return a.slice(1) === b || a === b.slice(1) || a.slice(1) === b.slice(1) || isSwapped;
}
