import type { Server } from 'node:http';
import pino, { type Logger } from 'pino';
import { buildApp, createServer } from './app';
import { buildContext } from './build-context';
import type { Config, Secrets } from './config';
import type { Context } from './context';
import { openDatabase, patiently, runMigrations, type Connection, type Database } from './store/database';
import { startEmbedded, type EmbeddedPostgres } from './postgres';
import { noticeRestore } from './store/restore';
import type { PartnerClient } from './partners/partner-client';

/*
 * Starts the process: database, context, port, worker; and ends all in the reverse order: not ready, port closed,
 * requests and lane done, pushes done or given back, transport, pool, PostgreSQL. So requests under way are answered
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

export interface StartOptions {
  config: Config;
  secrets: Secrets;
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
  if (options.config.databaseUrl)
    return { connection: { url: options.config.databaseUrl }, embedded: undefined };
  const embedded = await startEmbedded({ dataDir: options.config.dataDir });
  embedded.onExit(() => options.onDatabaseEnd?.());
  const { host, port, user, database: name } = embedded;
  return { connection: { host, port, user, database: name }, embedded };
}

function loggerOf(config: Config): Logger {
  return pino({
    level: config.logLevel,
    redact: ['token', '*.token', 'authorization', '*.authorization', 'headers.authorization'],
  });
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
  state.ready = false;
  await drain(server, context.partnerClient);
  await context.relayedObjects.close();
  await context.proxiedUrls.close();
  await context.syncWorker?.endPulls();
  await context.objects.close();
  await context.comparisons.close();
  await context.syncWorker?.stop();
  await context.findings.close();
  await context.partnerClient.close();
  await context.contacts.close();
  await context.registry.close();
  await opened.close();
  await embedded?.stop();
}

/**
 * Starts the hub and resolves when it serves.
 * @throws Error with a message for the one who starts it: settings, database, port.
 */
export async function startHub(options: StartOptions): Promise<RunningHub> {
  const { connection, embedded } = await database(options);
  const log = options.log ?? loggerOf(options.config);
  await patiently(connection, async (database) => {
    await runMigrations(database);
    await noticeRestore(database, { restored: options.config.restored, log });
  });
  const opened = await openDatabase(connection, 20);
  const { context, madeAdminToken, state } = await buildContext({ ...options, log }, opened);
  const server = createServer(buildApp(context));
  const port = await listen(server, options.config);
  if (options.config.port === 0)
    options.config.publicUrl = `http://${options.config.host ?? 'localhost'}:${port}`;
  await context.syncWorker?.start();
  state.ready = true;
  return {
    context,
    url: options.config.publicUrl,
    port,
    dataDir: embedded?.dataDir,
    madeAdminToken: madeAdminToken ? context.adminToken : undefined,
    stop: () => end({ context, server, opened, embedded, state }),
  };
}

/* The port: opened when all is there, closed before anything ends. */

/** How long requests in flight may still take after SIGTERM. */
const DRAIN_MS = 8000;
/** What a relay that was ended by the hub has to be answered. */
const LAST_ANSWERS_MS = 300;

/** Opens the port; resolves with its number. @throws Error where it cannot be had */
export function listen(server: Server, config: Config): Promise<number> {
  return new Promise((resolve, reject) => {
    server.once('error', reject);
    server.listen(config.port, config.host, () => {
      const address = server.address();
      resolve(typeof address === 'object' && address ? address.port : config.port);
    });
  });
}

/** Closes the port and ends when the last request is answered; relays still open after DRAIN_MS are timed out. */
export function drain(server: Server, client: PartnerClient): Promise<void> {
  return new Promise((resolve) => {
    let late = setTimeout(() => {
      client.endRelays();
      late = setTimeout(() => server.closeAllConnections(), LAST_ANSWERS_MS);
    }, DRAIN_MS);
    server.close(() => {
      clearTimeout(late);
      resolve();
    });
    server.closeIdleConnections();
  });
}
