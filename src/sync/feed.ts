import type { Logger } from 'pino';
import type { Config } from '../config';
import type { Stores } from '../hub/incoming';
import { isLive } from '../domain/party';
import { Health } from '../partners/health';
import type { PartnerClient } from '../partners/partner-client';
import { ClientInfoStore } from '../store/client-info-store';
import type { Contacts } from '../store/contacts';
import { CdrDeliveries } from '../store/cdr-deliveries';
import { FeedStore } from '../store/feed-store';
import type { Database } from '../store/data-source';
import { LeaseStore } from '../store/lease-store';
import { Listener } from '../store/listener';
import { Upkeep } from '../store/upkeep';
import { PullStore } from '../store/pull-store';
import { PushTimes } from '../store/push-times';
import type { Registry } from '../store/registry';
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

/*
 * The push worker of a process. It leases platforms, keeps a ReceiverFeed for each of their parties, reads the change
 * log once for all of them, and saves their positions together every few seconds. Nothing is held across HTTP but a
 * lease, which a worker that slept too long knows to be over by its own clock: it sends and saves nothing under it.
 */

const HEARTBEAT_MS = 1000;
const REFRESH_MS = 1000;
const POLL_MS = 1000;
const SAVE_MS = 2000;
/** Changes of this while are read together: reading them one by one would cost the writers more than it gains. */
const GATHER_MS = 10;
const UPKEEP_MS = 15_000;
/** How long pushes under way may still take when the process ends; then they are cut off and repeated later. */
const STOP_GRACE_MS = 3000;

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

export class Feed {
  readonly health: Health;
  private readonly store: FeedStore;
  private readonly parts: FeedParts;
  private readonly courier: CdrCourier;
  private readonly leaseStore: LeaseStore;
  private readonly keeper: LeaseKeeper;
  private readonly upkeep: Upkeep;
  private readonly pushTimes: PushTimes;
  private readonly clientInfo: ClientInfoCourier;
  private readonly alive: AliveWatch;
  private readonly receivers: Receivers;
  private readonly pulls: PullWorker;
  private readonly timers: NodeJS.Timeout[] = [];
  /** Beats to the last: what is finished at the end is still under a lease. */
  private heart: NodeJS.Timeout | undefined;
  private readonly listener: Listener;
  private reading: Promise<void> | undefined;
  private readAgain = false;
  private gathering: NodeJS.Timeout | undefined;
  private refreshing: Promise<void> = Promise.resolve();
  private refreshNext: Promise<void> | undefined;
  private stopped = false;
  private stopping: Promise<void> | undefined;
  private stopListening: () => void = () => undefined;

  constructor(private readonly options: FeedOptions) {
    const { config, log, database, registry, partnerClient } = options;
    this.health = new Health({ minMs: config.retryMinMs, maxMs: config.retryMaxMs });
    this.store = new FeedStore(database.pool);
    this.leaseStore = new LeaseStore(database.dataSource, LEASE_S);
    this.upkeep = new Upkeep(database.pool, config.retention);
    this.keeper = new LeaseKeeper({ store: this.leaseStore, log, onLapse: () => void this.refresh() });
    this.pushTimes = new PushTimes(database.pool);
    this.parts = {
      ...{ store: this.store, registry, client: partnerClient, health: this.health, log },
      changes: new ChangeReader(this.store, () => registry.confirm()),
      states: new StateReader(this.store),
      gate: new PushGate(options.isWriting),
      leases: this.keeper.leases,
      onCdr: (receiver) => this.courier.wake(receiver),
      onPassed: (receiver, module) => this.pushTimes.passed(receiver, module),
    };
    this.receivers = new Receivers(this.parts, this.store, () => void this.refresh());
    const retry = { minMs: config.retryMinMs, maxMs: config.retryMaxMs };
    this.courier = new CdrCourier(this.parts, new CdrDeliveries(database.pool), retry);
    const shared = { registry, client: partnerClient, log };
    this.clientInfo = new ClientInfoCourier(
      { ...shared, health: this.health, retry },
      new ClientInfoStore(database.pool),
    );
    this.alive = new AliveWatch({
      ...{ ...shared, database, contacts: options.contacts, leases: this.keeper.leases },
      aliveCheckS: config.aliveCheckS,
      onBack: (partner) => this.back(partner),
    });
    const stores = { ...options.stores, pool: database.pool };
    const pullStore = new PullStore(database.pool, () => this.keeper.leases.holder);
    this.pulls = new PullWorker({
      ...{ ...shared, stores, store: pullStore, health: this.health, config },
      leases: this.keeper.leases,
    });
    this.listener = new Listener(database.dataSource, 'change', () => this.wake());
  }

  async start(): Promise<void> {
    await this.parts.changes.start();
    this.heart = setInterval(() => void this.keeper.beat(), HEARTBEAT_MS).unref();
    await this.keeper.beat();
    await this.refresh();
    this.stopListening = this.options.registry.onChange(() => {
      void this.refresh();
      this.wake();
      this.clientInfo.wakeAll();
    });
    this.alive.start();
    this.pulls.start();
    await this.listener.start();
    this.every(REFRESH_MS, () => this.refresh());
    this.every(POLL_MS, () => this.wake());
    this.every(SAVE_MS, () => this.save(false));
    this.every(UPKEEP_MS, () => this.keepUp());
  }

