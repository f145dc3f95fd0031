/** A partner's token goes to its own origin alone: two URLs of one. What is no URL has none. */
export function sameOrigin(a: string, b: string): boolean {
  return URL.canParse(a) && URL.canParse(b) && new URL(a).origin === new URL(b).origin;
}
