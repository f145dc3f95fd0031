import { Generator, Receivers } from '../generator';
import { startHub } from '../hub';
import { figureOf, type Figure, type Plan } from '../measure';
import type { Work } from '../messages';
import { registerCpo, registerEmsp, sayHello } from '../partner';

/*
 * A receiver is down while the EVSEs of many locations change, ten times each, whichever of their five; then it calls
 * the hub, which goes on. However many changes there were, it needs each location once.
 */

const CHANGES_PER_OBJECT = 10;
const PLATFORM = 1;
const LONGEST_MS = 180_000;
const QUIET_MS = 1000;

interface Run {
  objects: number;
  pushes: number;
  /** Until its first full push was whole, and until it had caught up. */
  ms: { full: number; caughtUp: number };
}

/** When the last of its pushes came, which is only known when none came for a while. */
async function settled(receivers: Receivers): Promise<number> {
  await receivers.untilQuiet(QUIET_MS, LONGEST_MS);
  return performance.now() - QUIET_MS;
}

async function run(objects: number): Promise<Run> {
  const generator = await Generator.start();
  const receivers = await Receivers.start();
  const hub = await startHub();
  const target = await registerCpo(hub, receivers.port);
  const load = (work: Work, requests?: number): Promise<unknown> =>
    generator.run({ target, work, connections: 64, ms: LONGEST_MS, requests });
  await load({ kind: 'fill', count: objects, small: false });
  const registered = performance.now();
  const token = await registerEmsp(hub, receivers.port, PLATFORM);
  await receivers.until(objects, LONGEST_MS);
  const full = (await settled(receivers)) - registered;
  await receivers.refuse(PLATFORM, true);
  await load({ kind: 'patch', count: objects }, objects * CHANGES_PER_OBJECT);
  const before = await receivers.received();
  await receivers.refuse(PLATFORM, false);
  const back = performance.now();
  await sayHello(hub, token);
  await receivers.until(before + objects, LONGEST_MS);
  const caughtUp = (await settled(receivers)) - back;
  const pushes = (await receivers.received()) - before;
  await hub.stop();
  return { objects, pushes, ms: { full, caughtUp } };
}

export async function measureCatchup(plan: Plan): Promise<Figure[]> {
  const { objects, pushes, ms } = await run(plan.quick ? 1000 : 10_000);
  const name = `a partner back after ${objects * CHANGES_PER_OBJECT} changes to ${objects} locations`;
  return [
    figureOf(
      {
        name: `${name}: pushes`,
        yardstick: 'locations that changed',
        unit: 'pushes',
        target: { relation: '<=', value: 1 },
      },
      [{ hub: pushes, reference: objects }],
    ),
    figureOf({ name: `${name}: time`, yardstick: 'its first full push', unit: 'ms', target: undefined }, [
      { hub: ms.caughtUp, reference: ms.full },
    ]),
  ];
}
