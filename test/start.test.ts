import { spawn } from 'node:child_process';
import { once } from 'node:events';
import fs from 'node:fs';
import net, { type AddressInfo } from 'node:net';
import path from 'node:path';
import { Client } from 'pg';
import type { EmbeddedPostgres } from '../src/postgres';
import { databaseProxy } from './support/database-proxy';
import { migrate } from '../src/store/database';
import { outputOf, startHubProcess } from './support/hub-process';
import { urlOf } from './support/test-database';
import { temporaryFolder, testServer } from './support/test-server';
import { bounded } from './support/wait';

/* What stops a start, and what `npm run doctor` says of it: each by its setting, with what to do. */

const ROOT = path.join(__dirname, '..');
const SECRETS = {
  ADMIN_TOKEN: 'test-admin-token-of-32-characters',
  SECRET_KEY: 'test-secret-key-of-32-characters!',
};
const folder = temporaryFolder();

afterAll(() => fs.rmSync(folder, { recursive: true, force: true }));

interface Ended {
  code: number | null;
  said: string;
}

/** Runs a program to its end, on a port that is free unless `env` names one. */
async function run(args: string[], env: Record<string, string> = {}): Promise<Ended> {
  const child = spawn(process.execPath, args, {
    cwd: ROOT,
    stdio: ['ignore', 'pipe', 'pipe'],
    env: { PATH: process.env.PATH, PORT: '0', HOST: '127.0.0.1', ...env },
  });
  const output = outputOf(child);
  try {
    await bounded(once(child, 'close'), `the end of ${args.join(' ')}`);
  } finally {
    child.kill('SIGKILL');
  }
  return { code: child.exitCode, said: output() };
}

const start = (env: Record<string, string>): Promise<Ended> => run(['scripts/start.cjs'], env);
const doctor = (env: Record<string, string>): Promise<Ended> =>
  run(['scripts/run.cjs', 'doctor/main.js'], env);

/** Both refuse this, with this setting and these words. */
async function expectRefused(env: Record<string, string>, setting: string, words: string): Promise<void> {
  const [started, examined] = [await start(env), await doctor(env)];
  expect(started).toEqual({ code: 1, said: expect.stringContaining(`ocpi-hub: setting ${setting}: `) });
  expect(started.said).toContain(words);
  expect(examined.code).toBe(1);
  const wrong = examined.said.split('\n').filter((line) => line.startsWith('wrong'));
  expect(wrong.join('\n')).toContain(words);
}

/** Listens and answers nothing; its port. */
async function occupied(): Promise<{ port: number; end(): void }> {
  const server = net.createServer().listen(0, '127.0.0.1');
  await once(server, 'listening');
  return { port: (server.address() as AddressInfo).port, end: () => server.close() };
}

describe('what is wrong with the machine', () => {
  test('a port in use is named before anything is made', async () => {
    const { port, end } = await occupied();
    const DATA_DIR = path.join(folder, 'never');
    await expectRefused({ PORT: String(port), DATA_DIR }, 'PORT', `${port} is in use: set PORT to another`);
    expect(fs.existsSync(DATA_DIR)).toBe(false);
    end();
  });

  test('a HOST that is none of this machine is named', async () => {
    const env = { HOST: '192.0.2.1', DATA_DIR: path.join(folder, 'never') };
    await expectRefused(env, 'HOST', '192.0.2.1 is no address of this machine');
  });

  test('a DATA_DIR that cannot be made is named', async () => {
    fs.writeFileSync(path.join(folder, 'file'), '');
    const below = path.join(folder, 'file', 'data');
    await expectRefused({ DATA_DIR: below }, 'DATA_DIR', `${below} cannot be used (ENOTDIR)`);
    await expectRefused({ DATA_DIR: '/proc/nope' }, 'DATA_DIR', '/proc/nope cannot be used');
  });

  test('a Node outside `engines` is said in one line, before anything else is loaded', async () => {
    for (const script of [
      'start.cjs',
      'run.cjs',
      'dev.cjs',
      'build.cjs',
      'bench.cjs',
      'openapi.cjs',
      'release.cjs',
    ]) {
      const old = `Object.defineProperty(process.versions, 'node', { value: '18.20.4' })`;
      const { code, said } = await run(['-e', `${old}; require('./scripts/${script}')`]);
      expect({ script, code, said }).toEqual({
        script,
        code: 1,
        said: expect.stringMatching(/^ocpi-hub needs Node \^20\.19\.0 .+; this is 18\.20\.4\n$/),
      });
    }
  });
});

