import { existsSync, readFileSync } from 'node:fs';
import path from 'node:path';

/* What package.json says about this hub, which lies above the source and above the build. */

/** Its version, and the range of Node versions that it runs on. */
export interface Release {
  version: string;
  node: string;
}

/** Reads it. @throws Error where it was taken away */
export function release(): Release {
  const file = ['..', '../..'].map((up) => path.join(__dirname, up, 'package.json')).find(existsSync);
  const manifest: unknown = JSON.parse(readFileSync(file ?? 'package.json', 'utf8'));
  const { version, engines } = manifest as { version: string; engines: { node: string } };
  return { version, node: engines.node };
}
