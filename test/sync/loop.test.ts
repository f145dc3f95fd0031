import pino from 'pino';
import { Loop, type LoopOptions } from '../../src/sync/loop';

const log = pino({ level: 'silent' });

const loopOf = (work: () => unknown, options: Partial<LoopOptions> = {}): Loop =>
  new Loop(work, { log, failed: 'the work failed', ...options });

/** Work that a test lets go on. */
function held(): { work: () => Promise<void>; begun: () => number; release: () => void } {
  const waiting: (() => void)[] = [];
  let begun = 0;
  const work = (): Promise<void> => {
    begun++;
    return new Promise((resolve) => waiting.push(resolve));
  };
  return { work, begun: () => begun, release: () => waiting.shift()?.() };
}

test('work runs once at a time; several wakes meanwhile are one more run', async () => {
  const { work, begun, release } = held();
  const loop = loopOf(work);
  loop.wake();
  loop.wake();
  loop.wake();
  expect(begun()).toBe(1);
  const next = loop.ran();
  release();
  await new Promise(setImmediate);
  expect(begun()).toBe(2);
  release();
  await next;
  await loop.end();
  expect(begun()).toBe(2);
});

test('a wake from within the work is one more run, not a second one beside it', async () => {
  let [atOnce, most, runs] = [0, 0, 0];
  await new Promise<void>((resolve) => {
    const loop: Loop = loopOf(async () => {
      most = Math.max(most, ++atOnce);
      if (++runs < 3) loop.wake();
      else resolve();
      await Promise.resolve();
      atOnce--;
    });
    loop.wake();
  });
  expect([most, runs]).toEqual([1, 3]);
});

test('who waits for a run gets one that began after the question', async () => {
  const { work, begun, release } = held();
  const loop = loopOf(work);
  loop.wake();
  let done = false;
  const ran = loop.ran().then(() => (done = true));
  release();
  await new Promise(setImmediate);
  expect([begun(), done]).toEqual([2, false]);
  release();
  await ran;
  await loop.end();
});

test('work that fails is tried again, and who waits meanwhile is answered by the next run', async () => {
  let runs = 0;
  const loop = loopOf(
    () => {
      if (++runs === 1) throw new Error('away');
    },
    { againMs: 1 },
  );
  await loop.ran();
  await loop.ran();
  await loop.end();
  expect(runs).toBeGreaterThanOrEqual(2);
});

test('an ended loop has let its work end, and begins no more', async () => {
  const { work, begun, release } = held();
  const loop = loopOf(work);
  loop.wake();
  loop.wake();
  const ended = loop.end();
  loop.wakeIn(0);
  release();
  await ended;
  await loop.ran();
  expect([begun(), loop.ended]).toEqual([1, true]);
});

test('wakes that are gathered are one run', async () => {
  let runs = 0;
  const loop = loopOf(() => runs++, { gatherMs: 1 });
  for (let i = 0; i < 10; i++) loop.wake();
  expect(runs).toBe(0);
  await new Promise<void>((resolve) => {
    const look = (): void => void (runs > 0 ? resolve() : setImmediate(look));
    look();
  });
  await loop.end();
  expect(runs).toBe(1);
});
