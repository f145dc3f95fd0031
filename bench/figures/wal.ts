import { Generator, Receivers } from '../generator';
import { startHub, type Hub } from '../hub';
import { figureOf, type Figure, type Pair, type Plan } from '../measure';
import type { Target } from '../messages';
import { registerCpo, registerReceivers } from '../partner';

/*
 * What a change costs the database when 300 platforms receive it against one: bytes of write-ahead log and statements,
 * at a settled pace. Two hubs, each with a database of its own, are measured in turn. Few objects change, so that
 * pushes fold and end with the load: 60,000 of them a second are beyond the machine. What each change costs once,
 * whoever receives it (its removal from the log, autovacuum, checkpoints), is kept out: it would fall into one window or
 * another by chance.
 */

const MANY = 300;
const OBJECTS = 100;
const PER_S = 200;
/** After a load the pushes end, positions are saved, and each connection tells its count: within 10 s when it rests. */
const REST_MS = 14_000;
const QUIET_MS = 1000;
const PAIRS = 2;

interface Side {
  hub: Hub;
  target: Target;
}

interface Bench {
  generator: Generator;
  receivers: Receivers;
  many: Side;
  few: Side;
}

interface Cost {
  wal: number;
  statements: number;
}

async function side(
  { generator, receivers }: Pick<Bench, 'generator' | 'receivers'>,
  platforms: number,
): Promise<Side> {
  const hub = await startHub();
  const target = await registerCpo(hub, receivers.port);
  const work = { kind: 'fill' as const, count: OBJECTS, small: true };
  await generator.run({ target, work, connections: 16, ms: 60_000 });
  const before = await receivers.received();
  await registerReceivers(hub, receivers.port, { from: 1, to: 1 + platforms });
  await receivers.until(before + platforms * OBJECTS, 120_000);
  await receivers.untilQuiet(QUIET_MS, 30_000);
  await hub.query('vacuum analyze');
  await hub.query('alter system set autovacuum = off');
  await hub.query(`alter system set checkpoint_timeout = '1h'`);
  await hub.query('select pg_reload_conf()');
  await hub.query('checkpoint');
  return { hub, target };
}

async function counters(hub: Hub): Promise<Cost> {
  const [row] = await hub.query<{ wal: string; statements: string }>(
    `select pg_wal_lsn_diff(pg_current_wal_insert_lsn(), '0/0')::text as wal, xact_commit::text as statements
       from pg_stat_database where datname = current_database()`,
  );
  return { wal: Number(row?.wal), statements: Number(row?.statements) };
}

const until = (moment: number): Promise<void> =>
  new Promise((resolve) => setTimeout(resolve, moment - performance.now()));

/** The cost of each change; the same time is looked at whatever it brings, as a hub at rest costs something too. */
async function run(bench: Bench, { hub, target }: Side, ms: number): Promise<Cost> {
  const { generator, receivers } = bench;
  await hub.query('update upkeep set trimmed_at = now()'); // the next one comes after the window
  const before = await counters(hub);
  const end = performance.now() + ms + REST_MS;
  const work = { kind: 'patch' as const, count: OBJECTS, evses: 1 };
  const { done } = await generator.run({ target, work, connections: 8, ms, perSecond: PER_S });
  if (done < (PER_S * ms * 0.95) / 1000) throw new Error(`only ${done} changes in ${ms} ms`);
  await receivers.untilQuiet(QUIET_MS, REST_MS);
  if (performance.now() > end) throw new Error('pushes went on for too long');
  await until(end);
  const after = await counters(hub);
  const each = (of: keyof Cost): number => (after[of] - before[of]) / done;
  return { wal: each('wal'), statements: each('statements') };
}

const what = (name: string, unit: string): Parameters<typeof figureOf>[0] => ({
  name: `${name} per change, ${MANY} receiving platforms at ${PER_S} changes/s`,
  yardstick: 'the same with 1',
  unit,
  target: { relation: '<=', value: 1.05 },
});

export async function measureWal(plan: Plan): Promise<Figure[]> {
  const parts = { generator: await Generator.start(), receivers: await Receivers.start() };
  const bench: Bench = { ...parts, few: await side(parts, 1), many: await side(parts, MANY) };
  const ms = plan.quick ? 8000 : 20_000;
  const wal: Pair[] = [];
  const statements: Pair[] = [];
  // the first pair warms up: after a checkpoint the first change of a page is logged as the whole page
  for (let n = -1; n < (plan.quick ? 1 : PAIRS); n++) {
    const many = await run(bench, bench.many, ms);
    const few = await run(bench, bench.few, ms);
    if (n < 0) continue;
    wal.push({ hub: many.wal, reference: few.wal });
    statements.push({ hub: many.statements, reference: few.statements });
  }
  for (const { hub } of [bench.many, bench.few]) await hub.stop();
  return [
    figureOf(what('write-ahead log', 'bytes'), wal),
    figureOf(what('statements', 'commits'), statements),
  ];
}
