import { execFileSync } from 'node:child_process';
import fs from 'node:fs';
import os from 'node:os';
import path from 'node:path';
import { round, type Figure, type Plan } from './measure';

/* docs/performance.md and the JSON file. */

const DOCUMENT = path.join(__dirname, '..', '..', 'docs', 'performance.md');

export interface Results {
  plan: Plan;
  figures: Figure[];
  /** The writes without anyone to push to: for information. */
  without: Figure[];
}

const two = (n: number): string => n.toFixed(2);

function row({ name, yardstick, ratio, target, holds, measured }: Figure): string {
  const verdict = holds === undefined ? '' : holds ? 'yes' : '**no**';
  const rates = `${round(measured.hub)} / ${round(measured.yardstick)} ${measured.unit}`;
  const cells = [
    name,
    yardstick,
    two(ratio.median),
    two(ratio.min),
    two(ratio.max),
    target ?? '',
    verdict,
    rates,
  ];
  return `| ${cells.join(' | ')} |`;
}

const HEAD = [
  '| Figure | Yardstick | Median | Min | Max | Target | Holds | Measured (hub / yardstick) |',
  '| --- | --- | --- | --- | --- | --- | --- | --- |',
];

const table = (figures: readonly Figure[]): string => [...HEAD, ...figures.map(row)].join('\n');

function machine(): string {
  const cpus = os.cpus();
  const memory = Math.round(os.totalmem() / 2 ** 30);
  const load = os.loadavg().map(two).join(', ');
  return `${cpus.length} × ${cpus[0]?.model.trim() ?? 'unknown'}, ${memory} GiB, ${os.type()} ${os.release()}, Node ${process.versions.node}; load average at the end ${load}`;
}

function revision(): string {
  try {
    return execFileSync('git', ['log', '-1', '--format=%h'], { cwd: __dirname, encoding: 'utf8' }).trim();
  } catch {
    return 'unknown';
  }
}

function shortcomings(figures: readonly Figure[]): string {
  const short = figures.filter((figure) => figure.holds === false);
  if (short.length === 0) return 'Nothing falls short of its target.';
  return short
    .map(
      (f) =>
        `- ${f.name}: ${two(f.ratio.median)}, wanted ${f.target} (${two(f.ratio.min)} to ${two(f.ratio.max)}).`,
    )
    .join('\n');
}

function document({ plan, figures, without }: Results): string {
  return `# Performance

Written by \`npm run bench\` on ${new Date().toISOString()}, of commit ${revision()} and what was not committed yet${plan.quick ? ' (quick run)' : ''}.

Machine: ${machine()}.

Each figure is the ratio of two runs in turn (hub, yardstick, hub, yardstick, ${plan.pairs} pairs of ${plan.ms} ms after one to warm up). The hub is the whole built process on its embedded PostgreSQL with durable commits; load, receivers and yardstick are processes of their own, which share the machine's cores with it. Ratios travel between machines better than rates do; the rates are there to see what the ratios are made of.

## Figures

${table(figures)}

## Short of the target

${shortcomings(figures)}

## What pushes cost

The same writes before any eMSP was registered: what is lost against these is the CPU that pushes and their receivers take on shared cores.

${table(without)}

## How to read it

- Y1 checks no token, validates nothing, keeps no change log and pushes nothing. Its PostgreSQL has the hub's settings.
- The load has one request in flight per connection; any answer but a success ends the bench.
- Before a run of the yardstick begins, what the hub still had to push has gone out.
- Pushes: the time from the first PATCH until each of 50 receivers got each push, so it contains the writes, too. The bare loop sends what a receiver got, byte by byte, over one connection per receiver.
- Pull: from the start of a CPO's first pull, right after its registration, to its end; pages of 1000 by the simulated platform, which makes them when it is asked. A pull of pages that were ready made would be held against some 170,000 objects a second. A second pull with nothing changed must write no change, no version, and no more log than its own progress.
- A partner that was down: ten changes of each location while it hangs up; then it calls the hub. Its pushes are counted until none comes any more, against the locations that changed; its time against that of its first full push.
- Write-ahead log and statements (commits): two hubs, 300 and 1 receiving platforms, in turn; 200 changes a second to 100 locations, looked at for the same time, rest included. Pages are warm: the first change of a page after a checkpoint is logged as a whole page on either side.
- Lists: the whole list is read by its links first; each location must stand there once and each X-Total-Count be exact.
`;
}

/** Writes the document, and the file for machines where one is asked for. */
export function writeReport(results: Results, jsonFile: string | undefined): void {
  fs.mkdirSync(path.dirname(DOCUMENT), { recursive: true });
  fs.writeFileSync(DOCUMENT, document(results));
  if (jsonFile === undefined) return;
  const bare = (figures: readonly Figure[]): object[] =>
    figures.map(({ name, yardstick, ratio, target, holds }) => ({ name, yardstick, ratio, target, holds }));
  const content = { figures: bare(results.figures), without_receivers: bare(results.without) };
  fs.writeFileSync(jsonFile, `${JSON.stringify(content, null, 2)}\n`);
}
