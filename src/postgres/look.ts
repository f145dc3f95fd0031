import fs from 'node:fs';
import path from 'node:path';
import { clusterIn, ELSEWHERE, serverUser } from './identity';
import { runningServer, textOf } from './process';
import { packagedRuntime } from './runtime';

/**
 * What a start of the embedded PostgreSQL would find for this DATA_DIR; makes and changes nothing.
 * @throws EmbeddedError noRuntime, noServerUser, foreignData
 */
export function lookAtEmbedded(dataDir: string): { place: string; exists: boolean; runs: boolean } {
  packagedRuntime();
  const base = fs.existsSync(dataDir) ? fs.realpathSync(dataDir) : path.resolve(dataDir);
  const place = clusterIn(textOf(path.join(base, ELSEWHERE))?.trim() || base);
  serverUser(place);
  return {
    place,
    exists: fs.existsSync(path.join(place, 'PG_VERSION')),
    runs: runningServer(place) !== undefined,
  };
}
