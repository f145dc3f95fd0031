import { access, constants, mkdir, stat, statfs } from 'node:fs/promises';
import path from 'node:path';
import { ConfigError } from '../config';
import { reasonOf } from './reason';

/* DATA_DIR: made where it is needed and missing; a folder that is no use is named within seconds. */

/** A disk that is away lets a look at it hang for ever. */
const PATIENCE_MS = 5000;

/**
 * Makes the folder where it is missing, and makes sure that files can be made in it.
 * @throws ConfigError that names DATA_DIR
 */
export function ensureDataDir(dataDir: string): Promise<void> {
  return soon(dataDir, async () => {
    await make(path.resolve(dataDir));
    await access(dataDir, constants.W_OK | constants.X_OK);
  });
}

/** Kinds of file systems that hold no files of ours, though a look at them says so: proc and sysfs. */
const NO_DISKS = [0x9fa0, 0x62656572];

/**
 * Whether the folder is there; changes nothing.
 * @throws ConfigError that names DATA_DIR, where it can be neither made nor written to
 */
export function lookAtDataDir(dataDir: string): Promise<'there' | 'to be made'> {
  return soon(dataDir, async () => {
    const folder = path.resolve(dataDir);
    const found = await nearest(folder);
    await access(found, constants.W_OK | constants.X_OK);
    if (NO_DISKS.includes((await statfs(found)).type)) throw new Error(`${found} is no place for files`);
    return found === folder ? 'there' : 'to be made';
  });
}

async function soon<T>(dataDir: string, work: () => Promise<T>): Promise<T> {
  let timer: NodeJS.Timeout | undefined;
  const late = new Promise<never>((_resolve, reject) => {
    timer = setTimeout(() => reject(fault(dataDir, `no answer within ${PATIENCE_MS / 1000} s`)), PATIENCE_MS);
  });
  try {
    return await Promise.race([work(), late]);
  } catch (error) {
    throw error instanceof ConfigError ? error : fault(dataDir, reasonOf(error));
  } finally {
    clearTimeout(timer);
  }
}

/** Folder by folder: node's own way down (`recursive`) runs in circles below /proc. */
async function make(folder: string): Promise<void> {
  if (await isFolder(folder)) return;
  await make(path.dirname(folder));
  await mkdir(folder, { mode: 0o755 }).catch(async (error: unknown) => {
    if (!(await isFolder(folder))) throw error;
  });
}

async function nearest(folder: string): Promise<string> {
  return (await isFolder(folder)) ? folder : nearest(path.dirname(folder));
}

async function isFolder(folder: string): Promise<boolean> {
  try {
    if ((await stat(folder)).isDirectory()) return true;
  } catch (error) {
    if (reasonOf(error) === 'ENOENT') return false;
    throw error;
  }
  throw new Error(`${folder} is a file`);
}

function fault(dataDir: string, reason: string): ConfigError {
  const remedy = 'name a folder that this user may make and write to';
  return new ConfigError('DATA_DIR', `${dataDir} cannot be used (${reason}): ${remedy}`);
}
