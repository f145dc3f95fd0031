import { mkdirSync, rmSync } from 'node:fs';
import { parseArgs } from 'node:util';

/** What the demo's command line and environment ask for. */
export interface DemoOptions {
  /** Ten seconds of traffic instead of a minute. */
  fast: boolean;
  /** Keep hub and partners running at the end. */
  stay: boolean;
  /** One CPO per feed file in it, instead of generated ones. */
  feedDir: string | undefined;
  port: number;
  dataDir: string;
}

const DEMO_DATA = './data/demo';

/** @throws Error for an option that is not known */
export function readOptions(args: string[], env: NodeJS.ProcessEnv): DemoOptions {
  const flag = { type: 'boolean', default: false } as const;
  const { values } = parseArgs({ args, options: { fast: flag, stay: flag, 'feed-dir': { type: 'string' } } });
  return {
    fast: values.fast,
    stay: values.stay,
    feedDir: values['feed-dir'],
    port: Number(env['PORT'] || 3000),
    dataDir: env['DATA_DIR'] || freshFolder(),
  };
}

/** The demo's own folder is emptied; one that was given is used as it is. */
function freshFolder(): string {
  rmSync(DEMO_DATA, { recursive: true, force: true });
  mkdirSync(DEMO_DATA, { recursive: true });
  return DEMO_DATA;
}
