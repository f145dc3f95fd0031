import { spawn, type ChildProcess } from 'node:child_process';
import { randomBytes } from 'node:crypto';
import { once } from 'node:events';
import { join } from 'node:path';
import { setTimeout as pause } from 'node:timers/promises';
import type { DemoOptions } from './options';

const ROOT = join(__dirname, '..', '..', '..');
const START_LIMIT_MS = 120_000;

/** A hub of the demo's own, in a process of its own. */
export interface HubProcess {
  url: string;
  adminToken: string;
  /** Rejects when the hub ends by itself; never resolves. */
  died: Promise<never>;
  /** SIGTERM, and waits for its end. */
  stop(): Promise<void>;
}

/** Starts a hub and waits until it is ready. @throws Error where it ends before, or is not ready in two minutes */
export async function startHub(options: DemoOptions): Promise<HubProcess> {
  const adminToken = randomBytes(32).toString('base64url');
  const child = spawn(process.execPath, [join(ROOT, 'scripts', 'start.cjs')], {
    stdio: ['ignore', 2, 2], // stdout is for the table
    env: { ...process.env, ...environment(options), ADMIN_TOKEN: adminToken },
  });
  const hub = { url: `http://localhost:${options.port}`, adminToken, ...lifeOf(child) };
  try {
    await Promise.race([ready(hub.url), hub.died]);
  } catch (error) {
    await hub.stop();
    throw error;
  }
  return hub;
}

function environment({ port, dataDir }: DemoOptions): Record<string, string> {
  return { PORT: String(port), DATA_DIR: dataDir, LOG_LEVEL: process.env['LOG_LEVEL'] || 'warn' };
}

function lifeOf(child: ChildProcess): Pick<HubProcess, 'died' | 'stop'> {
  const exited = once(child, 'exit');
  const died = exited.then(([code, signal]): never => {
    const how = code === null ? `signal ${String(signal)}` : `exit code ${String(code)}`;
    throw new Error(`the hub ended by itself (${how})`);
  });
  died.catch(() => undefined); // at the end of the demo nobody waits for it any more
  const stop = async (): Promise<void> => {
    if (child.exitCode !== null || child.signalCode !== null) return;
    child.kill('SIGTERM');
    await exited;
  };
  return { died, stop };
}

async function ready(url: string): Promise<void> {
  const limit = Date.now() + START_LIMIT_MS;
  while (Date.now() < limit) {
    const answer = await fetch(`${url}/health/ready`).catch(() => undefined);
    if (answer?.ok === true) return;
    await pause(100);
  }
  throw new Error(`the hub was not ready within ${START_LIMIT_MS / 1000} s`);
}
