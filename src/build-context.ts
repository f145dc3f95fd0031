import { collectDefaultMetrics, Registry as Metrics } from 'prom-client';
import type { Logger } from 'pino';
import type { Config, Secrets } from './config';
import type { Context } from './context';
import { Comparisons } from './hub/compare/comparisons';
import { Refusals } from './hub/credentials/refusals';
import { GapFinder, type RequestPull } from './hub/gaps/gap-finder';
import { RelayedObjects } from './hub/relay/relayed-objects';
import { evidenceOf } from './partners/answer';
import { PartnerClient } from './partners/partner-client';
import { RelayGate } from './partners/relay-gate';
import type { TransportResult } from './partners/transport/transport-types';
import { ProxiedUrls } from './store/relay/proxied-urls';
import { ChangeSignal } from './store/notify';
import { Contacts } from './store/alive/contacts';
import type { Database } from './store/database';
import { Findings } from './store/findings';
import { KnownRoutes } from './store/relay/known-routes';
import { Objects } from './store/objects/objects';
import { NotKept } from './store/relay/not-kept';
import { WantedParties } from './store/pull/wanted-parties';
import { requestPullSince } from './store/pull/report';
import { Registry } from './store/registry/registry';
import { resolveSecrets } from './settings/secrets';
import { Vault } from './store/vault';
import { SyncWorker } from './sync/worker';

/* Builds every long-lived object of the process, in order: what each is made of stands here. */

export interface ContextOptions {
  config: Config;
  secrets: Secrets;
  log: Logger;
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

/** Makes all of them for a database that is open; nothing is served or pushed yet. */
export async function buildContext(
  options: ContextOptions,
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
  const wanted = new WantedParties(opened.pool, log);
  const notKept = new NotKept(opened.pool);
  const state = { ready: false };
  const signal = new ChangeSignal(opened.pool, log);
  const objects = new Objects(
    opened.pool,
    () => {
      syncWorker?.wake();
      signal.committed();
    },
    () => registry.now(),
  );
  const gaps = new GapFinder({ database: opened, registry });
  const requestPull: RequestPull = (partner, module, since) =>
    requestPullSince(opened.pool, partner.id, { module, since });
  const shared = {
    config,
    log,
    database: opened,
    registry,
    objects,
    findings,
    wanted,
    notKept,
    partnerClient,
    contacts,
  };
  const syncWorker: SyncWorker | undefined =
    config.mode === 'api' ? undefined : new SyncWorker({ ...shared, gaps, requestPull });
  const context: Context = {
    ...shared,
    vault,
    gate: new RelayGate(),
    proxiedUrls: new ProxiedUrls(opened.pool, vault),
    knownRoutes: new KnownRoutes(opened.pool),
    refusals: new Refusals(contacts, log),
    relayedObjects: new RelayedObjects(shared, log),
    comparisons: new Comparisons({ ...shared, savePositions: async () => syncWorker?.save() }),
    gaps,
    requestPull,
    syncWorker,
    adminToken: secrets.adminToken,
    metrics: metricsOf(),
    ready: async () => state.ready && (await isThere(opened)),
  };
  return { context, madeAdminToken: secrets.madeAdminToken, state };
}
