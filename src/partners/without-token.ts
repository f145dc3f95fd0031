/*
 * Some partners repeat the Authorization header in what they answer, and that text goes into logs, reports and tables.
 */

/** Long enough that no other word begins so. */
const TELLING = 8;

/** As withoutToken, of several tokens. */
export function withoutTokens(text: string, tokens: readonly string[]): string {
  const forms = tokens.filter((token) => token !== '').flatMap((token) => [token, encoded(token)]);
  return forms.reduce((left, form) => {
    const rest = left.replaceAll(form, '***');
    return form.length > TELLING ? rest.replace(beginsAs(form), '***') : rest;
  }, text);
}

const encoded = (token: string): string => Buffer.from(token, 'utf8').toString('base64').replace(/=+$/, '');

function beginsAs(form: string): RegExp {
  const begin = form.slice(0, TELLING).replace(/[^A-Za-z0-9]/g, (char) => `\\${char}`);
  return new RegExp(`${begin}[A-Za-z0-9+/_=-]*`, 'g');
}

/**
 * A partner's words without the token that was sent to it, in clear and in Base64. Words that were cut may end within a
 * token, so what begins as one is left out too.
 */
export const withoutToken = (text: string, token: string | null | undefined): string =>
  withoutTokens(text, token ? [token] : []);
