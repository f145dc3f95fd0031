import { setTimeout as pause } from 'node:timers/promises';

/*
 * Every wait of a test ends: it has one bound, and its error names what was awaited. The bound is for a wait that has
 * hung: no test that passes comes near it, however slow the machine is. Jest's own limit (jest.config.cjs) lies far above.
 */

/** Milliseconds after which a wait has hung. */
export const BOUND_MS = 120_000;

const LOOK_EVERY_MS = 20;

const overdue = (what: string): Error => new Error(`${what}: not within ${BOUND_MS} ms`);

/** Waits for a condition that has no event, by asking again. @throws Error that names it, after BOUND_MS */
export async function eventually(condition: () => boolean | Promise<boolean>, what: string): Promise<void> {
  const end = Date.now() + BOUND_MS;
  while (!(await condition())) {
    if (Date.now() > end) throw overdue(what);
    await pause(LOOK_EVERY_MS);
  }
}

/** Waits for a promise. @throws Error that names it, after BOUND_MS */
export async function bounded<T>(promise: Promise<T>, what: string): Promise<T> {
  let timer: NodeJS.Timeout | undefined;
  const late = new Promise<never>((_, reject) => {
    timer = setTimeout(() => reject(overdue(what)), BOUND_MS);
  });
  try {
    return await Promise.race([promise, late]);
  } finally {
    clearTimeout(timer);
  }
}

/** The bound of a simulated platform's `waitFor`, whose error names the platform and what it lacks. */
export const awaiting = (what: string): { timeoutMs: number; what: string } => ({
  timeoutMs: BOUND_MS,
  what,
});
