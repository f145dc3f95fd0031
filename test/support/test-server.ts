import fs from 'node:fs';
import os from 'node:os';
import path from 'node:path';
import { type EmbeddedPostgres, startEmbedded } from '../../src/postgres';
import { runningServer } from '../../src/postgres/process';

const PREFIX = 'hub-test-';
const HOUR_MS = 3_600_000;

/** A new folder below the system's temporary one, which the database's user may enter (root's own are closed). */
export function temporaryFolder(): string {
  const folder = fs.mkdtempSync(path.join(os.tmpdir(), PREFIX));
  fs.chmodSync(folder, 0o755);
  return folder;
}

/** Removes the folders of test runs that were killed: an hour old, and without a server. */
export function sweepTemporaryFolders(): void {
  for (const name of fs.readdirSync(os.tmpdir()).filter((entry) => entry.startsWith(PREFIX))) {
    const folder = path.join(os.tmpdir(), name);
    const touched = fs.statSync(folder, { throwIfNoEntry: false })?.mtimeMs ?? Date.now();
    if (Date.now() - touched > HOUR_MS && !runningServer(path.join(folder, 'postgres'))) remove(folder);
  }
}

function remove(folder: string): void {
  try {
    fs.rmSync(folder, { recursive: true, force: true });
  } catch {
    // another user's
  }
}

/** A PostgreSQL server of its own, with its data in a temporary folder, and what ends it and removes that folder. */
export async function testServer(
  database: string,
): Promise<{ server: EmbeddedPostgres; dispose(): Promise<void> }> {
  const folder = temporaryFolder();
  const server = await startEmbedded({ dataDir: folder, durable: false, database });
  const dispose = async (): Promise<void> => {
    await server.stop();
    for (const data of [server.dataDir, folder]) fs.rmSync(data, { recursive: true, force: true });
  };
  return { server, dispose };
}
