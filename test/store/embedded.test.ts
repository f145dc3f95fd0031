import fs from 'node:fs';
import path from 'node:path';
import { Client } from 'pg';
import { type EmbeddedPostgres, holdHubLock, startEmbedded } from '../../src/postgres';
import { alive } from '../../src/postgres/process';
import { type Owner, startOwner } from '../support/owner-process';
import { temporaryFolder } from '../support/test-server';
import { eventually } from '../support/wait';

const folders: string[] = [];
const servers: EmbeddedPostgres[] = [];
const owners: Owner[] = [];

function folder(): string {
  const made = temporaryFolder();
  folders.push(made);
  return made;
}

async function start(dataDir: string): Promise<EmbeddedPostgres> {
  const server = await startEmbedded({ dataDir });
  servers.push(server);
  return server;
}

async function startElsewhere(dataDir: string): Promise<Owner> {
  const owner = await startOwner(dataDir);
  owners.push(owner);
  return owner;
}

/** Ends what a test left running, and waits for servers whose owner was killed. */
async function endOwner({ process: owner, server, kill }: Owner): Promise<void> {
  if (owner.signalCode === null && owner.exitCode === null) await kill();
  await eventually(() => !alive(server.pid), 'the end of the server whose owner is gone');
  fs.rmSync(server.host, { recursive: true, force: true });
}

async function query(server: Pick<EmbeddedPostgres, 'host' | 'port' | 'user' | 'database'>, text: string) {
  const client = new Client({
    host: server.host,
    port: server.port,
    user: server.user,
    database: server.database,
  });
  client.on('error', () => undefined); // a test may end the server under it
  await client.connect();
  try {
    return (await client.query<{ n: number }>(text)).rows;
  } finally {
    await client.end();
  }
}

afterEach(async () => {
  for (const server of servers.splice(0)) await server.stop();
  for (const owner of owners.splice(0)) await endOwner(owner);
  for (const made of folders.splice(0)) fs.rmSync(made, { recursive: true, force: true, maxRetries: 5 });
});

describe('the embedded PostgreSQL', () => {
  test('ends with its process and its socket at stop, and starts again with its data', async () => {
    const dataDir = folder();
    const first = await start(dataDir);
    await query(first, 'create table kept as select 7 as n');
    await first.stop();
    expect(alive(first.pid)).toBe(false);
    expect(fs.existsSync(first.host)).toBe(false);
    expect(fs.existsSync(path.join(first.dataDir, 'postmaster.pid'))).toBe(false);
    expect(await query(await start(dataDir), 'select n from kept')).toEqual([{ n: 7 }]);
  });

  test('listens on no network port and asks for no password', async () => {
    const server = await start(folder());
    const addresses = await query(server, "select current_setting('listen_addresses') as n");
    expect(addresses).toEqual([{ n: '' }]);
    expect(fs.statSync(server.host).mode & 0o077).toBe(0);
  });

  test('ends when its owner is killed', async () => {
    const owner = await startElsewhere(folder());
    await owner.kill();
    await eventually(() => !alive(owner.server.pid), 'the end of the server');
  });

  test('starts at once after its owner was killed, with what was committed', async () => {
    const dataDir = folder();
    const owner = await startElsewhere(dataDir);
    await query(owner.server, 'create table kept as select 7 as n');
    await owner.kill();
    expect(await query(await start(dataDir), 'select n from kept')).toEqual([{ n: 7 }]);
  });

  test('recovers what was committed after owner and server were killed', async () => {
    const dataDir = folder();
    const owner = await startElsewhere(dataDir);
    await query(owner.server, 'create table kept as select 7 as n');
    process.kill(owner.server.pid, 'SIGKILL');
    await owner.kill();
    expect(await query(await start(dataDir), 'select n from kept')).toEqual([{ n: 7 }]);
  });

  test('refuses a second hub on the same data, and leaves the first alone', async () => {
    const dataDir = folder();
    const first = await start(dataDir);
    await expect(startElsewhere(dataDir)).rejects.toThrow(`another hub runs on ${first.dataDir}`);
    expect(await query(first, 'select 1 as n')).toEqual([{ n: 1 }]);
  });

  test('lets one of two hubs started at once on fresh data run, and tells the other', async () => {
    const dataDir = folder();
    const starts = await Promise.allSettled([startElsewhere(dataDir), startElsewhere(dataDir)]);
    const refused = starts.filter((start) => start.status === 'rejected');
    expect(refused).toHaveLength(1);
    expect(String(refused[0]?.reason)).toContain('another hub runs on');
  });

  test('starts where a killed start left an unfinished cluster and a dead process id', async () => {
    const dataDir = folder();
    fs.mkdirSync(path.join(dataDir, `postgres.init-${process.pid}`));
    const server = await start(dataDir);
    await server.stop();
    expect(fs.readdirSync(dataDir).filter((name) => name.includes('init'))).toEqual([]);
    // the id of a living process that is no PostgreSQL: ids are used again
    fs.writeFileSync(path.join(server.dataDir, 'postmaster.pid'), `${process.pid}\n${server.dataDir}\n`);
    expect(await query(await start(dataDir), 'select 1 as n')).toEqual([{ n: 1 }]);
  });

  test('tells its owner when the server ends by itself, not when it is stopped', async () => {
    const [killed, stopped] = [await start(folder()), await start(folder())];
    const told: string[] = [];
    stopped.onExit(() => told.push('stopped'));
    killed.onExit(() => told.push('killed'));
    await stopped.stop();
    process.kill(killed.pid, 'SIGKILL');
    await eventually(() => told.length > 0, 'the call of onExit');
    expect(told).toEqual(['killed']);
  });

  test('makes the named database and takes settings over its own', async () => {
    const server = await startEmbedded({
      dataDir: folder(),
      database: 'Träger"1',
      settings: { work_mem: '8MB' },
    });
    servers.push(server);
    const rows = await query(server, "select current_database() || current_setting('work_mem') as n");
    expect(rows).toEqual([{ n: 'Träger"18MB' }]);
  });

  test('gives the lock of the hub to one session at a time', async () => {
    const server = await start(folder());
    const sessions = [new Client(server), new Client(server)] as const;
    for (const session of sessions) await session.connect();
    await holdHubLock(sessions[0]);
    await expect(holdHubLock(sessions[1])).rejects.toThrow('another hub runs on');
    for (const session of sessions) await session.end();
  });
});
