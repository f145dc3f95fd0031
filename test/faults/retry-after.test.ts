import type { SimulatedPlatform } from '../../src/simulator/simulated-platform';
import { testDatabase } from '../support/test-database';
import { awaiting, eventually } from '../support/network';
import { LONG, Scene } from './scene';

/* A receiver that answers 429 with Retry-After is left alone for as long as it asks, under load. */

const SECONDS = LONG ? 20 : 2;
/** Pushes and a CDR that were on their way when the first 429 went out. */
const UNDER_WAY = 5;

let scene: Scene;

beforeAll(async () => {
  scene = await Scene.start((await testDatabase()).url, { hub: {} });
});

afterAll(() => scene?.end());

/** Milliseconds since 1970 of every functional request that a platform got after an instant. */
const arrivalsAfter = (platform: SimulatedPlatform, instant: number): number[] =>
  platform.received.map(({ at }) => at).filter((at) => at > instant);

test.each([
  ['in seconds', () => String(SECONDS)],
  // an HTTP date has whole seconds: rounded up, it is not before the time that is checked
  ['as a date', () => new Date(Date.now() + SECONDS * 1000 + 999).toUTCString()],
])(
  '429 with Retry-After %s is respected, whatever the partner itself asks meanwhile',
  async (_form, retryAfter) => {
    const [first] = scene.witnesses;
    if (!first) throw new Error('no receiver');
    const { platform } = first;
    await scene.underLoad(async () => {
      let since = Number.POSITIVE_INFINITY;
      platform.behaviour = () => {
        since = Math.min(since, Date.now());
        return { http: 429, status_code: 2000, headers: { 'Retry-After': retryAfter() } };
      };
      await eventually(() => since < Number.POSITIVE_INFINITY, 'a push meets 429');
      await platform.listAll('tariffs'); // a call from it ends other pauses
      await platform.waitFor(
        (p) => p.received.length > 0 && arrivalsAfter(p, since + SECONDS * 1000 - 1).length > 0,
        awaiting('push after the time is over'),
      );
      const early = arrivalsAfter(platform, since).filter((at) => at < since + SECONDS * 1000 - 1);
      expect(early.length).toBeLessThanOrEqual(UNDER_WAY);
      platform.behaviour = undefined;
    });
  },
);
