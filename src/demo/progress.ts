import { setTimeout as pause } from 'node:timers/promises';
import type { Admin } from './admin';
import { allStored, type Cast } from './verdict';

/** Shows what goes on once a second, on a terminal in one line. @returns what ends it */
export function showProgress(admin: Admin, cast: Cast, phase: () => string): () => void {
  const timer = setInterval(() => {
    admin.behind().then(
      (behind) => show(`${phase()}: ${figures(cast)}, hub ${behind} changes behind`),
      () => undefined,
    );
  }, 1000);
  return () => {
    clearInterval(timer);
    if (process.stderr.isTTY) process.stderr.write('\n');
  };
}

function figures({ cpos, emsps }: Cast): string {
  const all = [...cpos, ...emsps];
  const sum = (of: (partner: (typeof all)[number]) => number) =>
    all.reduce((total, one) => total + of(one), 0);
  return `${sum((one) => one.sent)} sent, ${sum((one) => one.platform.received.length)} received`;
}

function show(line: string): void {
  process.stderr.write(process.stderr.isTTY ? `\r\u001b[K${line}` : `${line}\n`);
}

/** Waits until the hub has nothing left to push and everybody holds everything. @returns whether that came true */
export async function synced(admin: Admin, cast: Cast, limitMs: number): Promise<boolean> {
  const limit = Date.now() + limitMs;
  while (Date.now() < limit) {
    if ((await admin.behind()) === 0 && allStored(cast)) return true;
    await pause(200);
  }
  return false;
}
