import { type ChildProcess, spawn } from 'node:child_process';
import { createHash } from 'node:crypto';
import fs from 'node:fs';
import net from 'node:net';
import os from 'node:os';
import path from 'node:path';
import { setTimeout as sleep } from 'node:timers/promises';
import { give } from './cluster';
import { EmbeddedError, anotherHub } from './errors';
import { canReach, clusterIn, type ClusterLocation } from './identity';
import { PORT, holderOf } from './lock';
import { postmasterFile, SERVER_ENVIRONMENT, signal, textOf, until, runningServer } from './process';

/** A server that takes connections, as our child. */
export interface Server {
  child: ChildProcess;
  pid: number;
  socketDir: string;
}

/** What a launch needs beside the place. */
export interface LaunchOptions {
  native: string;
  settings: Record<string, string | number>;
}

/**
 * Ends the server when fd 3 closes, which our death does, even by kill -9. exec keeps the id, so child.pid is the
 * server.
 */
const WATCHDOG = '( ( read -r _ <&3; kill -INT $$ ) >/dev/null 2>&1 & ); exec "$@" 3<&-';
const ATTEMPTS = 20;
const LOG_LIMIT_BYTES = 10_000_000;
/** What a socket's address can hold on the narrowest system. */
const SOCKET_PATH_LIMIT = 103;

/**
 * Starts the server on a cluster and waits until it takes connections. It is tried again for some seconds: backends of
 * a killed server hold its shared memory for a moment.
 * @throws EmbeddedError anotherHub, startFailed (with the end of the server's log)
 */
export async function launch(place: ClusterLocation, options: LaunchOptions): Promise<Server> {
  const dataDir = clusterIn(place.base);
  capLog(logOf(place));
  for (let attempt = 0; attempt < ATTEMPTS; attempt++) {
    await endPreviousServer(dataDir);
    const server = await tryToLaunch(place, options);
    if (server) return server;
    await sleep(500);
  }
  const lines = (textOf(logOf(place)) ?? '').trim().split('\n').slice(-3).join('\n');
  throw new EmbeddedError(
    'startFailed',
    `PostgreSQL did not start on ${dataDir}. ${logOf(place)} ends:\n${lines}`,
  );
}

/** Ends a server: open statements are cut off, what is committed is kept. Resolves when it has gone. */
export async function end({ child, pid, socketDir }: Server): Promise<void> {
  const over = (): boolean => child.exitCode !== null || child.signalCode !== null;
  if (!over()) signal(pid, 'SIGINT');
  child.ref();
  if (!(await until(over, 10_000))) {
    signal(pid, 'SIGQUIT');
    await until(over, 5_000);
  }
  // empty after a clean end; where it is not, the next hub on this data may be using it already
  await fs.promises.rmdir(socketDir).catch(() => undefined);
}

const logOf = (place: ClusterLocation): string => path.join(place.base, 'postgres.log');

function capLog(log: string): void {
  const size = fs.statSync(log, { throwIfNoEntry: false })?.size ?? 0;
  if (size > LOG_LIMIT_BYTES) fs.renameSync(log, `${log}.1`);
}

async function tryToLaunch(place: ClusterLocation, options: LaunchOptions): Promise<Server | undefined> {
  const socketDir = openSocketDir(place);
  const child = spawnServer(place, socketDir, options);
  const pid = child.pid ?? 0;
  let gone = child.pid === undefined;
  child.once('error', () => (gone = true));
  child.once('exit', () => {
    gone = true;
    watchdogLine(child)?.destroy();
  });
  await until(() => gone || takesConnections(clusterIn(place.base), pid), 60_000);
  if (!gone && takesConnections(clusterIn(place.base), pid)) return unreferenced({ child, pid, socketDir });
  if (!gone) signal(pid, 'SIGQUIT');
  return undefined;
}

function spawnServer(
  place: ClusterLocation,
  socketDir: string,
  { native, settings }: LaunchOptions,
): ChildProcess {
  const all = { ...settings, unix_socket_directories: socketDir, port: PORT };
  const flags = Object.entries(all).flatMap(([name, value]) => ['-c', `${name}=${value}`]);
  const command = [path.join(native, 'bin', 'postgres'), '-D', clusterIn(place.base), ...flags];
  const log = fs.openSync(logOf(place), 'a');
  // detached: a session of its own, as Ctrl-C reaches the whole group and the server must outlive the hub
  const child = spawn('/bin/sh', ['-c', WATCHDOG, 'sh', ...command], {
    ...place.user.ids,
    stdio: ['ignore', log, log, 'pipe'],
    env: SERVER_ENVIRONMENT,
    cwd: '/',
    detached: true,
  });
  fs.closeSync(log);
  return child;
}

/** The server alone must not keep the process alive. */
function unreferenced(server: Server): Server {
  server.child.unref();
  watchdogLine(server.child)?.unref();
  return server;
}

function watchdogLine(child: ChildProcess): net.Socket | undefined {
  const line = child.stdio[3];
  return line instanceof net.Socket ? line : undefined;
}

function takesConnections(dataDir: string, pid: number): boolean {
  const lines = postmasterFile(dataDir);
  return Number(lines[0]) === pid && lines[7]?.trim() === 'ready';
}

/** A short folder for the socket, mode 700. Its name can be guessed, so nobody else may have made it first. */
function openSocketDir(place: ClusterLocation): string {
  const folder = socketDirFor(place);
  fs.mkdirSync(folder, { recursive: true, mode: 0o700 });
  const found = fs.lstatSync(folder);
  const ours = [process.getuid?.() ?? found.uid, place.user.ids.uid];
  if (!found.isDirectory() || !ours.includes(found.uid)) {
    throw new EmbeddedError('startFailed', `${folder} belongs to someone else`);
  }
  give(folder, place.user);
  return folder;
}

function socketDirFor(place: ClusterLocation): string {
  const name = `ocpi-hub-${createHash('sha256').update(place.base).digest('hex').slice(0, 10)}`;
  const fits = (parent: string): boolean =>
    path.join(parent, name, `.s.PGSQL.${PORT}`).length <= SOCKET_PATH_LIMIT && canReach(parent, place.user);
  return path.join([os.tmpdir(), '/tmp'].find(fits) ?? '/tmp', name);
}

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
