import { randomBytes } from 'node:crypto';
import { link, open, readFile, rm } from 'node:fs/promises';
import { join } from 'node:path';
import { ConfigError, type Secrets } from '../config';
import { ensureDataDir } from './data-dir';
import { reasonOf } from './reason';

/** Where in DATA_DIR an ADMIN_TOKEN lies that was made. */
export const ADMIN_TOKEN_FILE = 'admin-token';

/** Both secrets as they are in force. */
export interface ResolvedSecrets {
  adminToken: string;
  secretKey: string;
  /** It was made just now: to be shown once. */
  madeAdminToken: boolean;
}

/**
 * Secrets that are not set are made once and kept in `dataDir`, readable by their owner alone.
 * @throws ConfigError if a kept file is empty.
 */
export async function resolveSecrets(
  dataDir: string,
  secrets: Pick<Secrets, 'adminToken' | 'secretKey'>,
): Promise<ResolvedSecrets> {
  const admin = await given(secrets.adminToken, dataDir, ADMIN_TOKEN_FILE);
  const key = await given(secrets.secretKey, dataDir, 'secret-key');
  return { adminToken: admin.value, secretKey: key.value, madeAdminToken: admin.made };
}

interface Kept {
  value: string;
  made: boolean;
}

async function given(value: string | undefined, dataDir: string, name: string): Promise<Kept> {
  return value === undefined ? kept(dataDir, name) : { value, made: false };
}

async function kept(dataDir: string, name: string): Promise<Kept> {
  const path = join(dataDir, name);
  const found = await readIfThere(path);
  if (found !== undefined) return { value: found, made: false };
  await ensureDataDir(dataDir);
  const made = await make(path);
  return { value: (await readIfThere(path)) ?? '', made };
}

async function readIfThere(path: string): Promise<string | undefined> {
  try {
    const text = (await readFile(path, 'utf8')).trim();
    if (text === '') throw new ConfigError(path, 'is empty: restore it or remove it');
    return text;
  } catch (error) {
    if (reasonOf(error) === 'ENOENT') return undefined;
    throw error;
  }
}

/** Written whole under another name, then linked: a kill leaves no half secret, and of two makers one wins. */
async function make(path: string): Promise<boolean> {
  const draft = `${path}.${randomBytes(6).toString('hex')}`;
  const file = await open(draft, 'wx', 0o600);
  try {
    await file.writeFile(`${randomBytes(32).toString('base64url')}\n`);
    await file.sync();
    await link(draft, path);
    return true;
  } catch (error) {
    if (reasonOf(error) === 'EEXIST') return false;
    throw error;
  } finally {
    await file.close();
    await rm(draft, { force: true });
  }
}
