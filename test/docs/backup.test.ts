import { spawn, spawnSync, type ChildProcess } from 'node:child_process';
import { once } from 'node:events';
import fs from 'node:fs';
import os from 'node:os';
import path from 'node:path';
import { freePort } from '../support/free-port';
import { eventually } from '../support/wait';

/* Backup and restore of docs/operations.md as written, on a hub with the database of its own. */

const ROOT = path.join(__dirname, '../..');
const OPERATIONS = fs.readFileSync(path.join(ROOT, 'docs/operations.md'), 'utf8');
const folder = fs.mkdtempSync(path.join(os.tmpdir(), 'hub-backup-'));
const DATA_DIR = path.join(folder, 'data');
const ADMIN_TOKEN = 'the-admin-token-of-a-backup';

/** The first block of a section, without the lines that end and start the hub: the test does that itself. */
function block(section: string): string {
  const code = /```sh\n([^]*?)```/.exec(OPERATIONS.split(`## ${section}\n`)[1] ?? '')?.[1] ?? '';
  return code
    .split('\n')
    .filter((line) => !/npm start/.test(line))
    .join('\n');
}

function bash(section: string, day: string): { status: number | null; stderr: string } {
  const env = { PATH: process.env.PATH, DATA_DIR, BACKUP: path.join(folder, 'backup', day) };
  return spawnSync('bash', ['-c', block(section)], { cwd: folder, env, encoding: 'utf8' });
}

interface Running {
  url: string;
  child: ChildProcess;
}

async function start(more: Record<string, string> = {}): Promise<Running> {
  const port = String(await freePort());
  const env = { PATH: process.env.PATH, PORT: port, HOST: '127.0.0.1', DATA_DIR, ADMIN_TOKEN, ...more };
  const child = spawn(process.execPath, ['scripts/start.cjs'], { cwd: ROOT, env, stdio: 'ignore' });
  const url = `http://127.0.0.1:${port}`;
  await eventually(
    () =>
      fetch(`${url}/health/ready`).then(
        ({ ok }) => ok,
        () => false,
      ),
    'a hub that is ready',
  );
  return { url, child };
}

async function stop({ child }: Running): Promise<void> {
  const exited = once(child, 'exit');
  child.kill('SIGTERM');
  await exited;
}

const headers = { Authorization: `Bearer ${ADMIN_TOKEN}`, 'Content-Type': 'application/json' };

async function makePartner({ url }: Running, name: string): Promise<void> {
  await fetch(`${url}/admin/api/partners`, { method: 'POST', headers, body: JSON.stringify({ name }) });
}

async function partners({ url }: Running): Promise<string[]> {
  const { items } = (await (await fetch(`${url}/admin/api/partners`, { headers })).json()) as {
    items: { name: string }[];
  };
  return items.map(({ name }) => name).sort();
}

/** A partner of that day, and the backup of its evening. */
async function day(name: string): Promise<void> {
  const hub = await start();
  await makePartner(hub, name);
  await stop(hub);
}

afterAll(() => fs.rmSync(folder, { recursive: true, force: true }));

test('each backup stands by itself, one that is there is not touched, and the restore brings back the day that was asked for', async () => {
  await day('monday');
  expect(bash('Backup', '1-monday')).toMatchObject({ status: 0 });
  await day('tuesday');
  expect(bash('Backup', '2-tuesday')).toMatchObject({ status: 0 });
  await day('wednesday');
  const again = bash('Backup', '2-tuesday');
  expect(again.status).not.toBe(0);
  expect(again.stderr).toContain('File exists');
  expect(bash('Restore', '2-tuesday')).toMatchObject({ status: 0 });
  const hub = await start({ RESTORED: 'tuesday' });
  expect(await partners(hub)).toEqual(['monday', 'tuesday']);
  await stop(hub);
});