  /** An admin asked for a pull. */
  wakePulls(): void {
    this.pulls.wake();
  }

  /** Before the write lane ends: pages under way are stored. */
  endPulls(): Promise<void> {
    return this.pulls.end();
  }

  /** Pushes under way are finished or, where a receiver hangs, cut off; positions saved, leases given back. */
  stop(): Promise<void> {
    this.stopping ??= this.stopNow();
    return this.stopping;
  }

  private async stopNow(): Promise<void> {
    this.stopped = true;
    clearTimeout(this.gathering);
    for (const timer of this.timers) clearInterval(timer);
    this.stopListening();
    await this.refreshing;
    const cutOff = setTimeout(() => void this.options.partnerClient.close(), STOP_GRACE_MS);
    const couriers = [this.courier.end(), this.clientInfo.end(), this.alive.end(), this.pulls.end()];
    await Promise.all([this.receivers.end(), ...couriers]);
    clearTimeout(cutOff);
    await this.giveBack().catch((error: unknown) => {
      this.options.log.warn({ err: error }, 'positions and leases could not be given back');
    });
    await this.leaseStore.close();
    await this.listener.end();
  }

  private async giveBack(): Promise<void> {
    clearInterval(this.heart);
    await this.save();
    await this.keeper.release();
  }

  /** There may be new changes: they are read within a few milliseconds. */
  wake(): void {
    this.gathering ??= setTimeout(() => {
      this.gathering = undefined;
      this.read();
    }, GATHER_MS);
  }

  private read(): void {
    if (this.stopped) return;
    if (this.reading) {
      this.readAgain = true;
      return;
    }
    this.reading = this.readChanges().finally(() => {
      this.reading = undefined;
      if (this.readAgain) {
        this.readAgain = false;
        this.read();
      }
    });
  }

  /** A partner called the hub: a pause of its pushes ends. */
  heardFrom(partner: string): void {
    if (this.health.heardFrom(partner)) this.wakePartner(partner);
  }

  /** It was OFFLINE and is not any more: nothing waits for the end of a pause. */
  private back(partner: string): void {
    this.health.succeeded(partner);
    this.wakePartner(partner);
  }

  /** Work may wait for this partner: an admin asked for it. */
  wakePartner(partner: string): void {
    this.clientInfo.wake(partner);
    for (const receiver of this.receivers.ofPartner(partner)) {
      receiver.wake();
      this.courier.wake(receiver.row.receiver);
    }
  }

  /** Positions were set by an admin: they are read now, not with the next heartbeat. */
  positionsChanged(): void {
    void this.refresh();
  }

  /** Saves the positions that moved; `all`: also where that are many. */
  async save(all = true): Promise<void> {
    await this.clientInfo.save();
    await this.pushTimes.save(all);
    await this.receivers.save(all);
  }

  /** Does it every so often, one at a time. */
  private every(ms: number, act: () => unknown): void {
    let busy = false;
    const run = async (): Promise<void> => {
      if (busy) return;
      busy = true;
      try {
        await act();
      } catch (error) {
        this.options.log.warn({ err: error }, 'the feed stumbled');
      }
      busy = false;
    };
    this.timers.push(setInterval(() => void run(), ms).unref());
  }

  private async keepUp(): Promise<void> {
    const receivers = await this.upkeep.run();
    if (receivers.length === 0) return;
    this.options.log.warn({ receivers }, 'receivers were too far behind: they get a full push');
    await this.refresh();
  }

  private async readChanges(): Promise<void> {
    try {
      if (await this.parts.changes.advance()) this.receivers.wake();
    } catch (error) {
      this.options.log.warn({ err: error }, 'the change log could not be read');
    }
  }

  /** Takes free leases; begins and ends receivers accordingly. What is asked for while one runs is one more. */
  private refresh(): Promise<void> {
    this.refreshNext ??= this.refreshing.then(() => {
      this.refreshNext = undefined;
      return this.refreshNow();
    });
    this.refreshing = this.refreshNext.catch((error: unknown) => {
      this.options.log.warn({ err: error }, 'leases could not be taken');
    });
    return this.refreshing;
  }

  private async refreshNow(): Promise<void> {
    if (this.stopped) return;
    const { leases } = this.keeper;
    await this.keeper.take();
    this.pulls.wake();
    await this.clientInfo.lease(leases);
    const partners = leases.all();
    const rows = partners.length === 0 ? [] : await this.store.positions(partners);
    const begun = await this.receivers.follow(rows.filter((row) => this.isReceiver(row.receiver)));
    for (const receiver of begun) this.courier.wake(receiver);
    this.receivers.wake();
  }

  private isReceiver(number: number): boolean {
    const party = this.options.registry.partyByNumber(number);
    return party !== undefined && isLive(party);
  }
}
