/** What one check found; a wrong one is said with its remedy. */
export interface Finding {
  state: 'ok' | 'warning' | 'wrong';
  what: string;
  words: string;
}

export const ok = (what: string, words: string): Finding => ({ state: 'ok', what, words });
export const warning = (what: string, words: string): Finding => ({ state: 'warning', what, words });
export const wrong = (what: string, words: string): Finding => ({ state: 'wrong', what, words });

/** One line per finding, and what they come to. */
export function report(findings: readonly Finding[]): string {
  const width = Math.max(...findings.map(({ what }) => what.length));
  const lines = findings.map(
    ({ state, what, words }) => `${state.padEnd(7)}  ${what.padEnd(width)}  ${words}`,
  );
  const count = (state: Finding['state']): number => findings.filter((found) => found.state === state).length;
  return [...lines, '', `${count('wrong')} wrong, ${count('warning')} to be looked at`, ''].join('\n');
}
