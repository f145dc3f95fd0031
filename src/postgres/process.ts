import { spawnSync } from 'node:child_process';
import fs from 'node:fs';
import { setTimeout as sleep } from 'node:timers/promises';

/** What the server and its tools get as environment: no secret, no NODE_OPTIONS and no PG* variable of ours. */
export const SERVER_ENVIRONMENT = { PATH: '/usr/local/bin:/usr/bin:/bin', LC_ALL: 'C', TZ: 'UTC' };

/** Whether a process with this id exists, of whatever user. */
export function alive(pid: number): boolean {
  try {
    process.kill(pid, 0);
    return true;
  } catch (error) {
    return error instanceof Error && 'code' in error && error.code === 'EPERM';
  }
}

/** Sends a signal; a process that has just gone is no error. */
export function signal(pid: number, name: NodeJS.Signals): void {
  try {
    process.kill(pid, name);
  } catch {
    // gone already, which is what the signal was for
  }
}

/** Waits until the test holds, looking every 10 ms; false when it does not within the given milliseconds. */
export async function until(test: () => boolean, milliseconds: number): Promise<boolean> {
  for (const end = Date.now() + milliseconds; Date.now() < end; await sleep(10)) {
    if (test()) return true;
  }
  return test();
}

/** The text of a file, or undefined where it can't be read. */
export function textOf(file: string): string | undefined {
  try {
    return fs.readFileSync(file, 'utf8');
  } catch {
    return undefined;
  }
}

/** The lines of the cluster's postmaster.pid: pid, data directory, start time, port, socket directory, …, status. */
export function postmasterFile(dataDir: string): string[] {
  return textOf(`${dataDir}/postmaster.pid`)?.split('\n') ?? [];
}

/**
 * The id of the server that runs on this cluster. The id of a dead one may be in use again, so the id alone is no
 * proof.
 */
export function runningServer(dataDir: string): number | undefined {
  const pid = Number(postmasterFile(dataDir)[0]);
  return pid > 0 && alive(pid) && servesFrom(pid, dataDir) ? pid : undefined;
}

function servesFrom(pid: number, dataDir: string): boolean {
  if (process.platform !== 'linux') {
    return spawnSync('ps', ['-p', String(pid), '-o', 'args='], { encoding: 'utf8' }).stdout.includes(dataDir);
  }
  try {
    return fs.readlinkSync(`/proc/${pid}/cwd`) === dataDir;
  } catch {
    // a container's root may not look there (no CAP_SYS_PTRACE); the command line is open to all
    return textOf(`/proc/${pid}/cmdline`)?.split('\0').includes(dataDir) ?? false;
  }
}
