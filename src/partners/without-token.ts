/**
 * A text of a partner without the token that was sent to it: some repeat the Authorization header in what they answer,
 * and that text goes into logs, reports and tables.
 */
export function withoutToken(text: string, token: string | null | undefined): string {
  if (!token) return text;
  const forms = [token, Buffer.from(token, 'utf8').toString('base64')];
  return forms.reduce((left, form) => left.replaceAll(form, '***'), text);
}
