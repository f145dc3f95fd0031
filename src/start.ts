import type { Server } from 'node:http';
import pino, { type Logger } from 'pino';
import { collectDefaultMetrics, Registry as Metrics } from 'prom-client';
import { buildApp, createServer } from './app';
import type { Config, Secrets } from './config';
import type { Context } from './context';
import { Checks } from './hub/check';
import { GapFinder } from './hub/gap-finder';
import { Keeper } from './hub/relay/keeper';
import { RelayGate } from './partners/relay-gate';
import { Callbacks } from './store/callbacks';
import { requestPullSince } from './store/pull-report';
import { KnownRoutes } from './store/known-routes';
import { evidenceOf } from './partners/contact';
import { PartnerClient } from './partners/partner-client';
import type { TransportResult } from './partners/types';
import { openDatabase, patiently, runMigrations, type Connection, type Database } from './store/data-source';
import { startEmbedded, type EmbeddedPostgres } from './store/embedded';
import { ChangeSignal } from './store/change-signal';
import { Contacts } from './store/contacts';
import { Findings } from './store/findings';
import { Objects } from './store/objects';
import { Registry } from './store/registry';
import { noticeRestore } from './store/restore';
import { resolveSecrets } from './store/secrets';
import { Vault } from './store/vault';
import { Feed } from './sync/feed';
import { GapJob } from './sync/gap-job';

/*
 * Builds every long-lived object of the process, in order, and ends them in the reverse one: not ready, port closed,
 * requests and lane done, pushes done or given back, transport, pool, PostgreSQL (DESIGN.md, What others rely on).
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

/** How long requests in flight may still take after SIGTERM. */
const DRAIN_MS = 8000;

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

function listen(server: Server, config: Config): Promise<number> {
  return new Promise((resolve, reject) => {
    server.once('error', reject);
    server.listen(config.port, config.host, () => {
      const address = server.address();
      resolve(typeof address === 'object' && address ? address.port : config.port);
    });
  });
}

/** What a relay that was ended by the hub has to be answered. */
const LAST_ANSWERS_MS = 300;

/** Closes the port and ends when the last request is answered; relays still open after DRAIN_MS are timed out. */
function drain(server: Server, client: PartnerClient): Promise<void> {
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

function loggerOf(config: Config): Logger {
  return pino({
    level: config.logLevel,
    redact: ['token', '*.token', 'authorization', '*.authorization', 'headers.authorization'],
  });
}

/** A database that takes longer to say one word is not there for /health/ready. */
const WORD_MS = 2000;

/** Whether the database answers; rejects never. */
function isThere({ pool }: Database): Promise<boolean> {
  return new Promise((resolve) => {
    const late = setTimeout(() => resolve(false), WORD_MS);
    const answered = (there: boolean): void => {
      clearTimeout(late);
      resolve(there);
    };
    pool.query('select 1').then(
      () => answered(true),
      () => answered(false),
    );
  });
}

function metricsOf(): Metrics {
  const metrics = new Metrics();
  collectDefaultMetrics({ register: metrics });
  return metrics;
}

/** What passes between the hub and its partners says whether they can be reached. */
function observerOf(contacts: Contacts): (partner: string, result: TransportResult) => void {
  return (partner, result) => {
    const evidence = evidenceOf(result);
    if (evidence?.reached === true) contacts.reached(partner);
    else if (evidence) contacts.failed(partner, evidence.error);
  };
}

/** Whose contacts are kept, and whose are news. */
function followPartners(registry: Registry, contacts: Contacts): void {
  const tell = (): void => {
    const registered = registry.partners().filter((partner) => partner.status === 'REGISTERED');
    const offline = registered.filter(({ parties }) => parties.some((party) => party.status === 'OFFLINE'));
    const ids = (partners: typeof registered): Set<string> => new Set(partners.map(({ id }) => id));
    contacts.follow({ registered: ids(registered), offline: ids(offline) });
  };
  tell();
  registry.onChange(tell);
}

async function buildContext(
  options: StartOptions & { log: Logger },
  opened: Database,
): Promise<{ context: Context; madeAdminToken: boolean; state: { ready: boolean } }> {
  const { config, log } = options;
  const secrets = await resolveSecrets(config.dataDir, options.secrets);
  const vault = new Vault(secrets.secretKey);
  await Vault.verifyKey(opened.pool, vault);
  const registry = await Registry.open({ database: opened, vault, hub: config.hub, log });
  const contacts = new Contacts(opened.pool, { log, aliveCheckS: config.aliveCheckS });
  followPartners(registry, contacts);
  const partnerClient = new PartnerClient({ config, log, observe: observerOf(contacts) });
  const findings = new Findings(opened.pool, log);
  const state = { ready: false };
  let feed: Feed | undefined;
  const signal = new ChangeSignal(opened.pool, log);
  const objects = new Objects(opened.pool, () => {
    feed?.wake();
    signal.committed();
  });
  if (config.mode !== 'api') {
    const isWriting = (): boolean => objects.isWriting;
    const stores = { objects, findings, registry };
    feed = new Feed({ config, log, database: opened, registry, partnerClient, contacts, stores, isWriting });
  }
  const context: Context = {
    config,
    log,
    database: opened,
    vault,
    registry,
    findings,
    objects,
    partnerClient,
    gate: new RelayGate(),
    callbacks: new Callbacks(opened.pool, vault),
    knownRoutes: new KnownRoutes(opened.pool),
    keeper: new Keeper({ objects, findings, registry }, log),
    contacts,
    checks: new Checks({
      ...{ database: opened, registry, partnerClient, log },
      savePositions: async () => feed?.save(),
    }),
    gaps: new GapFinder({ database: opened, registry }),
    requestPull: (partner, module, since) => requestPullSince(opened.pool, partner.id, { module, since }),
    feed,
    adminToken: secrets.adminToken,
    metrics: metricsOf(),
    ready: async () => state.ready && (await isThere(opened)),
  };
  return { context, madeAdminToken: secrets.madeAdminToken, state };
}

/** Where this process runs the worker. */
function startGapJob(context: Context): GapJob | undefined {
  const { gaps, log, config, feed, requestPull } = context;
  if (!feed) return undefined;
  const job = new GapJob({ gaps, log, gapAfterHours: config.gapAfterHours, requestPull });
  job.start();
  return job;
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
  await context.feed?.start();
  const gapJob = startGapJob(context);
  state.ready = true;
  return {
    context,
    url: options.config.publicUrl,
    port,
    dataDir: embedded?.dataDir,
    madeAdminToken: madeAdminToken ? context.adminToken : undefined,
    stop: async () => {
      state.ready = false;
      await drain(server, context.partnerClient);
      await context.keeper.close();
      await context.callbacks.close();
      await context.feed?.endPulls();
      await context.objects.close();
      await context.checks.close();
      await gapJob?.end();
      await context.feed?.stop();
      await context.findings.close();
      await context.partnerClient.close();
      await context.contacts.close();
      await context.registry.close();
      await opened.close();
      await embedded?.stop();
    },
  };
}
