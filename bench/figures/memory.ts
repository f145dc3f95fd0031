import { copyLocations } from '../bulk';
import { Generator, Receivers } from '../generator';
import { startSplitHub } from '../hub';
import { figureOf, median, type Figure, type Plan } from '../measure';
import type { Load, Target } from '../messages';
import { registerCpo, registerEmsp, registerReceivers } from '../partner';
import { residentMb, sampleResident, slopeOf, type Sample } from '../resident';

/*
 * Resident memory of API and worker with many objects and 50 platforms under load: EVSE statuses change all over the
 * objects and go to all platforms, pages of the list are read, and a platform that has just come gets everything.
 */

const PLATFORMS = 50;
/** Some 10,000 pushes a second, about what two cores sustain with all else. */
const CHANGES_PER_S = 200;
const PAGES_PER_S = 20;
const LIMIT_MB = 300;
/** Of its size a process may grow by this share a minute in the second half. */
const FLAT = 0.01;
const NAMES = ['API', 'worker'];

interface Size {
  objects: number;
  ms: number;
}

/** Requests for pages from all over the list. */
function pages(token: string, objects: number): string[] {
  const at = (n: number): number => Math.floor((objects * n) / 50);
  return Array.from(
    { length: 50 },
    (_, n) =>
      `GET /ocpi/2.2.1/sender/locations?limit=100&offset=${at(n)} HTTP/1.1\r\nHost: 127.0.0.1\r\n` +
      `Authorization: Token ${token}\r\n\r\n`,
  );
}

interface Bench {
  target: Target;
  token: string;
  size: Size;
}

/** Both loads at once, each from a process of its own. */
async function load({ target, token, size }: Bench): Promise<void> {
  const [writes, reads] = [await Generator.start(), await Generator.start()];
  const changes: Load = {
    target,
    connections: 16,
    ms: size.ms,
    perSecond: CHANGES_PER_S,
    work: { kind: 'patch', count: size.objects, evses: 1 },
  };
  const lists: Load = {
    target: { ...target, base: '', headers: '' },
    connections: 4,
    ms: size.ms,
    perSecond: PAGES_PER_S,
    work: { kind: 'replay', requests: pages(token, size.objects) },
  };
  const results = await Promise.all([writes.run(changes), reads.run(lists)]);
  process.stdout.write(`load: ${results.map(({ done }) => done).join(' changes, ')} pages\n`);
}

async function run(size: Size): Promise<{ samples: Sample[]; rest: number[] }> {
  const [generator, receivers] = [await Generator.start(), await Receivers.start()];
  const { api, worker, stop } = await startSplitHub();
  const pids = [api.pid, worker.pid];
  const rest = pids.map(residentMb);
  const target = await registerCpo(api, receivers.port);
  const work = { kind: 'fill' as const, count: 1, small: true };
  await generator.run({ target, work, connections: 1, ms: 60_000 });
  await registerReceivers(api, receivers.port, { from: 1, to: PLATFORMS });
  await receivers.until(PLATFORMS - 1, 60_000);
  await copyLocations(api, size.objects);
  const before = await receivers.received();
  const end = sampleResident(pids);
  const token = await registerEmsp(api, receivers.port, PLATFORMS);
  await load({ target, token, size });
  const samples = end();
  process.stdout.write(`pushes meanwhile: ${(await receivers.received()) - before}\n`);
  await stop();
  return { samples, rest };
}

function figures(
  plan: Plan,
  of: { name: string; objects: number; points: { x: number; y: number }[] },
): Figure[] {
  const { name, objects, points } = of;
  const about = `resident memory of the ${name}, ${objects} objects, ${PLATFORMS} platforms, under load`;
  const late = points.slice(points.length >> 1);
  const grown = { hub: slopeOf(late), reference: FLAT * median(late.map(({ y }) => y)) };
  const target = { relation: '<=' as const, value: 1 };
  return [
    figureOf({ name: about, yardstick: 'the limit', unit: 'MB at most', target }, [
      { hub: Math.max(...points.map(({ y }) => y)), reference: LIMIT_MB },
    ]),
    figureOf(
      {
        name: `${about}: growth in the second half`,
        yardstick: '1 % of it a minute',
        unit: 'MB a minute',
        // within half a minute the collector's own ups and downs are larger
        target: plan.quick ? undefined : target,
      },
      [grown],
    ),
  ];
}

export async function measureMemory(plan: Plan): Promise<Figure[]> {
  const size = plan.quick ? { objects: 50_000, ms: 60_000 } : { objects: 1_000_000, ms: 600_000 };
  const { samples, rest } = await run(size);
  process.stdout.write(`before anything came: ${rest.map(Math.round).join(' and ')} MB\n`);
  return NAMES.flatMap((name, n) => {
    const points = samples.map(({ at, mb }) => ({ x: at / 60, y: mb[n] ?? NaN }));
    return figures(plan, { name, objects: size.objects, points });
  });
}
