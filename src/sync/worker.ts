import type { Logger } from 'pino';
import type { Pool } from 'pg';
import { Pauses } from '../partners/pauses';
import { Listener } from '../store/notify';
import { LogWatch, ChangeLog } from './feed/change-log';
import { Schedule } from './schedule';
import type { Config } from '../config';
import type { Stores } from '../hub/context';
import type { PartnerClient } from '../partners/partner-client';
import { CdrDeliveries } from '../store/cdrs/cdr-deliveries';
import { ClientInfoPositions } from '../store/hubclientinfo/client-info-positions';
import type { Contacts } from '../store/alive/contacts';
import type { Database } from '../store/database';
import { FeedStore } from '../store/feed/feed-store';
import { LeaseStore } from '../store/feed/lease-store';
import { PullStore } from '../store/pull/pull-store';
import { PushTimes } from '../store/feed/push-times';
import type { Registry } from '../store/registry/registry';
import { Upkeep } from '../store/upkeep';
import { AliveWatch } from './alive/alive-watch';
import { CdrQueue } from './cdrs/cdr-queue';
import { ClientInfoFeeds } from './hubclientinfo/client-info-feeds';
import { LeaseKeeper } from './leases/lease-keeper';
import { LEASE_S, type Leases } from './leases/leases';
import { PullWorker } from './pull/pull-worker';
import { WriteFirstGate } from './deliver/write-first-gate';
import { Receivers } from './feed/receivers';
import { ObjectStates } from './feed/object-states';
import { isLive } from '../domain/party';

/*
 * The push worker of a process. It leases platforms, keeps a ReceiverFeed for each of their parties, reads the change
 * log once for all of them, and saves their positions together every few seconds. Nothing is held across HTTP but a
 * lease, which a worker that slept too long knows to be over by its own clock: it sends and saves nothing under it.
 */

const HEARTBEAT_MS = 1000;
const REFRESH_MS = 1000;
const POLL_MS = 1000;
const SAVE_MS = 2000;
const UPKEEP_MS = 15_000;
/** How long pushes under way may still take when the process ends; then they are cut off and repeated later. */
const STOP_GRACE_MS = 3000;

export class SyncWorker {
  private readonly workers: FeedWorkers;
  private readonly leased: LeasedWork;
  private readonly log: LogWatch;
  private readonly schedule: Schedule;
  /** Beats to the last: what is finished at the end is still under a lease. */
  private heart: NodeJS.Timeout | undefined;
  private readonly listener: Listener;
  private stopping: Promise<void> | undefined;
  private stopListening: () => void = () => undefined;

  constructor(private readonly options: FeedOptions) {
    this.workers = feedWorkers(options, {
      onLeases: () => void this.leased.refresh(),
      onBack: (partner) => this.back(partner),
    });
    this.leased = new LeasedWork(this.workers, options);
    const { changes, receivers } = this.workers;
    this.log = new LogWatch(async () => {
      if (await changes.advance()) receivers.wake();
    }, options.log);
    this.schedule = new Schedule(options.log);
    this.listener = new Listener(options.database.dataSource, 'change', () => this.wake());
  }

  get pauses(): Pauses {
    return this.workers.health;
  }

  async start(): Promise<void> {
    const { changes, keeper, clientInfo, alive, pulls } = this.workers;
    await changes.start();
    this.heart = setInterval(() => void keeper.beat(), HEARTBEAT_MS).unref();
    await keeper.beat();
    await this.leased.refresh();
    this.stopListening = this.options.registry.onChange(() => {
      void this.leased.refresh();
      this.wake();
      clientInfo.wakeAll();
    });
    alive.start();
    pulls.start();
    await this.listener.start();
    this.schedule.every(REFRESH_MS, () => this.leased.refresh());
    this.schedule.every(POLL_MS, () => this.wake());
    this.schedule.every(SAVE_MS, () => this.save(false));
    this.schedule.every(UPKEEP_MS, () => this.keepUp());
  }

  /** An admin asked for a pull. */
  wakePulls(): void {
    this.workers.pulls.wake();
  }

  /** Before the write lane ends: pages under way are stored. */
  endPulls(): Promise<void> {
    return this.workers.pulls.end();
  }

  /** Pushes under way are finished or, where a receiver hangs, cut off; positions saved, leases given back. */
  stop(): Promise<void> {
    this.stopping ??= this.stopNow();
    return this.stopping;
  }

  private async stopNow(): Promise<void> {
    const { receivers, courier, clientInfo, alive, pulls, leaseStore } = this.workers;
    const refreshed = this.leased.end();
    this.log.end();
    this.schedule.end();
    this.stopListening();
    await refreshed;
    const cutOff = setTimeout(() => void this.options.partnerClient.close(), STOP_GRACE_MS);
    await Promise.all([receivers, courier, clientInfo, alive, pulls].map((worker) => worker.end()));
    clearTimeout(cutOff);
    await this.giveBack().catch((error: unknown) => {
      this.options.log.warn({ err: error }, 'positions and leases could not be given back');
    });
    await leaseStore.close();
    await this.listener.end();
  }

  private async giveBack(): Promise<void> {
    clearInterval(this.heart);
    await this.save();
    await this.workers.keeper.release();
  }