describe('what is wrong with the database', () => {
  let server: EmbeddedPostgres;
  let dispose: () => Promise<void>;
  const at = (url: string): Record<string, string> => ({ DATABASE_URL: url, ...SECRETS });

  /** As the database's owner. */
  async function sql(database: string, ...statements: string[]): Promise<unknown[]> {
    const { host, port, user } = server;
    const client = new Client({ host, port, user, database });
    await client.connect();
    try {
      let rows: unknown[] = [];
      for (const statement of statements) ({ rows } = await client.query<object>(statement));
      return rows;
    } finally {
      await client.end();
    }
  }

  const tablesIn = (database: string): Promise<unknown[]> =>
    sql(database, `select relname from pg_class where relnamespace = 'public'::regnamespace`);

  beforeAll(async () => {
    ({ server, dispose } = await testServer('hub'));
    const hba = path.join(server.dataDir, 'pg_hba.conf');
    fs.writeFileSync(hba, `local all guest scram-sha-256\n${fs.readFileSync(hba, 'utf8')}`);
    await sql(
      'hub',
      `create role guest login password 'right'`,
      'create role clerk',
      'select pg_reload_conf()',
    );
  });

  afterAll(() => dispose());

  test('no server at that address', async () => {
    const { port, end } = await occupied();
    end();
    const words = `nothing answers at 127.0.0.1:${port} (ECONNREFUSED): start PostgreSQL there`;
    await expectRefused(at(`postgresql://hub:pw@127.0.0.1:${port}/hub`), 'DATABASE_URL', words);
  });

  test('something that is no PostgreSQL', async () => {
    const web = net
      .createServer((socket) => socket.end('HTTP/1.1 400 Bad Request\r\n\r\n'))
      .listen(0, '127.0.0.1');
    await once(web, 'listening');
    const { port } = web.address() as AddressInfo;
    const words = `no PostgreSQL answers at 127.0.0.1:${port}`;
    await expectRefused(at(`postgresql://hub:pw@127.0.0.1:${port}/hub`), 'DATABASE_URL', words);
    web.close();
  });

  test('a database that does not exist', async () => {
    const words = 'there is no database "absent": create it, or correct the name';
    await expectRefused(at(urlOf({ ...server, database: 'absent' })), 'DATABASE_URL', words);
  });

  test('a user who may not log in', async () => {
    const words = 'user "stranger" may not log in from here: correct the user, or pg_hba.conf';
    await expectRefused(at(urlOf({ ...server, user: 'stranger' })), 'DATABASE_URL', words);
  });

  test('a wrong password, and none', async () => {
    const url = urlOf({ ...server, user: 'guest' });
    const wrong = at(url.replace('guest@', 'guest:wrong-password@'));
    const words = 'the password of user "guest" is refused: correct user and password';
    await expectRefused(wrong, 'DATABASE_URL', words);
    expect((await start(wrong)).said).not.toContain('wrong-password');
    await expectRefused(at(url), 'DATABASE_URL', 'user "guest" needs a password');
  });

  test('no right on the schema, and none on the tables', async () => {
    await sql('hub', 'create database closed');
    const asClerk = `${urlOf({ ...server, database: 'closed' })}?options=${encodeURIComponent('-c role=clerk')}`;
    const make =
      'user "clerk" may not make tables: as the owner run GRANT USAGE, CREATE ON SCHEMA public TO "clerk"';
    await expectRefused(at(asClerk), 'DATABASE_URL', make);
    expect(await tablesIn('closed')).toEqual([]);
    await migrate({ url: urlOf({ ...server, database: 'closed' }) });
    const use = 'GRANT SELECT, INSERT, UPDATE, DELETE ON ALL TABLES IN SCHEMA public TO "clerk"';
    await expectRefused(at(asClerk), 'DATABASE_URL', use);
  });

  test('a PostgreSQL that is too old, before anything is migrated', async () => {
    await sql('hub', 'create database old');
    const [{ number }] = (await sql('old', `select current_setting('server_version_num') as number`)) as [
      { number: string },
    ];
    const older = (said: Buffer): Buffer =>
      Buffer.from(said.toString('latin1').replaceAll(number, `14${number.slice(2)}`), 'latin1');
    const proxy = await databaseProxy({ ...server, database: 'old' }, older);
    await expectRefused(at(proxy.url), 'DATABASE_URL', 'is too old: the hub needs 15 or newer');
    expect(await tablesIn('old')).toEqual([]);
    await proxy.close();
  });

  test('a SECRET_KEY that does not open what is stored', async () => {
    await sql('hub', 'create database used');
    const env = at(urlOf({ ...server, database: 'used' }));
    const hub = await startHubProcess({ url: env.DATABASE_URL ?? '' }, SECRETS);
    await hub.stop();
    const other = { ...env, SECRET_KEY: 'another-secret-key-of-32-characters!' };
    await expectRefused(other, 'SECRET_KEY', 'does not open the tokens stored in this database');
    expect(await doctor(env)).toMatchObject({ code: 0, said: expect.stringContaining('opens the tokens') });
  });
});

