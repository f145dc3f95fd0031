import { spawn, type ChildProcess } from 'node:child_process';
import { once } from 'node:events';
import fs from 'node:fs';
import path from 'node:path';
import { SimulatedPlatform } from '../src/simulator/simulated-platform';
import { line, logLines, outputOf, startHubProcess, urlOf, type HubProcess } from './support/hub-process';
import { adminOf, joinHub } from './support/hub-processes';
import { CPO, location } from './support/network';
import { testDatabase } from './support/test-database';
import { temporaryFolder } from './support/test-server';
import { bounded, eventually } from './support/wait';

/* What a hub writes: JSON alone on stdout, lines that name partners and parties, and never a secret. */

const ROOT = path.join(__dirname, '..');
const folder = temporaryFolder();
const running: (() => Promise<unknown>)[] = [];

afterEach(async () => {
  for (const stop of running.splice(0).reverse()) await stop();
});
afterAll(() => fs.rmSync(folder, { recursive: true, force: true }));

interface Run {
  child: ChildProcess;
  stdout(): string;
  output(): string;
  stop(): Promise<void>;
}

/** `npm start`'s own program; `terminal`: it takes its stdout for one. */
function run(env: Record<string, string | undefined>, terminal = false): Run {
  const program = terminal
    ? ['-e', `process.stdout.isTTY = true; require('./scripts/start.cjs')`]
    : ['scripts/start.cjs'];
  const child = spawn(process.execPath, program, {
    cwd: ROOT,
    stdio: ['ignore', 'pipe', 'pipe'],
    env: { PATH: process.env.PATH, PORT: '0', HOST: '127.0.0.1', ...env },
  });
  const output = outputOf(child);
  let stdout = '';
  child.stdout.on('data', (chunk: Buffer) => (stdout += chunk.toString()));
  const ended = once(child, 'close');
  const stop = async (): Promise<void> => {
    child.kill('SIGTERM');
    await bounded(ended, 'the end of a hub after SIGTERM');
  };
  running.push(stop);
  return { child, stdout: () => stdout, output, stop };
}

async function platform(
  options: ConstructorParameters<typeof SimulatedPlatform>[0],
): Promise<SimulatedPlatform> {
  const started = await new SimulatedPlatform(options).start();
  running.push(() => started.stop());
  return started;
}

describe('where stdout is no terminal', () => {
  test('it holds JSON alone, with level and time in words, from start to stop; an ADMIN_TOKEN that was made is named by its file', async () => {
    const DATA_DIR = path.join(folder, 'piped');
    const hub = run({ DATA_DIR });
    await urlOf(hub.child);
    await hub.stop();
    const lines = hub.stdout().trimEnd().split('\n');
    expect(lines.filter((text) => !text.startsWith('{'))).toEqual([]);
    for (const each of logLines(hub.stdout()))
      expect(each).toMatchObject({ level: 'info', time: expect.stringMatching(/^\d{4}-\d\d-\d\dT.+Z$/) });
    const messages = logLines(hub.stdout()).map(({ msg }) => msg);
    expect(messages).toEqual(['started', 'stopping', 'stopped']);
    const { version } = JSON.parse(fs.readFileSync(path.join(ROOT, 'package.json'), 'utf8')) as {
      version: string;
    };
    const file = path.join(DATA_DIR, 'admin-token');
    expect(await line(hub, 'started')).toMatchObject({
      version,
      node: process.version,
      admin_token_file: file,
      settings: { mode: 'all', hub: { country_code: 'NL' } },
    });
    expect(hub.output()).not.toContain(fs.readFileSync(file, 'utf8').trim());
  });
});

