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
  /** The writes without receivers, for information. */
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

const HOW_TO_READ = `## How to read it

- Y1 checks no token, validates nothing, keeps no change log and pushes nothing. Its PostgreSQL has the hub's settings.
- The load has one request in flight per connection. Any answer but a success ends the bench.
- A run of the yardstick begins only when the hub has pushed everything.
- Pushes: the time from the first PATCH until all 50 receivers have all pushes. It contains the writes. The bare loop
  sends the same bytes as a receiver got, over one connection per receiver.
- Pull: the time of a CPO's first pull, right after its registration. The simulated platform makes its pages of 1000
  when they are asked for. With pages made before, the yardstick would reach some 170,000 objects per second. A second
  pull without changes must write no change, no version, and no more log than its own progress.
- A partner that was down: each location changes ten times while the partner hangs up. Then the partner calls the hub.
  All its pushes are counted and compared with the number of locations that changed. The time is compared with that of
  the partner's first full push.
- Write-ahead log and statements (commits): two hubs in turn, with 300 and with 1 receiving platforms. Both get 200
  changes per second to 100 locations and are measured for the same time, rest included. Pages are warm: the first
  change of a page after a checkpoint is logged as a whole page on either side.
- Lists: the whole list is read by its links first. Each location must be in it once, and each X-Total-Count must be
  exact.
`;

const METHOD = `The hub is the whole built process on its embedded PostgreSQL, with durable commits. Load, receivers and yardstick are
processes of their own, which share the machine's cores with the hub. Ratios depend less on the machine than rates do.
The rates show what the ratios are made of.`;

function document({ plan, figures, without }: Results): string {
  return `# Performance

Written by \`npm run bench\` on ${new Date().toISOString()}, of commit ${revision()} and uncommitted changes${plan.quick ? ' (quick run)' : ''}.

Machine: ${machine()}.

Each figure is the ratio of hub and yardstick, measured in turn: ${plan.pairs} pairs of ${plan.ms} ms, after one pair to warm up.
${METHOD}

## Figures

${table(figures)}

## Short of the target

${shortcomings(figures)}

## What pushes cost

The same writes before any eMSP was registered. The difference is the CPU of pushes and receivers on shared cores.

${table(without)}

${HOW_TO_READ}`;
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
