import { setTimeout as sleep } from 'node:timers/promises';
import { anotherHub, EmbeddedError } from './errors';
import { holderOf } from './lock';
import { postmasterFile, runningServer, signal, until } from './process';

const LOOK_EVERY_MS = 200;
/** The lock of a hub killed this moment is still seen for an instant. */
const LOOKS_UNTIL_HELD = 3;
/** A hub that has just started its server takes the lock within this; a server whose hub is dead ends within it. */
const LOOKS_UNTIL_ABANDONED = 15;
/** Recovery after a crash can take long, and lets nobody in meanwhile. */
const PATIENCE_MS = 60_000;

/**
 * Clears the way for a server of our own: one that a killed hub left behind is ended, since only our own child has our
 * settings and ends with us. Returns at once where none runs.
 * @throws EmbeddedError anotherHub; startFailed when it does not end
 */
export async function endPreviousServer(dataDir: string): Promise<void> {
  const pid = runningServer(dataDir);
  if (pid === undefined) return;
  const runs = (): boolean => runningServer(dataDir) === pid;
  if (!(await abandoned(dataDir, runs))) return;
  signal(pid, 'SIGINT');
  if (await until(() => !runs(), 15_000)) return;
  signal(pid, 'SIGQUIT');
  if (await until(() => !runs(), 5_000)) return;
  throw new EmbeddedError('startFailed', `PostgreSQL ${pid}, left behind on ${dataDir}, does not end`);
}

/** Watches a server until it is clear that no hub has it (true) or it has gone (false). */
async function abandoned(dataDir: string, runs: () => boolean): Promise<boolean> {
  const seen = { hub: 0, nobody: 0, unknown: 0 };
  for (const end = Date.now() + PATIENCE_MS; runs() && Date.now() < end; await sleep(LOOK_EVERY_MS)) {
    const holder = await holderOf(postmasterFile(dataDir)[4] ?? '');
    seen[holder] += 1;
    if (seen.hub >= LOOKS_UNTIL_HELD) throw anotherHub(dataDir);
    if (seen.nobody >= LOOKS_UNTIL_ABANDONED) break;
  }
  return runs();
}
