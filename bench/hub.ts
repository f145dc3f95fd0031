import { Client } from 'pg';
import { startEmbedded, type EmbeddedPostgres } from '../src/postgres';
import { clusterIn, locationFor } from '../src/postgres/identity';
import { postmasterFile } from '../src/postgres/process';
import { createServer, type AddressInfo } from 'node:net';
import path from 'node:path';
import { endChild, startProgram, temporaryFolder } from './children';

/* The built hub as a whole process, as `npm start` starts it, with a database of its own; or API and worker on one. */

const ROOT = path.join(__dirname, '..', '..');
const ADMIN_TOKEN = 'bench-admin-token';
const SECRET_KEY = 'bench-secret-key-of-32-characters!';
const READY_MS = 60_000;

export interface Hub {
  port: number;
  pid: number;
  url: string;
  /** A call of the admin API. @throws Error for any answer but a success. */
  admin<T>(method: string, path: string, body?: object): Promise<T>;
  /** Asks its database. */
  query<T extends object>(sql: string): Promise<T[]>;
  stop(): Promise<void>;
}

function freePort(): Promise<number> {
  return new Promise((resolve, reject) => {
    const server = createServer();
    server.once('error', reject);
    server.listen(0, '127.0.0.1', () => {
      const { port } = server.address() as AddressInfo;
      server.close(() => resolve(port));
    });
  });
}

async function callAdmin<T>(url: string, call: { method: string; body?: object }): Promise<T> {
  const response = await fetch(url, {
    method: call.method,
    headers: { Authorization: `Bearer ${ADMIN_TOKEN}`, 'Content-Type': 'application/json' },
    body: call.body && JSON.stringify(call.body),
  });
  const text = await response.text();
  if (!response.ok) throw new Error(`${call.method} ${url}: ${response.status} ${text}`);
  return (text === '' ? undefined : JSON.parse(text)) as T;
}

async function untilReady(url: string, ended: () => boolean): Promise<void> {
  for (const end = Date.now() + READY_MS; Date.now() < end && !ended();) {
    const ready = await fetch(`${url}/health/ready`).then(
      (response) => response.ok,
      () => false,
    );
    if (ready) return;
    await new Promise((resolve) => setTimeout(resolve, 50));
  }
  throw new Error('the hub did not become ready');
}

type Socket = Pick<EmbeddedPostgres, 'host' | 'port'>;

function socketOf(dataDir: string): Socket {
  const [, , , port, host = ''] = postmasterFile(dataDir);
  return { host, port: Number(port) };
}

async function query<T extends object>(socket: Socket, sql: string): Promise<T[]> {
  const client = new Client({ ...socket, user: 'hub', database: 'hub' });
  await client.connect();
  try {
    return (await client.query<T>(sql)).rows;
  } finally {
    await client.end();
  }
}

/** A process of the hub on the database behind a socket; without one, on a database of its own. */
interface Process {
  mode: 'all' | 'api' | 'worker';
  socket?: Socket;
}

const urlOf = ({ host, port }: Socket): string => `postgresql://hub@${encodeURIComponent(host)}:${port}/hub`;

/** What processes on one database share; an embedded one has its own. */
const shared = (socket: Socket | undefined): NodeJS.ProcessEnv =>
  socket ? { DATABASE_URL: urlOf(socket), SECRET_KEY } : { DATABASE_URL: '' };

/** Starts a hub on a free port; BENCH_PROFILE names a folder for a CPU profile of it. */
export async function startHub({ mode, socket }: Process = { mode: 'all' }): Promise<Hub> {
  const port = await freePort();
  const url = `http://127.0.0.1:${port}`;
  const env = {
    ...process.env,
    PORT: String(port),
    HOST: '127.0.0.1',
    PUBLIC_URL: url,
    DATA_DIR: temporaryFolder(),
    ADMIN_TOKEN,
    LOG_LEVEL: 'warn',
    MODE: mode,
    PARTNER_URLS: 'any',
    ...shared(socket),
  };
  const profile = process.env.BENCH_PROFILE;
  const flags = profile ? ['--cpu-prof', `--cpu-prof-dir=${profile}`] : [];
  const child = startProgram([...flags, 'scripts/start.cjs'], { env, cwd: ROOT });
  child.stdout?.resume();
  await untilReady(url, () => child.exitCode !== null);
  const dataDir = (): string => clusterIn(locationFor(env.DATA_DIR).base);
  return {
    port,
    url,
    pid: child.pid ?? 0,
    admin: (method, at, body) => callAdmin(`${url}/admin/api${at}`, { method, body }),
    query: (sql) => query(socket ?? socketOf(dataDir()), sql),
    stop: () => endChild(child),
  };
}

/** API and worker as processes of their own, on one PostgreSQL that the bench keeps. */
export async function startSplitHub(): Promise<{ api: Hub; worker: Hub; stop(): Promise<void> }> {
  const socket = await startEmbedded({ dataDir: temporaryFolder() });
  const api = await startHub({ mode: 'api', socket });
  const worker = await startHub({ mode: 'worker', socket });
  const stop = async (): Promise<void> => {
    await Promise.all([api.stop(), worker.stop()]);
    await socket.stop();
  };
  return { api, worker, stop };
}
