import { setTimeout as pause } from 'node:timers/promises';
import type { SimulatedPlatform } from '../../src/simulator/simulated-platform';
import type { Override, ReceivedRequest } from '../../src/simulator/types';
import { awaiting, eventually } from '../support/network';
import { testDatabase } from '../support/test-database';
import type { Load } from './load';
import { LONG, Scene } from './scene';

/* Receivers that misbehave for a while under load, one after the other, and are well again. */

const WHILE_MS = LONG ? 20_000 : 1000;

let scene: Scene;

beforeAll(async () => {
  scene = await Scene.start((await testDatabase()).url, { hub: {} });
});

afterAll(() => scene?.end());

/** How a receiver treats every push while it is not well. `handle`: it has the object, only the answer is bad. */
const FAULTS: [string, (request: ReceivedRequest) => Override][] = [
  ['is slow', () => ({ until: pause(300) })],
  ['hangs', () => ({ hang: true })],
  ['hangs and has it all the same', () => ({ hang: true, handle: true })],
  ['resets', () => ({ reset: true })],
  ['resets and has it all the same', () => ({ reset: true, handle: true })],
  ['answers byte by byte and never ends', () => ({ drip: 50 })],
  ['answers garbage', () => ({ body: '<html>down for maintenance</html>', handle: true })],
  ['answers half a JSON', () => ({ body: '{"status_code": 1000, "timest', handle: true })],
  ['answers 500', () => ({ http: 500, body: 'Internal Server Error' })],
  ['answers 3000', () => ({ http: 200, status_code: 3000 })],
  ['answers 503 after it took it', () => ({ http: 503, body: '', handle: true })],
];

async function unwell(
  platform: SimulatedPlatform,
  fault: (request: ReceivedRequest) => Override,
): Promise<void> {
  let met = 0;
  platform.behaviour = (request) => {
    if (request.module === 'versions' || request.module === 'details' || request.method === 'GET')
      return undefined;
    met++;
    return fault(request);
  };
  await eventually(() => met > 0, 'a push meets the fault');
  await pause(WHILE_MS);
  platform.behaviour = undefined;
}

/** The others get on with it meanwhile. */
async function othersGo(load: Load, others: SimulatedPlatform[]): Promise<void> {
  const before = others.map((platform) => platform.received.length);
  await load.acknowledges(20);
  await Promise.all(
    others.map((platform, i) =>
      platform.waitFor((p) => p.received.length > (before[i] ?? 0), awaiting('push')),
    ),
  );
}

test('receivers that are unwell in every way, one after the other, are in sync when they are well again', async () => {
  const [one, ...others] = scene.witnesses.map(({ platform }) => platform);
  if (!one) throw new Error('no receiver');
  await scene.underLoad(async (load) => {
    for (const [, fault] of FAULTS) await Promise.all([unwell(one, fault), othersGo(load, others)]);
  });
});

test('all receivers are unwell in different ways at the same time, and in sync when they are well again', async () => {
  const platforms = scene.witnesses.map(({ platform }) => platform);
  await scene.underLoad(async () => {
    for (let i = 0; i < FAULTS.length; i += LONG ? 1 : 4) {
      const faults = platforms.map(
        (_, n) => FAULTS[(i + n * 3) % FAULTS.length]?.[1] ?? (() => ({ hang: true })),
      );
      await Promise.all(
        platforms.map((platform, n) => unwell(platform, faults[n] ?? (() => ({ reset: true })))),
      );
    }
  });
});
