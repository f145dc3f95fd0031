import type { Server } from 'node:http';
import type { Logger } from 'pino';
import { buildApp, createServer } from './app';
import { buildContext } from './build-context';
import type { Settings } from './config';
import type { Context } from './context';
import { ensureDataDir } from './settings/data-dir';
import { loggerOf, startFields } from './log';
import { drain, listen, tryPort } from './port';
import { openDatabase, patiently, runMigrations, type Connection, type Database } from './store/database';
import { explained } from './store/database-fault';
import { requireUsable } from './store/database-view';
import { startEmbedded, type EmbeddedPostgres } from './postgres';
import { noticeRestore } from './store/restore';

/*
 * Starts the process: what can be refused is looked at first, then come database, context, port and worker. Ends all in the
 * reverse order: not ready, port closed, requests and lane done, pushes done or given back, transport, pool, PostgreSQL. So requests under way are answered
 * before the process ends, within 10 s of SIGTERM.
 */

export interface RunningHub {
  context: Context;
  url: string;
  port: number;
  /** Where the embedded database lies; undefined with DATABASE_URL. */
  dataDir: string | undefined;
  /** Shown at the first start alone. */
  madeAdminToken: string | undefined;
  stop(): Promise<void>;
}

export interface StartOptions extends Settings {
  log?: Logger;
  /** A database that is there already: of the tests. */
  connection?: Connection;
  /** The embedded database has ended by itself: nothing can be served any more. */
  onDatabaseEnd?: () => void;
}

async function database(
  options: StartOptions,
): Promise<{ connection: Connection; embedded: EmbeddedPostgres | undefined }> {
  if (options.connection) return { connection: options.connection, embedded: undefined };
  const { databaseUrl: url } = options.secrets;
  if (url !== undefined) {
    await requireUsable({ url });
    return { connection: { url }, embedded: undefined };
  }
  await ensureDataDir(options.config.dataDir);
  const embedded = await startEmbedded({ dataDir: options.config.dataDir });
  embedded.onExit(() => options.onDatabaseEnd?.());
  const { host, port, user, database: name } = embedded;
  return { connection: { host, port, user, database: name }, embedded };
}

/** Migrates, and repairs what was restored. @throws ConfigError that names DATABASE_URL, where the database refuses */
async function prepare(connection: Connection, restore: Parameters<typeof noticeRestore>[1]): Promise<void> {
  try {
    await patiently(connection, async (database) => {
      await runMigrations(database);
      await noticeRestore(database, restore);
    });
  } catch (error) {
    throw explained(error, connection);
  }
}

interface Running {
  context: Context;
  server: Server;
  opened: Database;
  embedded: EmbeddedPostgres | undefined;
  state: { ready: boolean };
}

/** In the reverse order of the start. */
async function end({ context, server, opened, embedded, state }: Running): Promise<void> {
  context.log.info('stopping');
  state.ready = false;
  await drain(server, context.partnerClient);
  await context.relayedObjects.close();
  await context.proxiedUrls.close();
  await context.syncWorker?.endPulls();
  await context.objects.close();
  await context.comparisons.close();
  await context.syncWorker?.stop();
  await context.findings.close();
  await context.wanted.close();
  await context.partnerClient.close();
  await context.contacts.close();
  await context.registry.close();
  await opened.close();
  await embedded?.stop();
  context.log.info('stopped');
}

/**
 * Starts the hub and resolves when it serves.
 * @throws Error with a message for the one who starts it: settings, database, port.
 */
export async function startHub(options: StartOptions): Promise<RunningHub> {
  const { config, warnings } = options;
  const log = options.log ?? loggerOf(config.logLevel);
  for (const { setting, warning } of warnings) log.warn({ setting }, `${setting} ${warning}`);
  await tryPort(config);
  const { connection, embedded } = await database(options);
  await prepare(connection, { restored: config.restored, log });
  const opened = await openDatabase(connection, 20);
  const { context, madeAdminToken, state } = await buildContext({ ...options, log }, opened);
  const server = createServer(buildApp(context));
  const port = await listen(server, config);
  if (config.port === 0) config.publicUrl = `http://${config.host ?? 'localhost'}:${port}`;
  await context.syncWorker?.start();
  state.ready = true;
  const hub = { context, url: config.publicUrl, port, dataDir: embedded?.dataDir };
  log.info(startFields({ ...options, port, embedded: embedded?.dataDir, madeAdminToken }), 'started');
  return {
    ...hub,
    madeAdminToken: madeAdminToken ? context.adminToken : undefined,
    stop: () => end({ context, server, opened, embedded, state }),
  };
}