  /** There may be new changes: they are read within a few milliseconds. */
  wake(): void {
    this.log.wake();
  }

  /** A partner called the hub: a pause of its pushes ends. */
  heardFrom(partner: string): void {
    if (this.pauses.heardFrom(partner)) this.wakePartner(partner);
  }

  /** It was OFFLINE and is not any more: nothing waits for the end of a pause. */
  private back(partner: string): void {
    this.pauses.succeeded(partner);
    this.wakePartner(partner);
  }

  /** Work may wait for this partner: an admin asked for it. */
  wakePartner(partner: string): void {
    const { clientInfo, receivers, courier } = this.workers;
    clientInfo.wake(partner);
    for (const receiver of receivers.ofPartner(partner)) {
      receiver.wake();
      courier.wake(receiver.row.receiver);
    }
  }

  /** Positions were set by an admin: they are read now, not with the next heartbeat. */
  positionsChanged(): void {
    void this.leased.refresh();
  }

  /** Saves the positions that moved; `all`: also where that are many. */
  async save(all = true): Promise<void> {
    const { clientInfo, pushTimes, receivers } = this.workers;
    await clientInfo.save();
    await pushTimes.save(all);
    await receivers.save(all);
  }

  private async keepUp(): Promise<void> {
    const receivers = await this.workers.upkeep.run();
    if (receivers.length === 0) return;
    this.options.log.warn({ receivers }, 'receivers were too far behind: they get a full push');
    await this.leased.refresh();
  }
}

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
  health: Pauses;
  store: FeedStore;
  leaseStore: LeaseStore;
  upkeep: Upkeep;
  keeper: LeaseKeeper;
  pushTimes: PushTimes;
  changes: ChangeLog;
  receivers: Receivers;
  courier: CdrQueue;
  clientInfo: ClientInfoFeeds;
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
    health: new Pauses(retryOf(options)),
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
  const changes = new ChangeLog(store, () => registry.confirm());
  const parts: FeedParts = {
    store,
    registry,
    client: partnerClient,
    health,
    log,
    changes,
    leases: keeper.leases,
    states: new ObjectStates(store),
    gate: new WriteFirstGate(options.isWriting),
    onCdr: (receiver) => courier.wake(receiver),
    onPassed: (receiver, module) => pushTimes.passed(receiver, module),
  };
  const courier = new CdrQueue(parts, new CdrDeliveries(database.pool), retryOf(options));
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
    clientInfo: new ClientInfoFeeds({ ...shared, health, retry }, new ClientInfoPositions(database.pool)),
    alive: new AliveWatch({
      ...shared,
      database,
      contacts,
      leases,
      aliveCheckS: config.aliveCheckS,
      onBack: (partner) => events.onBack(partner),
    }),
    pulls: new PullWorker({ ...shared, stores, store: pullStore, health, config, leases }),
  };
}

/** Keeps what works in step with what is leased: takes free leases, begins and ends receivers accordingly. */
export class LeasedWork {
  private refreshing: Promise<void> = Promise.resolve();
  private next: Promise<void> | undefined;
  private ended = false;

  constructor(
    private readonly workers: FeedWorkers,
    private readonly from: { registry: Registry; log: Logger },
  ) {}

  /** What is asked for while one runs is one more. Never rejects. */
  refresh(): Promise<void> {
    this.next ??= this.refreshing.then(() => {
      this.next = undefined;
      return this.refreshNow();
    });
    this.refreshing = this.next.catch((error: unknown) => {
      this.from.log.warn({ err: error }, 'leases could not be taken');
    });
    return this.refreshing;
  }

  /** Begins nothing more; resolves when what is under way has ended. */
  end(): Promise<void> {
    this.ended = true;
    return this.refreshing;
  }

  private async refreshNow(): Promise<void> {
    if (this.ended) return;
    const { keeper, pulls, clientInfo, store, receivers, courier } = this.workers;
    await keeper.take();
    pulls.wake();
    await clientInfo.lease(keeper.leases);
    const partners = keeper.leases.all();
    const rows = partners.length === 0 ? [] : await store.positions(partners);
    const begun = await receivers.follow(rows.filter((row) => this.isReceiver(row.receiver)));
    for (const receiver of begun) courier.wake(receiver);
    receivers.wake();
  }

  private isReceiver(number: number): boolean {
    const party = this.from.registry.partyByNumber(number);
    return party !== undefined && isLive(party);
  }
}

/** What the receivers of a process share. */
export interface FeedParts {
  store: FeedStore;
  registry: Registry;
  client: PartnerClient;
  health: Pauses;
  changes: ChangeLog;
  states: ObjectStates;
  gate: WriteFirstGate;
  leases: Leases;
  log: Logger;
  /** A CDR for this receiver waits. */
  onCdr(receiver: number): void;
  /** A receiver took something of a module. */
  onPassed(receiver: number, module: number): void;
}

/** What the pulls of a process share. */
export interface PullParts {
  stores: Stores & { pool: Pool };
  store: PullStore;
  client: PartnerClient;
  health: Pauses;
  leases: Leases;
  log: Logger;
  config: Config;
}
