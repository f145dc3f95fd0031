import type { Answer } from '../../src/simulator/types';
import { RateLimit } from '../../src/server/rate-limit';
import { startTwo, eventually, type Joined, type Two } from '../support/network';

/* RATE_LIMIT_PER_SECOND: how many requests of one partner are served. */

const list = (platform: Joined): Promise<Answer> =>
  platform.send({ method: 'GET', module: 'locations', interface: 'SENDER', path: '', to: 'hub' });
const burst = (platform: Joined, size: number): Promise<Answer[]> =>
  Promise.all(Array.from({ length: size }, () => list(platform)));

describe('with a limit', () => {
  let two: Two;
  beforeAll(async () => {
    two = await startTwo({ RATE_LIMIT_PER_SECOND: '10' });
  });
  afterAll(() => two.network.stop());

  test('a partner over it is answered HTTP 429, the others and its later requests are served', async () => {
    const { cpo, emsp } = two;
    const answers = await burst(cpo, 200);
    const others = await burst(emsp, 5);
    expect(new Set(answers.map(({ http }) => http))).toEqual(new Set([200, 429]));
    expect(others.map(({ status }) => status)).toEqual([1000, 1000, 1000, 1000, 1000]);
    await eventually(async () => (await list(cpo)).status === 1000, 'a request is served again');
  });

  test('the answer over it is an OCPI envelope that says when to ask again', async () => {
    const over = (await burst(two.cpo, 200)).find(({ http }) => http === 429);
    expect(over?.headers).toMatchObject({
      'content-type': 'application/json',
      'retry-after': '1',
      'x-request-id': expect.any(String),
      'x-correlation-id': expect.any(String),
    });
    expect(over?.json).toEqual({
      status_code: 2000,
      status_message: 'too many requests',
      timestamp: expect.any(String),
    });
  });
});

describe('without a limit', () => {
  let two: Two;
  beforeAll(async () => {
    two = await startTwo();
  });
  afterAll(() => two.network.stop());

  test('every request is served', async () => {
    const answers = await burst(two.cpo, 200);
    expect(new Set(answers.map(({ status }) => status))).toEqual(new Set([1000]));
  });
});

/** How many of `size` requests are served at a moment. */
function served(limit: RateLimit, size: number, now: number): number {
  let count = 0;
  for (let i = 0; i < size; i++) {
    try {
      limit.take('p', now);
      count++;
    } catch {
      return count;
    }
  }
  return count;
}

test('a partner that was quiet may send the requests of one second at once, and no more', () => {
  const limit = new RateLimit(10);
  expect(served(limit, 100, 0)).toBe(10);
  expect(served(limit, 100, 500)).toBe(5);
  expect(served(limit, 100, 550)).toBe(0);
  expect(served(limit, 100, 600)).toBe(1);
  expect(served(limit, 100, 60_000)).toBe(10);
});
