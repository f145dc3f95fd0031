import { execFile } from 'node:child_process';
import fs from 'node:fs';
import os from 'node:os';
import path from 'node:path';
import { promisify } from 'node:util';
import { freePort } from '../support/free-port';
import { BOUND_MS } from '../support/wait';

/* The tour of README.md, run in bash as it is pasted. */

const ROOT = path.join(__dirname, '../..');
const LOGS = ['hub.log', 'cpo.log', 'emsp.log', 'health.log'];

/** The block of a section. */
function blockOf(section: string): string {
  const readme = fs.readFileSync(path.join(ROOT, 'README.md'), 'utf8');
  return /```sh\n([^]*?)```/.exec(readme.split(`## ${section}\n`)[1] ?? '')?.[1] ?? '';
}

/** A folder in which npm finds this project, so that the logs of the tour do not lie in it. */
function workplace(): string {
  const folder = fs.mkdtempSync(path.join(os.tmpdir(), 'hub-tour-'));
  for (const name of fs.readdirSync(ROOT)) fs.symlinkSync(path.join(ROOT, name), path.join(folder, name));
  return folder;
}

test(
  'five minutes, as printed: hub, two partners and a charge, from one pasted block',
  async () => {
    const cwd = workplace();
    const env = {
      PATH: process.env.PATH,
      HOME: process.env.HOME,
      PORT: String(await freePort()),
      DATA_DIR: fs.mkdtempSync(path.join(os.tmpdir(), 'hub-tour-data-')),
    };
    const run = promisify(execFile)('bash', ['-c', blockOf('Five minutes')], { cwd, env, timeout: BOUND_MS });
    const { stdout } = await run.catch((error: unknown) => {
      const logs = LOGS.map((name) => path.join(cwd, name)).filter((file) => fs.existsSync(file));
      throw new Error(logs.map((file) => fs.readFileSync(file, 'utf8')).join('\n'), { cause: error });
    });
    expect(stdout).toContain('cpo.log');
    expect(stdout.match(/registered at NL\/HUB/g)).toHaveLength(2);
    expect(stdout).toMatch(/55 of 55 objects accepted/);
    expect(stdout).toMatch(/50 of 50 objects accepted/);
    expect(stdout).toMatch(/[\d.]+ kWh/);
    expect(stdout).toContain('"version":"2.2.1"');
    expect(stdout).toMatch(/^\{"items":\[\],"next":null\}$/m);
    const ended = fs.readFileSync(path.join(cwd, 'cpo.log'), 'utf8');
    expect(ended).toContain('unregistered');
    expect(fs.readFileSync(path.join(cwd, 'hub.log'), 'utf8')).toContain('"msg":"stopped"');
  },
  2 * BOUND_MS,
);
