import type { Partner } from './partner';

/** A partner and whether it holds what it must. */
export interface Row {
  partner: Partner;
  verdict: string;
}

const HEAD = ['partner', 'role', 'sent', 'accepted', 'refused', 'received', 'in sync'];

/** The result as text: a line per partner, and below it why the hub refused what. */
export function table(rows: Row[]): string {
  const lines = [HEAD, ...rows.map(cells)];
  const widths = HEAD.map((_, column) => Math.max(...lines.map((line) => (line[column] ?? '').length)));
  const text = lines.map((line) =>
    line.map((cell, column) => pad(cell, widths[column] ?? 0, column)).join('  '),
  );
  return [...text.map((line) => line.trimEnd()), ...rows.flatMap(({ partner }) => reasons(partner))].join(
    '\n',
  );
}

function cells({ partner, verdict }: Row): string[] {
  const { name, platform, sent, accepted } = partner;
  const role = platform.parties[0]?.role ?? '';
  return [name, role, ...[sent, accepted, sent - accepted, platform.received.length].map(String), verdict];
}

/** Numbers stand to the right. */
function pad(cell: string, width: number, column: number): string {
  return column >= 2 && column <= 5 ? cell.padStart(width) : cell.padEnd(width);
}

function reasons(partner: Partner): string[] {
  return [...partner.refused].map(([reason, count]) => `${partner.name}: ${count} refused: ${reason}`);
}
