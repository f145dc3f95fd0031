import { spawn, type ChildProcess } from 'node:child_process';
import { once } from 'node:events';
import { mkdtempSync } from 'node:fs';
import os from 'node:os';
import path from 'node:path';
import { ADMIN_TOKEN } from './hub';
import type { TestDatabase } from './test-database';
import { bounded, eventually } from './wait';

/** A hub as a process of its own, to be killed. */
export interface HubProcess {
  url: string;
  /** All that it wrote so far, on stdout and stderr. */
  output(): string;
  /** Frozen by SIGSTOP and woken by SIGCONT. */
  freeze(): void;
  wake(): void;
  /** SIGTERM, and waits for the end. */
  stop(): Promise<void>;
  /** kill -9, and waits for the end. */
  kill(): Promise<void>;
}

const ROOT = path.resolve(__dirname, '../..');

/** Runs TypeScript as it stands: `node -r`. */
export const FROM_SOURCE = path.join(__dirname, 'register.cjs');

/** Starts the hub from the source in `root` on this database; resolves when it serves. */
export async function startHubProcess(
  database: Pick<TestDatabase, 'url'>,
  env: Record<string, string> = {},
  root = ROOT,
): Promise<HubProcess> {
  const child = spawn(process.execPath, ['-r', FROM_SOURCE, 'src/main.ts'], {
    cwd: root,
    stdio: ['ignore', 'pipe', 'pipe'],
    env: {
      PATH: process.env.PATH,
      PORT: '0',
      HOST: '127.0.0.1',
      DATABASE_URL: database.url,
      DATA_DIR: mkdtempSync(path.join(os.tmpdir(), 'hub-test-data-')),
      ADMIN_TOKEN,
      SECRET_KEY: 'test-secret-key-of-32-characters!',
      LOG_LEVEL: 'info',
      ...env,
    },
  });
  const output = outputOf(child);
  const ended = once(child, 'exit');
  const end = async (signal: NodeJS.Signals): Promise<void> => {
    child.kill(signal);
    await bounded(ended, `the end of a hub after ${signal}`);
  };
  return {
    url: await urlOf(child),
    output,
    freeze: () => void child.kill('SIGSTOP'),
    wake: () => void child.kill('SIGCONT'),
    stop: () => end('SIGTERM'),
    kill: () => end('SIGKILL'),
  };
}

/** What a child writes, on stdout and stderr; it is read whether or not anybody asks, so that the child can go on. */
export function outputOf(child: ChildProcess): () => string {
  const chunks: string[] = [];
  for (const stream of [child.stdout, child.stderr])
    stream?.on('data', (chunk: Buffer) => chunks.push(chunk.toString()));
  return () => chunks.join('');
}

/** The objects among the lines of a log. */
export function logLines(output: string): Record<string, unknown>[] {
  const whole = output.slice(0, output.lastIndexOf('\n') + 1);
  const lines = whole.split('\n').filter((line) => line.startsWith('{'));
  return lines.map((line) => JSON.parse(line) as Record<string, unknown>);
}

/** The first line of its log with this message, as soon as it is there. */
export async function line(hub: { output(): string }, message: string): Promise<Record<string, unknown>> {
  const found = (): Record<string, unknown> | undefined =>
    logLines(hub.output()).find(({ msg }) => msg === message);
  await eventually(() => found() !== undefined, `the line "${message}"`);
  return found() ?? {};
}

/** The URL that its log names when it serves; LOG_LEVEL must be info, or below. */
export async function urlOf(child: ChildProcess): Promise<string> {
  const output = outputOf(child);
  const started = (): Record<string, unknown> | undefined =>
    logLines(output()).find(({ msg }) => msg === 'started');
  await eventually(
    () => started() !== undefined || child.exitCode !== null || child.signalCode !== null,
    'the start of a hub as a process',
  );
  const url = started()?.url;
  if (typeof url !== 'string') throw new Error(`the hub did not start: ${output()}`);
  return url;
}