describe('a terminal', () => {
  test('shows where everything is, and an ADMIN_TOKEN once, at the start that made it', async () => {
    const DATA_DIR = path.join(folder, 'shown');
    const first = run({ DATA_DIR }, true);
    await eventually(() => first.stdout().includes('ADMIN_TOKEN (shown once'), 'the banner');
    await first.stop();
    const token = fs.readFileSync(path.join(DATA_DIR, 'admin-token'), 'utf8').trim();
    expect(first.output().split(token)).toHaveLength(2);
    const second = run({ DATA_DIR }, true);
    await eventually(() => second.stdout().includes('  health '), 'the banner');
    expect(second.output()).not.toContain(token);
    for (const what of ['versions', 'admin', 'health', 'database'])
      expect(second.stdout()).toContain(`\n  ${what} `);
  });

  test('shows of a worker only what it serves', async () => {
    const { url } = await testDatabase();
    const secrets = { ADMIN_TOKEN: 'a'.repeat(24), SECRET_KEY: 's'.repeat(24) };
    const worker = run(
      { DATABASE_URL: url, MODE: 'worker', ...secrets, PUBLIC_URL: 'https://hub.example.com' },
      true,
    );
    await eventually(() => worker.stdout().includes('  health '), 'the banner');
    const banner = worker.stdout().split('ocpi-hub is ready\n')[1] ?? '';
    expect(banner).toMatch(/^ {2}health {4}http:\/\/127\.0\.0\.1:\d+\/health\/ready\n/);
    expect(banner).not.toMatch(/versions|admin|hub\.example\.com/);
    const health = /http:\S+/.exec(banner)?.[0] ?? '';
    expect((await fetch(health)).status).toBe(200);
  });
});

describe('partners in the log', () => {
  let hub: HubProcess;
  let cpo: SimulatedPlatform;
  let partner: string;

  beforeEach(async () => {
    hub = await startHubProcess(await testDatabase(), {
      ALIVE_CHECK_S: '1',
      LOG_ACCESS: 'true',
      RETRY_MIN_MS: '50',
    });
    running.push(() => hub.stop());
    cpo = await platform({ parties: [CPO], name: 'My CPO' });
    partner = await joinHub(hub, cpo);
  });

  test('one that registers, changes its credentials, goes and comes back has a line each, with id and name', async () => {
    const named = { level: 'info', partner, partner_name: 'My CPO' };
    expect(await line(hub, 'partner registered')).toMatchObject({
      ...named,
      correlation_id: expect.any(String),
    });
    await cpo.updateCredentials();
    expect(await line(hub, 'partner rotated its credentials')).toMatchObject(named);
    await cpo.down();
    expect(await line(hub, 'partner is OFFLINE')).toMatchObject({ ...named, reason: expect.any(String) });
    await cpo.up();
    expect(await line(hub, 'partner is CONNECTED again')).toMatchObject(named);
    await cpo.unregister();
    expect(await line(hub, 'partner unregistered')).toMatchObject(named);
  });

  test('one that is removed and cannot be told is not said to have been told', async () => {
    await cpo.down();
    await adminOf(hub, 'DELETE', `/partners/${partner}`).catch(() => undefined);
    const told = await line(hub, 'removed partner could not be told');
    expect(told).toMatchObject({ level: 'warn', partner, partner_name: 'My CPO' });
  });

  test('each answered request has a line: who, what, and what was answered', async () => {
    await cpo.send({
      method: 'PUT',
      module: 'locations',
      interface: 'RECEIVER',
      path: '/BE/BEC/L1',
      query: { secret: 'in-the-query' },
      body: JSON.stringify(location('L1', { evses: 1 })),
    });
    const of = (method: string): Record<string, unknown> | undefined =>
      logLines(hub.output()).find((each) => each.msg === 'answered' && each.method === method);
    await eventually(() => of('PUT') !== undefined, 'the line of the PUT');
    expect(of('PUT')).toMatchObject({
      level: 'info',
      partner,
      partner_name: 'My CPO',
      path: '/ocpi/2.2.1/receiver/locations/BE/BEC/L1',
      module: 'locations',
      http: 201,
      status_code: 1000,
      ms: expect.any(Number),
      bytes: expect.any(Number),
      request_id: expect.any(String),
      correlation_id: expect.any(String),
    });
    expect(of('POST')).toMatchObject({ module: 'credentials', path: '/ocpi/2.2.1/credentials' });
    expect(hub.output()).not.toContain('in-the-query');
    expect((await fetch(`${hub.url}/ocpi/versions`)).status).toBe(401);
    await eventually(() => logLines(hub.output()).some(({ http }) => http === 401), 'the line of a stranger');
    expect(logLines(hub.output()).find(({ http }) => http === 401)).not.toHaveProperty('partner');
  });
});
