import { spawn, type ChildProcess } from 'node:child_process';
import { mkdtempSync } from 'node:fs';
import os from 'node:os';
import path from 'node:path';
import { createInterface } from 'node:readline';
import type { Readable } from 'node:stream';
import { ADMIN_TOKEN } from './hub';
import type { TestDatabase } from './test-database';
import { bounded } from './wait';

/** A hub as a process of its own, to be killed. */
export interface HubProcess {
  url: string;
  /** Frozen by SIGSTOP and woken by SIGCONT. */
  freeze(): void;
  wake(): void;
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
      LOG_LEVEL: 'silent',
      ...env,
    },
  });
  const ended = new Promise<void>((resolve) => child.once('exit', () => resolve()));
  return {
    url: await urlOf(child),
    freeze: () => void child.kill('SIGSTOP'),
    wake: () => void child.kill('SIGCONT'),
    kill: async () => {
      child.kill('SIGKILL');
      await bounded(ended, 'the end of a hub after kill -9');
    },
  };
}

/** The URL that it prints when it serves. */
export async function urlOf(child: ChildProcess): Promise<string> {
  if (!child.stdout || !child.stderr) throw new Error('no output');
  let errors = '';
  child.stderr.on('data', (chunk: Buffer) => (errors += chunk.toString()));
  const url = await bounded(announced(child.stdout), 'the URL of a hub that was started as a process');
  if (url === undefined) throw new Error(`the hub did not start: ${errors}`);
  return url;
}

/** undefined where the output ends without a URL. */
async function announced(output: Readable): Promise<string | undefined> {
  for await (const line of createInterface(output)) {
    const url = /versions\s+(\S+)\/ocpi\/versions/.exec(line)?.[1];
    if (url !== undefined) return url;
  }
  return undefined;
}