describe('npm run doctor', () => {
  test('finds nothing wrong with a fresh folder, and makes nothing', async () => {
    const DATA_DIR = path.join(folder, 'fresh');
    const { code, said } = await doctor({ DATA_DIR });
    expect({ code, wrong: said.match(/^wrong .*/m) }).toEqual({ code: 0, wrong: null });
    for (const check of ['Node', 'settings', 'DATA_DIR', 'database', 'PORT'])
      expect(said).toMatch(RegExp(`^ok +${check} `, 'm'));
    expect(fs.existsSync(DATA_DIR)).toBe(false);
  });

  test('says where PUBLIC_URL leads', async () => {
    const free = await occupied();
    free.end();
    const here = { PORT: String(free.port), DATA_DIR: path.join(folder, 'fresh') };
    const local = await doctor({ ...here, PUBLIC_URL: `http://127.0.0.1:${free.port}` });
    expect(local.said).toMatch(/^ok +PUBLIC_URL .+ leads to port/m);
    const unknown = await doctor({ ...here, PUBLIC_URL: 'https://hub.invalid' });
    expect(unknown).toEqual({
      code: 1,
      said: expect.stringMatching(/^wrong +PUBLIC_URL .+ no DNS knows this host/m),
    });
    const away = await doctor({ ...here, PUBLIC_URL: 'http://127.0.0.1:1' });
    expect(away).toEqual({
      code: 0,
      said: expect.stringMatching(/^warning +PUBLIC_URL .+ gives no answer here/m),
    });
  });
});

test.each([[['scripts/start.cjs']], [['scripts/run.cjs', 'doctor/main.js']]])(
  '%j answers --help, and refuses other arguments',
  async (args) => {
    expect(await run([...args, '--help'])).toEqual({
      code: 0,
      said: expect.stringMatching(/^npm (start|run doctor): /),
    });
    expect(await run([...args, '--halp'])).toEqual({
      code: 2,
      said: expect.stringContaining('unknown arguments: --halp'),
    });
  },
);
