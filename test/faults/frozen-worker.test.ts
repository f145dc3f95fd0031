import { setTimeout as pause } from 'node:timers/promises';
import { workersOf } from '../support/hub-processes';
import { awaiting, eventually } from '../support/network';
import { testDatabase } from '../support/test-database';
import { LONG, Scene } from './scene';
import type { Witness } from './witness';

/* Two workers; the one that pushes is frozen under load, the other takes over, the first wakes up. */

const ROUNDS = LONG ? 10 : 1;

let scene: Scene;

beforeAll(async () => {
  const url = (await testDatabase()).url;
  scene = await Scene.start(url, { api: { MODE: 'api' }, a: { MODE: 'worker' } });
  await takenOver(new Set()); // a has everything before b is there
  await scene.add('b', { MODE: 'worker' });
});

afterAll(() => scene?.end());

const holders = (): Promise<unknown[]> => workersOf(scene.hub('api'));

/** Somebody else than before leases every platform. */
async function takenOver(before: ReadonlySet<unknown>): Promise<void> {
  await eventually(
    async () => (await holders()).every((holder) => holder !== null && !before.has(holder)),
    'the other worker has taken over',
  );
}

/**
 * Each receiver of CDRs is sent its second one: the Location of its first is stored, which tells whoever takes over where
 * to ask for one whose answer was lost. Without any, OCPI leaves nothing but to post it again.
 */
async function locationsKnown(): Promise<void> {
  const cdrs = ({ platform }: Witness): number =>
    platform.received.filter(({ module, method }) => module === 'cdrs' && method === 'POST').length;
  await eventually(
    () => scene.witnesses.slice(0, 2).every((witness) => cdrs(witness) > 1),
    'second CDRs are sent',
  );
}

test('a worker that is frozen and woken after the other took over pushes nothing old and bills nothing twice', async () => {
  const platforms = scene.witnesses.map(({ platform }) => platform);
  // a backlog, so that the frozen worker has much in its memory
  for (const platform of platforms)
    platform.behaviour = ({ module }) => ({ until: pause(module === 'cdrs' ? 300 : 40) });
  await scene.underLoad(async (load) => {
    await locationsKnown();
    for (let round = 0; round < ROUNDS; round++) {
      const name = round % 2 === 0 ? 'a' : 'b';
      const leased = new Set(await holders());
      scene.hub(name).freeze();
      await takenOver(leased);
      const before = platforms.map((platform) => platform.received.length);
      await load.acknowledges(100);
      await Promise.all(
        platforms.map((platform, i) =>
          platform.waitFor((p) => p.received.length > (before[i] ?? 0) + 5, awaiting('pushes')),
        ),
      );
      scene.hub(name).wake();
      await load.acknowledges(100);
    }
    for (const platform of platforms) platform.behaviour = undefined;
  });
});
