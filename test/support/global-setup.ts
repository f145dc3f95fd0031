import { migrate } from '../../src/store/data-source';
import { TEMPLATE } from './test-database';
import { sweepTemporaryFolders, testServer } from './test-server';

declare global {
  /** Ends the server of this test run; left by the setup for the teardown. */
  var disposeTestServer: (() => Promise<void>) | undefined;
}

/** One server for the whole run, with a migrated database that each test file copies. */
export default async function globalSetup(): Promise<void> {
  sweepTemporaryFolders();
  const { server, dispose } = await testServer(TEMPLATE);
  globalThis.disposeTestServer = dispose;
  const { host, port, user } = server;
  await migrate({ host, port, user, database: TEMPLATE });
  process.env['TEST_SERVER'] = JSON.stringify({ host, port, user }); // the workers inherit it
}
