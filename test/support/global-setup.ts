import { execFileSync } from 'node:child_process';
import path from 'node:path';
import { migrate } from '../../src/store/database';
import { TEMPLATE } from './test-database';
import { sweepTemporaryFolders, testServer } from './test-server';

declare global {
  /** Ends the server of this test run; left by the setup for the teardown. */
  var disposeTestServer: (() => Promise<void>) | undefined;
}

/** One server for the whole run, with a migrated database that each test file copies. */
export default async function globalSetup(): Promise<void> {
  // Tests that start the hub as a process find it built: a build while one of them holds a transaction open would
  // stand still the feeds of all others, since the horizon is the whole server's.
  execFileSync(process.execPath, ['scripts/build.cjs'], { cwd: path.join(__dirname, '../..') });
  sweepTemporaryFolders();
  const { server, dispose } = await testServer(TEMPLATE);
  globalThis.disposeTestServer = dispose;
  const { host, port, user } = server;
  await migrate({ host, port, user, database: TEMPLATE });
  process.env['TEST_SERVER'] = JSON.stringify({ host, port, user }); // the workers inherit it
}
