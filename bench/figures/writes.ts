import { startChild, temporaryFolder } from '../children';
import { Generator, Receivers } from '../generator';
import { startHub } from '../hub';
import { compare, type Compared, type Figure, type Plan } from '../measure';
import type { Target, Work } from '../messages';
import { registerCpo, registerReceivers } from '../partner';

/* Writes through every step against Y1: without anyone to push to, then with two eMSPs that get each push. */

const LOCATIONS = 2000;
const Y1 = 'Y1: node:http, JSON.parse, one prepared upsert and commit, pg pool 10';

interface Case {
  name: string;
  work: Work;
  connections: number;
  atLeast: number;
}

const CASES: Case[] = [
  { name: 'EVSE status PATCH at 16', work: { kind: 'patch', count: LOCATIONS }, connections: 16, atLeast: 1 },
  {
    name: 'EVSE status PATCH at 64',
    work: { kind: 'patch', count: LOCATIONS },
    connections: 64,
    atLeast: 1.5,
  },
  { name: 'EVSE status PATCH at 1', work: { kind: 'patch', count: LOCATIONS }, connections: 1, atLeast: 0.7 },
  {
    name: 'PUT of a 3 kB Location at 16',
    work: { kind: 'put', count: LOCATIONS },
    connections: 16,
    atLeast: 0.9,
  },
];

interface Bench {
  plan: Plan;
  generator: Generator;
  receivers: Receivers;
  hub: Target;
  yardstick: Target;
}

function comparison(bench: Bench, the: Case, pushes: boolean): Compared {
  const { generator, plan, receivers } = bench;
  const load = { work: the.work, connections: the.connections, ms: plan.ms };
  return {
    name: `${the.name}, ${pushes ? 'pushed to 2 eMSPs meanwhile' : 'no receivers'}`,
    yardstick: Y1,
    unit: 'requests/s',
    target: pushes ? { relation: '>=', value: the.atLeast } : undefined,
    hub: async () => {
      const rate = await generator.rate({ ...load, target: bench.hub });
      // what is still to be pushed must not burden the yardstick's run
      if (pushes) await receivers.untilQuiet(200, 10_000);
      return rate;
    },
    reference: () => generator.rate({ ...load, target: bench.yardstick }),
  };
}

async function all(bench: Bench, pushes: boolean): Promise<Figure[]> {
  const figures: Figure[] = [];
  for (const the of CASES) figures.push(await compare(bench.plan, comparison(bench, the, pushes)));
  return figures;
}

async function fill({ generator, hub, yardstick }: Bench): Promise<void> {
  const work: Work = { kind: 'fill', count: LOCATIONS, small: false };
  for (const target of [hub, yardstick]) await generator.run({ target, work, connections: 64, ms: 60_000 });
}

export async function measureWrites(plan: Plan): Promise<{ figures: Figure[]; without: Figure[] }> {
  const generator = await Generator.start();
  const receivers = await Receivers.start();
  const { first } = await startChild<{ port: number }>('yardstick.js', [temporaryFolder()]);
  const hub = await startHub();
  const target = await registerCpo(hub, receivers.port);
  const bench = { plan, generator, receivers, hub: target, yardstick: { ...target, port: first.port } };
  await fill(bench);
  const without = await all(bench, false);
  await registerReceivers(hub, receivers.port, { from: 0, to: 2 });
  await receivers.until(2 * LOCATIONS, 60_000);
  const before = await receivers.received();
  const figures = await all(bench, true);
  if ((await receivers.received()) === before) throw new Error('nothing was pushed meanwhile');
  return { figures, without };
}
