import { spawnSync } from 'node:child_process';
import fs from 'node:fs';
import path from 'node:path';
import { anotherHub, EmbeddedError } from './errors';
import { clusterIn, currentUser, type ClusterLocation, type ServerUser } from './identity';
import { alive, SERVER_ENVIRONMENT } from './process';

/** The database role of the hub, a superuser of its own cluster. */
export const ROLE = 'hub';

// one collation of PostgreSQL's own: what the operating system has or later changes can't harm an index
const INITDB = [
  '-U',
  ROLE,
  '-E',
  'UTF8',
  '--locale=C',
  '--locale-provider=builtin',
  '--builtin-locale=C.UTF-8',
];

/**
 * Makes the cluster of a place where there is none. It is made beside and renamed, so that a kill in the middle leaves
 * no half-made one.
 * @throws EmbeddedError initFailed; anotherHub when a second hub made it at the same moment
 */
export function ensureCluster(place: ClusterLocation, native: string, durable: boolean): void {
  const cluster = clusterIn(place.base);
  if (fs.existsSync(path.join(cluster, 'PG_VERSION'))) return;
  sweepUnfinished(place.base);
  const fresh = `${cluster}.init-${process.pid}`;
  fs.mkdirSync(fresh, { mode: 0o700 });
  give(fresh, place.user);
  initialise(fresh, native, place.user, durable);
  authenticateByPeer(fresh, place.user);
  moveInto(fresh, cluster);
}

/** Hands a file or folder to the server's user. */
export function give(file: string, user: ServerUser): void {
  const { uid, gid } = user.ids;
  if (uid !== undefined && gid !== undefined) fs.lchownSync(file, uid, gid);
}

/**
 * Folders of starts that were killed; one that bears our own id is a dead one's too, as ids come again in
 * containers.
 */
function sweepUnfinished(base: string): void {
  const prefix = `${path.basename(clusterIn(base))}.init-`;
  for (const entry of fs.readdirSync(base).filter((name) => name.startsWith(prefix))) {
    const pid = Number(entry.slice(prefix.length));
    if (pid === process.pid || !alive(pid)) remove(path.join(base, entry));
  }
}

function remove(folder: string): void {
  fs.rmSync(folder, { recursive: true, force: true, maxRetries: 5 }); // an initdb without its hub may still write
}

function initialise(fresh: string, native: string, user: ServerUser, durable: boolean): void {
  const args = ['-D', fresh, ...INITDB, '--auth=peer', '--data-checksums', ...(durable ? [] : ['--no-sync'])];
  const options = { ...user.ids, cwd: '/', env: SERVER_ENVIRONMENT, encoding: 'utf8' } as const;
  const result = spawnSync(path.join(native, 'bin', 'initdb'), args, options);
  if (result.status === 0) return;
  remove(fresh);
  const reason = result.error?.message ?? (result.stderr.trim() || `ended by ${result.signal}`);
  throw new EmbeddedError('initFailed', `could not make a database in ${path.dirname(fresh)}: ${reason}`);
}

/** No password to keep: the operating system says who is at the other end of the socket. Root may always come in. */
function authenticateByPeer(cluster: string, user: ServerUser): void {
  const names = [...new Set([user.name, currentUser(), 'root'])];
  fs.writeFileSync(path.join(cluster, 'pg_hba.conf'), `local all all peer map=${ROLE}\n`);
  fs.writeFileSync(
    path.join(cluster, 'pg_ident.conf'),
    names.map((name) => `${ROLE} "${name}" ${ROLE}\n`).join(''),
  );
}

function moveInto(fresh: string, cluster: string): void {
  try {
    fs.renameSync(fresh, cluster);
  } catch (error) {
    remove(fresh);
    if (fs.existsSync(path.join(cluster, 'PG_VERSION'))) throw anotherHub(cluster);
    throw error;
  }
}
