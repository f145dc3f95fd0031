import { spawn } from 'node:child_process';
import { mkdtempSync } from 'node:fs';
import os from 'node:os';
import path from 'node:path';
import { ADMIN_TOKEN } from './support/hub';
import { urlOf } from './support/hub-process';
import { testDatabase } from './support/test-database';
import { bounded } from './support/wait';

/** Refused: nobody listens any more. */
const isGone = (url: string): Promise<boolean> =>
  fetch(`${url}/health/live`).then(
    () => false,
    () => true,
  );

test('SIGTERM to `npm start` alone, as a supervisor sends it, ends the hub before npm ends', async () => {
  const database = await testDatabase();
  const npm = spawn('npm', ['start'], {
    cwd: path.resolve(__dirname, '..'),
    stdio: ['ignore', 'pipe', 'pipe'],
    env: {
      PATH: process.env.PATH,
      HOME: process.env.HOME,
      PORT: '0',
      HOST: '127.0.0.1',
      DATABASE_URL: database.url,
      ADMIN_TOKEN,
      SECRET_KEY: 'test-secret-key-of-32-characters!',
      DATA_DIR: mkdtempSync(path.join(os.tmpdir(), 'hub-test-data-')),
    },
  });
  const ended = new Promise<void>((resolve) => npm.once('exit', () => resolve()));
  const url = await urlOf(npm);
  expect(await isGone(url)).toBe(false);
  npm.kill('SIGTERM');
  await bounded(ended, 'the end of `npm start` after SIGTERM');
  expect(await isGone(url)).toBe(true);
});
