import { parseArgs } from 'node:util';
import { endAll } from './children';
import { measureBodies } from './figures/bodies';
import { measureCatchup } from './figures/catchup';
import { measureLists } from './figures/lists';
import { measureMemory } from './figures/memory';
import { measurePull } from './figures/pull';
import { measurePushes } from './figures/pushes';
import { measureRelay } from './figures/relay';
import { measureValidation } from './figures/validation';
import { measureWrites } from './figures/writes';
import { measureWal } from './figures/wal';
import type { Figure, Plan } from './measure';
import { writeReport } from './report';

/*
 * npm run bench [-- --quick] [-- --json FILE] [-- --only writes,pushes,relay,lists,pull,catchup,wal,validation,bodies]
 * npm run bench -- --only memory      takes some fifteen minutes, so it is no part of the run without --only
 */

const FULL: Plan = { quick: false, pairs: 5, ms: 1500 };
const QUICK: Plan = { quick: true, pairs: 3, ms: 600 };
const LIMIT_MS = { full: 900_000, quick: 420_000 };
/** With what is asked for by name alone. */
const LONGER_MS = 1_500_000;

async function measure(
  plan: Plan,
  only: readonly string[],
): Promise<{ figures: Figure[]; without: Figure[] }> {
  const asked = (part: string): boolean => only.includes(part);
  const wanted = (part: string): boolean => only.length === 0 || asked(part);
  const figures: Figure[] = [];
  let without: Figure[] = [];
  if (wanted('bodies')) figures.push(...(await measureBodies(plan)));
  await endAll();
  if (wanted('validation')) figures.push(await measureValidation(plan));
  if (wanted('writes')) {
    const writes = await measureWrites(plan);
    figures.push(...writes.figures);
    without = writes.without;
    await endAll();
  }
  if (wanted('pushes')) figures.push(await measurePushes(plan));
  await endAll();
  if (wanted('relay')) figures.push(...(await measureRelay(plan)));
  await endAll();
  if (wanted('lists')) figures.push(await measureLists(plan));
  await endAll();
  if (wanted('pull')) figures.push(await measurePull(plan));
  await endAll();
  if (wanted('catchup')) figures.push(...(await measureCatchup(plan)));
  await endAll();
  if (wanted('wal')) figures.push(...(await measureWal(plan)));
  await endAll();
  if (asked('memory')) figures.push(...(await measureMemory(plan)));
  return { figures, without };
}

function endOnSignal(): void {
  for (const signal of ['SIGINT', 'SIGTERM'] as const)
    process.once(signal, () => void endAll().then(() => process.exit(130)));
}

async function main(): Promise<void> {
  const options = { quick: { type: 'boolean' }, json: { type: 'string' }, only: { type: 'string' } } as const;
  const { values } = parseArgs({ options });
  const plan = values.quick ? QUICK : FULL;
  const only = values.only?.split(',') ?? [];
  endOnSignal();
  const limit = setTimeout(
    () => {
      process.stderr.write('the bench took too long\n');
      void endAll().then(() => process.exit(1));
    },
    (plan.quick ? LIMIT_MS.quick : LIMIT_MS.full) + (only.includes('memory') ? LONGER_MS : 0),
  );
  try {
    const results = await measure(plan, only);
    if (only.length === 0) writeReport({ plan, ...results }, values.json);
  } finally {
    clearTimeout(limit);
    await endAll();
  }
}

main().catch((error: unknown) => {
  process.stderr.write(`the bench failed: ${error instanceof Error ? error.stack : String(error)}\n`);
  process.exitCode = 1;
});
