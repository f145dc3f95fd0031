/*
 * Texts of partners as values. JSON.parse takes half a second for 1 MiB of brackets, and whatever walks such a value after
 * it overflows the stack: what is nested deeper than any object of OCPI is refused first, in one look at the text.
 */

/** OCPI's own objects have some ten levels. */
export const DEEPEST = 100;
/** A shorter text costs nothing, however deep it is. */
const SHORT = 4096;

const [QUOTE, BACKSLASH] = [34, 92];
const [OPEN_BRACKET, CLOSE_BRACKET, OPEN_BRACE, CLOSE_BRACE] = [91, 93, 123, 125];

function isTooDeep(text: string): boolean {
  let depth = 0;
  let isInString = false;
  for (let i = 0; i < text.length; i++) {
    const c = text.charCodeAt(i);
    if (isInString) {
      if (c === BACKSLASH) i++;
      else if (c === QUOTE) isInString = false;
    } else if (c === QUOTE) isInString = true;
    else if (c === OPEN_BRACKET || c === OPEN_BRACE) {
      if (++depth > DEEPEST) return true;
    } else if (c === CLOSE_BRACKET || c === CLOSE_BRACE) depth--;
  }
  return false;
}

/** @throws SyntaxError for what is no JSON, or nested deeper than DEEPEST */
export function parseJson(text: string): unknown {
  if (text.length > SHORT && isTooDeep(text)) throw new SyntaxError(`nested deeper than ${DEEPEST} levels`);
  return JSON.parse(text);
}
