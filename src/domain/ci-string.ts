/* CiStrings (spec: types, CiString) are compared case-insensitively and kept as sent. */

/** The form in which CiStrings are compared and looked up. */
export const fold = (text: string): string => text.toUpperCase();

/** Are these the same CiString? */
export const sameCiString = (a: string, b: string): boolean => fold(a) === fold(b);
