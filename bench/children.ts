import { fork, spawn, type ChildProcess } from 'node:child_process';
import fs from 'node:fs';
import os from 'node:os';
import path from 'node:path';

/* The processes of the bench and their folders: none outlives it. */

const children = new Set<ChildProcess>();
const folders: string[] = [];
const END_MS = 12_000;

/** A folder for one database, removed at the end, with what root's embedded database keeps elsewhere. */
export function temporaryFolder(): string {
  const folder = fs.mkdtempSync(path.join(os.tmpdir(), 'ocpi-bench-'));
  fs.chmodSync(folder, 0o755);
  folders.push(folder);
  return folder;
}

function keepTrack(child: ChildProcess): ChildProcess {
  children.add(child);
  child.once('exit', () => children.delete(child));
  return child;
}

/** The next message of a child. @throws Error where it ends instead. */
export function answerOf<T>(child: ChildProcess, question?: object | string): Promise<T> {
  return new Promise((resolve, reject) => {
    const ended = (): void =>
      reject(new Error(`a process of the bench ended (${child.spawnargs.join(' ')})`));
    child.once('exit', ended);
    child.once('message', (message) => {
      child.off('exit', ended);
      resolve(message as T);
    });
    if (question !== undefined) child.send(question);
  });
}

/** Starts a program of the bench and waits for its first message. */
export async function startChild<T>(
  file: string,
  args: string[] = [],
): Promise<{ child: ChildProcess; first: T }> {
  const child = keepTrack(
    fork(path.join(__dirname, file), args, { stdio: ['ignore', 'inherit', 'inherit', 'ipc'] }),
  );
  return { child, first: await answerOf<T>(child) };
}

/** Starts a program in a process group of its own, with its output at hand. */
export function startProgram(args: string[], options: { env: NodeJS.ProcessEnv; cwd: string }): ChildProcess {
  return keepTrack(spawn(process.execPath, args, { ...options, stdio: ['ignore', 'pipe', 'inherit'] }));
}

/** Ends a child in its own way, by force where that takes too long. */
export async function endChild(child: ChildProcess): Promise<void> {
  if (!children.has(child)) return;
  const gone = new Promise((resolve) => child.once('exit', resolve));
  const force = setTimeout(() => child.kill('SIGKILL'), END_MS);
  child.kill('SIGTERM');
  await gone;
  clearTimeout(force);
}

/** Ends everything that is left and removes the folders. */
export async function endAll(): Promise<void> {
  await Promise.all([...children].map(endChild));
  for (const folder of folders.splice(0)) {
    fs.rmSync(folder, { recursive: true, force: true });
  }
}
