import type { Logger } from 'pino';
import type { Config } from '../config';
import type { Stores } from '../hub/incoming';
import { Health } from '../partners/health';
import type { PartnerClient } from '../partners/partner-client';
import { CdrDeliveries } from '../store/cdr-deliveries';
import { ClientInfoStore } from '../store/client-info-store';
import type { Contacts } from '../store/contacts';
import type { Database } from '../store/data-source';
import { FeedStore } from '../store/feed-store';
import { LeaseStore } from '../store/lease-store';
import { PullStore } from '../store/pull-store';
import { PushTimes } from '../store/push-times';
import type { Registry } from '../store/registry';
import { Upkeep } from '../store/upkeep';
import { AliveWatch } from './alive-watch';
import { CdrCourier } from './cdr-courier';
import { ChangeReader } from './change-reader';
import { ClientInfoCourier } from './client-info-courier';
import type { FeedParts } from './feed-parts';
import { LeaseKeeper } from './lease-keeper';
import { LEASE_S } from './leases';
import { PullWorker } from './pull-worker';
import { PushGate } from './push-gate';
import { Receivers } from './receivers';
import { StateReader } from './state-reader';

/* What a feed consists of, and how its parts are tied together. */

export interface FeedOptions {
  config: Config;
  log: Logger;
  database: Database;
  registry: Registry;
  partnerClient: PartnerClient;
  contacts: Contacts;
  /** Where what is pulled goes. */
  stores: Stores;
  /** A batch of writes is under way in this process. */
  isWriting: () => boolean;
}

/** What they tell the feed. */
export interface FeedEvents {
  /** What is leased may have changed. */
  onLeases(): void;
  /** A partner was OFFLINE and is not any more. */
  onBack(partner: string): void;
}

export interface FeedWorkers {
  health: Health;
  store: FeedStore;
  leaseStore: LeaseStore;
  upkeep: Upkeep;
  keeper: LeaseKeeper;
  pushTimes: PushTimes;
  changes: ChangeReader;
  receivers: Receivers;
  courier: CdrCourier;
  clientInfo: ClientInfoCourier;
  alive: AliveWatch;
  pulls: PullWorker;
}

/** How long a partner that is down is left alone, and what fails alone waits. */
const retryOf = ({ config }: FeedOptions): { minMs: number; maxMs: number } => ({
  minMs: config.retryMinMs,
  maxMs: config.retryMaxMs,
});

type Kept = Pick<FeedWorkers, 'health' | 'store' | 'leaseStore' | 'upkeep' | 'keeper' | 'pushTimes'>;

function keptOf(options: FeedOptions, events: FeedEvents): Kept {
  const { config, log, database } = options;
  const leaseStore = new LeaseStore(database.dataSource, LEASE_S);
  return {
    health: new Health(retryOf(options)),
    store: new FeedStore(database.pool),
    leaseStore,
    upkeep: new Upkeep(database.pool, config.retention),
    keeper: new LeaseKeeper({ store: leaseStore, log, onLapse: () => events.onLeases() }),
    pushTimes: new PushTimes(database.pool),
  };
}

type Pushing = Pick<FeedWorkers, 'changes' | 'receivers' | 'courier'>;

function pushingOf(options: FeedOptions, kept: Kept, events: FeedEvents): Pushing {
  const { log, database, registry, partnerClient } = options;
  const { store, health, keeper, pushTimes } = kept;
  const changes = new ChangeReader(store, () => registry.confirm());
  const parts: FeedParts = {
    ...{ store, registry, client: partnerClient, health, log, changes, leases: keeper.leases },
    states: new StateReader(store),
    gate: new PushGate(options.isWriting),
    onCdr: (receiver) => courier.wake(receiver),
    onPassed: (receiver, module) => pushTimes.passed(receiver, module),
  };
  const courier = new CdrCourier(parts, new CdrDeliveries(database.pool), retryOf(options));
  return { changes, courier, receivers: new Receivers(parts, store, () => events.onLeases()) };
}

/** Makes all of them; nothing runs yet. */
export function feedWorkers(options: FeedOptions, events: FeedEvents): FeedWorkers {
  const { config, log, database, registry, partnerClient, contacts } = options;
  const kept = keptOf(options, events);
  const { health } = kept;
  const { leases } = kept.keeper;
  const shared = { registry, client: partnerClient, log };
  const retry = retryOf(options);
  const stores = { ...options.stores, pool: database.pool };
  const pullStore = new PullStore(database.pool, () => leases.holder);
  return {
    ...kept,
    ...pushingOf(options, kept, events),
    clientInfo: new ClientInfoCourier({ ...shared, health, retry }, new ClientInfoStore(database.pool)),
    alive: new AliveWatch({
      ...{ ...shared, database, contacts, leases, aliveCheckS: config.aliveCheckS },
      onBack: (partner) => events.onBack(partner),
    }),
    pulls: new PullWorker({ ...{ ...shared, stores, store: pullStore, health, config }, leases }),
  };
}
