import { randomUUID } from 'node:crypto';
import fs from 'node:fs';
import os from 'node:os';
import path from 'node:path';
import { EmbeddedError, OUTSIDE_DATABASE } from './errors';
import { textOf } from './process';

/** The OS user that the server runs as; `ids` is empty where that is the user we are. */
export interface ServerUser {
  name: string;
  ids: { uid?: number; gid?: number };
}

/** Where the cluster, its log and its binaries lie, and as whom the server runs there. */
export interface ClusterLocation {
  base: string;
  user: ServerUser;
}

interface PasswdEntry {
  name: string;
  uid: number;
  gid: number;
}

/** The cluster's folder inside the base of a place. */
export const clusterIn = (base: string): string => path.join(base, 'postgres');

/** Where root keeps what the unprivileged server could not reach inside the project. */
export const ROOT_STORE = '/var/lib/ocpi-hub';
/** The file in DATA_DIR that names a place elsewhere. */
export const ELSEWHERE = 'postgres.location';
const UNPRIVILEGED = ['nobody', 'daemon', 'postgres'];

/** The name of the user that this process runs as; PostgreSQL needs one too. */
export function currentUser(): string {
  try {
    return os.userInfo().username;
  } catch {
    const uid = process.getuid?.() ?? 'unknown';
    throw new EmbeddedError(
      'noServerUser',
      `user id ${uid} has no entry in /etc/passwd, and the embedded PostgreSQL does not run without one. ${OUTSIDE_DATABASE}`,
    );
  }
}

/**
 * Chooses the place of the embedded PostgreSQL for a DATA_DIR. Root may not run PostgreSQL: the server then runs as an
 * unprivileged user, and where that one can't walk to DATA_DIR (a checkout under /root), it lies under /var/lib/ocpi-hub,
 * which a small file in DATA_DIR remembers.
 * @throws EmbeddedError noServerUser, foreignData
 */
export function locationFor(dataDir: string): ClusterLocation {
  fs.mkdirSync(dataDir, { recursive: true, mode: 0o755 });
  const base = fs.realpathSync(dataDir);
  const moved = textOf(path.join(base, ELSEWHERE))?.trim();
  if (moved) return placeUnder(moved);
  const user = serverUser(clusterIn(base));
  if (canReach(base, user)) return { base, user };
  if (fs.existsSync(clusterIn(base))) {
    throw new EmbeddedError(
      'foreignData',
      `user ${user.name}, who owns ${clusterIn(base)}, may not enter that folder`,
    );
  }
  const place = placeUnder(path.join(ROOT_STORE, randomUUID().slice(0, 8)));
  fs.writeFileSync(path.join(base, ELSEWHERE), `${place.base}\n`);
  return place;
}

function placeUnder(base: string): ClusterLocation {
  fs.mkdirSync(base, { recursive: true });
  for (const folder of [path.dirname(base), base]) openToAll(folder);
  return { base, user: serverUser(clusterIn(base)) };
}

/** Makes up for a strict umask; the cluster itself stays closed. */
function openToAll(folder: string): void {
  if (process.getuid?.() === 0) fs.chmodSync(folder, 0o755);
}

/** As whom to run: the owner of an existing cluster, or else, for root, an unprivileged user of /etc/passwd. */
export function serverUser(cluster: string): ServerUser {
  const owner = ownerOf(cluster);
  if (process.getuid?.() !== 0) return ourselves(cluster, owner);
  const users = passwdEntries();
  const chosen = owner ? users.find((user) => user.uid === owner) : firstOf(users, UNPRIVILEGED);
  if (chosen) return { name: chosen.name, ids: { uid: chosen.uid, gid: chosen.gid } };
  const lacking = owner
    ? `the owner of ${cluster}, user id ${owner},`
    : 'an unprivileged user to run PostgreSQL as';
  throw new EmbeddedError('noServerUser', `${lacking} is not in /etc/passwd. ${OUTSIDE_DATABASE}`);
}

function ourselves(cluster: string, owner: number | undefined): ServerUser {
  const name = currentUser();
  if (owner !== undefined && owner !== process.getuid?.()) {
    const message = `${cluster} belongs to user id ${owner}: run the hub as that user or as root, or set another DATA_DIR`;
    throw new EmbeddedError('foreignData', message);
  }
  return { name, ids: {} };
}

function ownerOf(folder: string): number | undefined {
  return fs.statSync(folder, { throwIfNoEntry: false })?.uid;
}

function firstOf(users: PasswdEntry[], names: string[]): PasswdEntry | undefined {
  return names.map((name) => users.find((user) => user.name === name && user.uid !== 0)).find(Boolean);
}

function passwdEntries(): PasswdEntry[] {
  const lines = (textOf('/etc/passwd') ?? '').split('\n').filter(Boolean);
  return lines.map((line) => {
    const [name = '', , uid, gid] = line.split(':');
    return { name, uid: Number(uid), gid: Number(gid) };
  });
}

/** Whether that user may walk down to a folder: it and everything above it must have the x bit for them. */
export function canReach(folder: string, user: ServerUser): boolean {
  const { uid, gid } = user.ids;
  if (uid === undefined) return true;
  const stat = fs.statSync(folder);
  const bit = stat.uid === uid ? 0o100 : stat.gid === gid ? 0o010 : 0o001;
  if (!(stat.mode & bit)) return false;
  return folder === path.dirname(folder) || canReach(path.dirname(folder), user);
}
