import { type ChildProcess, execFileSync, spawn } from 'node:child_process';
import { once } from 'node:events';
import fs from 'node:fs';
import net from 'node:net';
import path from 'node:path';
import { parse } from 'yaml';
import { temporaryFolder } from './support/test-server';
import { bounded, eventually } from './support/wait';

const ROOT = path.join(__dirname, '..');

const textOf = (file: string): string => fs.readFileSync(path.join(ROOT, file), 'utf8');

interface Compose {
  services: Record<string, { environment: Record<string, string>; volumes?: string[] } | undefined>;
  volumes: Record<string, unknown>;
}

describe('Dockerfile', () => {
  const copies = textOf('Dockerfile').match(/^COPY .+$/gm) ?? [];
  const sourcesOf = (line: string): string[] => line.split(/\s+/).slice(1, -1);
  const fromHere = copies.filter((line) => !line.includes('--from=')).flatMap(sourcesOf);

  test.each(fromHere)('copies %s, which exists and is not ignored', (source) => {
    expect(fs.existsSync(path.join(ROOT, source))).toBe(true);
    const ignored = textOf('.dockerignore').split('\n');
    const isBelow = ignored.some((line) => `${source}/`.startsWith(`${line.replace(/\/\*$/, '')}/`));
    expect(isBelow && !ignored.includes(`!${source}`)).toBe(false);
  });

  test('copies from its stages only what they make', () => {
    const fromStages = copies.filter((line) => line.includes('--from='));
    expect(fromStages.map((line) => sourcesOf(line).slice(1)).flat()).toEqual([
      '/app/node_modules',
      '/app/dist',
    ]);
  });

  test('runs as a user without rights, as process 1, and says whether it lives', () => {
    expect(textOf('Dockerfile')).toMatch(/^USER node$/m);
    expect(textOf('Dockerfile')).toMatch(/^CMD \["node", "scripts\/start.cjs"\]$/m);
    expect(textOf('Dockerfile')).toMatch(/^HEALTHCHECK [^]+\/health\/live/m);
  });
});

describe('compose.yaml', () => {
  const compose = parse(textOf('compose.yaml')) as Compose;

  test.each(['DATABASE_URL', 'ADMIN_TOKEN', 'SECRET_KEY'])(
    'gives the hub %s and refuses to start without',
    (name) => {
      expect(compose.services['hub']?.environment[name]).toMatch(/\$\{[A-Z_]+:\?.+\}/);
    },
  );

  test('names only settings that the hub reads', () => {
    const config = textOf('src/config.ts') + textOf('src/settings/values.ts');
    for (const name of Object.keys(compose.services['hub']?.environment ?? {}))
      expect(config).toContain(name);
  });

  test('keeps the database in a declared volume', () => {
    expect(compose.services['database']?.volumes).toEqual(['database:/var/lib/postgresql']);
    expect(Object.keys(compose.volumes)).toEqual(['database']);
  });
});

describe('the built tree', () => {
  const folder = temporaryFolder();
  let hub: ChildProcess | undefined;

  afterAll(async () => {
    if (hub?.exitCode === null && hub.signalCode === null) {
      hub.kill('SIGKILL');
      await once(hub, 'exit');
    }
    fs.rmSync(folder, { recursive: true, force: true, maxRetries: 10 });
  });

  test('is built, starts and ends with nothing but its production dependencies', async () => {
    assemble(folder);
    const port = await freePort();
    const env = { PATH: process.env['PATH'], NODE_ENV: 'production', PORT: String(port), DATA_DIR: './data' };
    const started = spawn(process.execPath, ['scripts/start.cjs'], { cwd: folder, env, stdio: 'pipe' });
    hub = started;
    const output = collect(started);
    expect(await ready(port, started)).toBe(true);
    started.kill('SIGTERM');
    await bounded(once(started, 'exit'), 'the end of the built hub after SIGTERM');
    expect({ code: started.exitCode, output: started.exitCode === 0 ? '' : output() }).toEqual({
      code: 0,
      output: '',
    });
  });
});

/** Goes the way of the Dockerfile: production dependencies only, the build made with them, then no source. */
function assemble(folder: string): void {
  const source = ['src', 'migrations', 'bench', 'tsconfig.json', 'tsconfig.build.json'];
  for (const part of [...source, 'package.json', 'package-lock.json', 'openapi.yaml', 'scripts']) {
    fs.cpSync(path.join(ROOT, part), path.join(folder, part), { recursive: true });
  }
  const flags = ['--omit=dev', '--ignore-scripts', '--prefer-offline', '--no-audit', '--no-fund'];
  execFileSync('npm', ['ci', ...flags], { cwd: folder, stdio: ['ignore', 'ignore', 'inherit'] });
  execFileSync(process.execPath, ['scripts/build.cjs'], {
    cwd: folder,
    stdio: ['ignore', 'ignore', 'inherit'],
  });
  for (const part of source) fs.rmSync(path.join(folder, part), { recursive: true });
}

async function freePort(): Promise<number> {
  const server = net.createServer().listen(0);
  await once(server, 'listening');
  const address = server.address();
  server.close();
  if (address === null || typeof address === 'string') throw new Error('no port');
  return address.port;
}

function collect(child: ChildProcess): () => string {
  const chunks: string[] = [];
  for (const stream of [child.stdout, child.stderr])
    stream?.on('data', (chunk) => chunks.push(String(chunk)));
  return () => chunks.join('');
}

/** Waits until the hub says that it is ready; false when it ends instead. */
async function ready(port: number, child: ChildProcess): Promise<boolean> {
  let isReady = false;
  await eventually(async () => {
    const answer = await fetch(`http://127.0.0.1:${port}/health/ready`).catch(() => undefined);
    isReady = answer?.ok === true;
    return isReady || child.exitCode !== null || child.signalCode !== null;
  }, 'the built hub is ready');
  return isReady;
}
