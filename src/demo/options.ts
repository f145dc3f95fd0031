import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { parseArgs } from 'node:util';

export const USAGE = `usage: npm run demo -- [options]
  --stay           hub and partners keep running at the end, with URLs to look at; Ctrl-C ends
  --fast           ten seconds of status changes instead of a minute
  --feed-dir DIR   one CPO per feed file below DIR, each of them a lenient partner
  --port P         of the demo's hub (any free one)
  --help           this text

The demo starts a hub of its own, with a database in a temporary folder. A hub that runs already is left alone.`;

/** What the demo's command line asks for. */
export interface DemoOptions {
  /** Ten seconds of traffic instead of a minute. */
  fast: boolean;
  /** Keep hub and partners running at the end. */
  stay: boolean;
  /** One CPO per feed file in it, instead of generated ones. */
  feedDir: string | undefined;
  /** 0: any free one. */
  port: number;
  help: boolean;
}

/** @throws Error for an option that is not known, or breaks its rule */
export function readOptions(args: string[]): DemoOptions {
  const flag = { type: 'boolean', default: false } as const;
  const text = { type: 'string' } as const;
  const options = {
    fast: flag,
    stay: flag,
    help: { ...flag, short: 'h' },
    'feed-dir': text,
    port: text,
  } as const;
  const { values } = parseArgs({ args, options });
  const port = values.port ?? '0';
  if (!/^\d{1,5}$/.test(port)) throw new Error('--port must be a port');
  return {
    fast: values.fast,
    stay: values.stay,
    help: values.help,
    feedDir: values['feed-dir'],
    port: Number(port),
  };
}

/** A folder for the demo's database alone. @returns it, and what removes it */
export function ownFolder(): { dataDir: string; remove: () => void } {
  const dataDir = mkdtempSync(join(tmpdir(), 'ocpi-hub-demo-'));
  return { dataDir, remove: () => rmSync(dataDir, { recursive: true, force: true }) };
}
