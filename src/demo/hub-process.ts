import { spawn, type ChildProcess } from 'node:child_process';
import { randomBytes } from 'node:crypto';
import { once } from 'node:events';
import { join } from 'node:path';
import { setTimeout as pause } from 'node:timers/promises';
import { createServer } from 'node:net';
import { ownFolder, type DemoOptions } from './options';

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
  const port = options.port || (await freePort());
  const { dataDir, remove } = ownFolder();
  const child = spawn(process.execPath, [join(ROOT, 'scripts', 'start.cjs')], {
    stdio: ['ignore', 2, 2], // stdout is for the table
    env: { ...process.env, ...environment(port, dataDir), ADMIN_TOKEN: adminToken },
  });
  const { died, stop } = lifeOf(child);
  const hub = { url: `http://localhost:${port}`, adminToken, died, stop: () => stop().finally(remove) };
  try {
    await Promise.race([ready(hub), hub.died]);
  } catch (error) {
    await hub.stop();
    throw error;
  }
  return hub;
}

/** The demo's own: what was exported for another hub does not reach it. */
function environment(port: number, dataDir: string): Record<string, string> {
  const cleared = {
    DATABASE_URL: '',
    DATABASE_URL_FILE: '',
    SECRET_KEY_FILE: '',
    ADMIN_TOKEN_FILE: '',
    RESTORED: '',
  };
  const own = {
    PORT: String(port),
    HOST: '',
    PUBLIC_URL: '',
    DATA_DIR: dataDir,
    MODE: 'all',
    SECRET_KEY: '',
  };
  return {
    ...cleared,
    ...own,
    NODE_ENV: '',
    PARTNER_URLS: 'any',
    LOG_LEVEL: process.env['LOG_LEVEL'] || 'warn',
  };
}

async function freePort(): Promise<number> {
  const server = createServer().listen(0);
  await once(server, 'listening');
  const address = server.address();
  server.close();
  await once(server, 'close');
  return typeof address === 'object' && address !== null ? address.port : 0;
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

/** Ready, and the demo's own: it knows the demo's admin token. */
async function ready({ url, adminToken }: Pick<HubProcess, 'url' | 'adminToken'>): Promise<void> {
  const headers = { authorization: `Bearer ${adminToken}` };
  const limit = Date.now() + START_LIMIT_MS;
  while (Date.now() < limit) {
    const health = await fetch(`${url}/health/ready`).catch(() => undefined);
    const admin = health?.ok && (await fetch(`${url}/admin/api/feed`, { headers }).catch(() => undefined));
    if (admin && admin.ok) return;
    await pause(100);
  }
  throw new Error(`the hub was not ready within ${START_LIMIT_MS / 1000} s`);
}
