import { spawn, spawnSync, type ChildProcess } from 'node:child_process';
import { once } from 'node:events';
import fs from 'node:fs';
import os from 'node:os';
import path from 'node:path';
import { FROM_SOURCE } from '../support/hub-process';
import { startHub, type TestHub } from '../support/hub';
import { eventually } from '../support/wait';

/* npm run simulate as a process: it comes back with its state, and leaves cleanly without one. */

const ROOT = path.join(__dirname, '../..');
const folder = fs.mkdtempSync(path.join(os.tmpdir(), 'simulate-'));
let hub: TestHub;

beforeAll(async () => {
  hub = await startHub();
});
afterAll(() => hub.stop());

interface Simulator {
  child: ChildProcess;
  output(): string;
}

function simulate(...args: string[]): Simulator {
  const child = spawn(process.execPath, ['-r', FROM_SOURCE, 'src/simulator/cli.ts', ...args], { cwd: ROOT });
  let text = '';
  child.stdout.on('data', (chunk: Buffer) => (text += chunk.toString()));
  child.stderr.on('data', (chunk: Buffer) => (text += chunk.toString()));
  return { child, output: () => text };
}

async function accepted(simulator: Simulator): Promise<void> {
  await eventually(() => {
    if (simulator.child.exitCode !== null) throw new Error(simulator.output());
    return simulator.output().includes('objects accepted');
  }, 'objects that are accepted');
}

async function interrupt({ child }: Simulator): Promise<void> {
  const exited = once(child, 'exit');
  child.kill('SIGINT');
  await exited;
}

async function stateOf(id: string): Promise<unknown> {
  return (await hub.admin('GET', `/partners/${id}`)).json.state;
}

test('with --state it comes back without a new handshake', async () => {
  const state = path.join(folder, 'cpo.json');
  const { id, token_a } = await hub.partner('kept');
  const first = simulate('cpo', '--hub', hub.url, '--token-a', token_a, '--state', state);
  await accepted(first);
  await interrupt(first);
  expect(first.output()).toContain(`--state ${state} brings it back`);
  expect(fs.statSync(state).mode & 0o777).toBe(0o600);
  expect(await stateOf(id)).toBe('REGISTERED');
  const again = simulate('cpo', '--state', state);
  await accepted(again);
  expect(again.output()).toContain('55 of 55 objects accepted');
  await interrupt(again);
});

test('without --state Ctrl-C unregisters, and the next token A is named', async () => {
  const { id, token_a } = await hub.partner('gone');
  const simulator = simulate('emsp', '--hub', hub.url, '--token-a', token_a, '--party', 'NL/GON');
  await accepted(simulator);
  expect(simulator.output()).not.toContain('PUT /');
  await interrupt(simulator);
  expect(simulator.output()).toContain('/token_a gives a token A');
  expect(await stateOf(id)).not.toBe('REGISTERED');
});

test.each(['src/simulator/cli.ts', 'src/demo/main.ts'])('%s --help prints its usage', (file) => {
  const args = ['-r', FROM_SOURCE, file, '--help'];
  const { status, stdout } = spawnSync(process.execPath, args, { cwd: ROOT, encoding: 'utf8' });
  expect(stdout).toContain('usage: npm run');
  expect(status).toBe(0);
});

describe('GET /', () => {
  test('is a page for browsers, which loads nothing from elsewhere', async () => {
    const response = await fetch(`${hub.url}/`, { headers: { Accept: 'text/html,*/*;q=0.8' } });
    const page = await response.text();
    expect(response.headers.get('content-security-policy')).toContain("default-src 'none'");
    const links = [...page.matchAll(/(?:href|src)="([^"]+)"/g)].map(([, link = '']) => link);
    expect(links).toContain('docs');
    const answers = await Promise.all(links.map((link) => fetch(new URL(link, `${hub.url}/`))));
    const withoutToken = 401;
    expect(answers.map(({ status }) => status).filter((status) => status !== 200)).toEqual([withoutToken]);
  });

  test('is JSON for programs, and HEAD works', async () => {
    const json = (await (await fetch(`${hub.url}/`)).json()) as Record<string, string>;
    expect(json).toMatchObject({
      name: 'ocpi-hub',
      versions: expect.stringMatching(/\/ocpi\/versions$/) as string,
    });
    const head = await fetch(`${hub.url}/`, { method: 'HEAD' });
    expect([head.status, await head.text()]).toEqual([200, '']);
  });
});
