import pLimit from 'p-limit';
import type { HubContext, WorkerHandle } from '../hub/context';
import { isLive } from '../domain/party';
import type { GapFinder, RequestPull } from '../hub/gaps/gap-finder';
import { Pauses } from '../partners/pauses';
import { CdrDeliveries } from '../store/cdrs/cdr-deliveries';
import { FeedStore } from '../store/feed/feed-store';
import { LeaseStore } from '../store/feed/lease-store';
import { PushTimes } from '../store/feed/push-times';
import { ClientInfoPositions } from '../store/hubclientinfo/client-info-positions';
import { Listener } from '../store/notify';
import { PullStore } from '../store/pull/pull-store';
import { Upkeep } from '../store/upkeep';
import { AliveWatch } from './alive/alive-watch';
import { CdrQueue } from './cdrs/cdr-queue';
import type { SyncContext } from './context';
import { Refusing } from './deliver/refusing';
import { WriteFirstGate } from './deliver/write-first-gate';
import { ChangeLog } from './feed/change-log';
import { ObjectStates } from './feed/object-states';
import { Receivers } from './feed/receivers';
import { GapJob } from './gaps/gap-job';
import { ClientInfoFeeds } from './hubclientinfo/client-info-feeds';
import { LeaseKeeper } from './leases/lease-keeper';
import { LEASE_S } from './leases/leases';
import { Loop } from './loop';
import { PullWorker } from './pull/pull-worker';

/*
 * Everything that runs in the background of a process. It leases platforms and works for those that it leases:
 *
 *   leases ──▶ receivers (feed)  ──▶ pushes of objects          hubclientinfo ──▶ pushes of ClientInfo
 *         └──▶ CDR queue         ──▶ POSTs of CDRs              alive         ──▶ CONNECTED or OFFLINE
 *         └──▶ pulls             ──▶ objects of partners        gaps, upkeep  ──▶ reports, a short change log
 *
 * Nothing is held across HTTP but a lease. A worker that slept too long knows by its own clock that its leases are over:
 * it sends and saves nothing under them.
 */

const REFRESH_MS = 1000;
const POLL_MS = 1000;
const SAVE_MS = 2000;
const UPKEEP_MS = 15_000;
/** Changes of this while are read together: reading them one by one would cost the writers more than it gains. */
const GATHER_MS = 10;
/** Pages of full pushes that are read at once, over all receivers: the pool serves requests and pushes meanwhile. */
const WALKS_AT_ONCE = 3;
/** How long pushes under way may still take when the process ends; then they are cut off and repeated later. */
const STOP_GRACE_MS = 3000;

export interface SyncWorkerOptions extends Pick<
  HubContext,
  | 'config'
  | 'log'
  | 'database'
  | 'registry'
  | 'objects'
  | 'findings'
  | 'wanted'
  | 'notKept'
  | 'partnerClient'
  | 'contacts'
> {
  gaps: GapFinder;
  requestPull: RequestPull;
}

export class SyncWorker implements WorkerHandle {
  private readonly context: SyncContext;
  private readonly leaseStore: LeaseStore;
  private readonly listener: Listener;
  private readonly keeper: LeaseKeeper;
  private readonly receivers: Receivers;
  private readonly cdrs: CdrQueue;
  private readonly clientInfo: ClientInfoFeeds;
  private readonly alive: AliveWatch;
  private readonly pulls: PullWorker;
  private readonly gaps: GapJob;
  private readonly upkeep: Upkeep;
  /** Keeps what works in step with what is leased. */
  private readonly leasing: Loop;
  /** Reads the change log once for all receivers. */
  private readonly reading: Loop;
  private readonly saving: Loop;
  private readonly trimming: Loop;
  private stopping: Promise<void> | undefined;
  private stopListening: () => void = () => undefined;

  constructor(private readonly options: SyncWorkerOptions) {
    const { config, log, database } = options;
    this.leaseStore = new LeaseStore(database.dataSource, LEASE_S);
    this.keeper = new LeaseKeeper({ store: this.leaseStore, log, onLapse: () => this.leasing.wake() });
    const context = this.contextOf();
    this.context = context;
    this.receivers = new Receivers(context, () => this.leasing.wake());
    this.cdrs = new CdrQueue(context, new CdrDeliveries(database.pool));
    this.clientInfo = new ClientInfoFeeds(context, new ClientInfoPositions(database.pool));
    this.alive = new AliveWatch(context, (partner) => this.back(partner));
    this.pulls = new PullWorker(context, new PullStore(database.pool, () => context.leases.holder));
    this.gaps = new GapJob({ ...options, gapAfterHours: config.gapAfterHours });
    this.upkeep = new Upkeep(database.pool, config.retention);
    this.leasing = new Loop(() => this.follow(), { log, failed: 'leases could not be taken' });
    const reading = { log, failed: 'the change log could not be read', gatherMs: GATHER_MS };
    this.reading = new Loop(() => this.read(), reading);
    this.saving = new Loop(() => this.save(false), { log, failed: 'positions could not be saved' });
    this.trimming = new Loop(() => this.trim(), { log, failed: 'the upkeep failed' });
    this.listener = new Listener(database.dataSource, 'change', () => this.wake());
  }

  private contextOf(): SyncContext {
    const { config, database, log, registry, objects } = this.options;
    const feedStore = new FeedStore(database.pool);
    const retry = { minMs: config.retryMinMs, maxMs: config.retryMaxMs };
    return {
      ...this.options,
      retry,
      feedStore,
      pauses: new Pauses(retry),
      leases: this.keeper.leases,
      changeLog: new ChangeLog(feedStore, () => registry.confirm()),
      objectStates: new ObjectStates(feedStore),
      pushTimes: new PushTimes(database.pool),
      refusing: new Refusing(log, registry),
      gate: new WriteFirstGate(() => objects.isWriting),
      walking: pLimit(WALKS_AT_ONCE),
      wakeCdrs: (receiver) => this.cdrs.wake(receiver),
    };
  }

  /** Begins them one by one: first the leases, then all that works under them. */
  async start(): Promise<void> {
    await this.context.changeLog.start();
    await this.keeper.start();
    await this.leasing.ran();
    this.stopListening = this.context.registry.onChange(() => this.registryChanged());
    this.alive.start();
    this.pulls.start();
    this.gaps.start();
    await this.listener.start();
    this.leasing.every(REFRESH_MS);
    this.reading.every(POLL_MS);
    this.saving.every(SAVE_MS);
    this.trimming.every(UPKEEP_MS);
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
    this.stopListening();
    await Promise.all([this.leasing, this.reading, this.saving, this.trimming].map((loop) => loop.end()));
    const { receivers, cdrs, clientInfo, alive, pulls, gaps } = this;
    const cutOff = setTimeout(() => void this.context.partnerClient.close(), STOP_GRACE_MS);
    await Promise.all([receivers, cdrs, clientInfo, alive, pulls, gaps].map((worker) => worker.end()));
    clearTimeout(cutOff);
    await this.giveBack().catch((error: unknown) => {
      this.context.log.warn({ err: error }, 'positions and leases could not be given back');
    });
    await this.leaseStore.close();
    await this.listener.end();
  }

  private async giveBack(): Promise<void> {
    await this.save();
    await this.keeper.release();
  }

  get pauses(): Pauses {
    return this.context.pauses;
  }

  /** There may be new changes: they are read within a few milliseconds. */
  wake(): void {
    this.reading.wake();
  }

  /** An admin asked for a pull. */
  wakePulls(): void {
    this.pulls.wake();
  }

  /** A partner called the hub: a pause of its pushes ends. */
  heardFrom(partner: string): void {
    if (this.pauses.heardFrom(partner)) this.wakePartner(partner);
  }

  /** Work may wait for this partner: an admin asked for it. */
  wakePartner(partner: string): void {
    this.clientInfo.wake(partner);
    for (const receiver of this.receivers.ofPartner(partner)) {
      receiver.wake();
      this.cdrs.wake(receiver.row.receiver);
    }
  }

  /** Positions were set by an admin: they are read now, not with the next heartbeat. */
  positionsChanged(): void {
    this.leasing.wake();
  }

  /** Saves the positions that moved; `all`: also where that are many. */
  async save(all = true): Promise<void> {
    await this.clientInfo.save();
    await this.context.pushTimes.save(all);
    await this.receivers.save(all);
  }

  /** The partner was OFFLINE and is not any more: nothing waits for the end of a pause. */
  private back(partner: string): void {
    this.pauses.succeeded(partner);
    this.wakePartner(partner);
  }

  private registryChanged(): void {
    this.leasing.wake();
    this.wake();
    this.clientInfo.wakeAll();
  }

  private async read(): Promise<void> {
    if (await this.context.changeLog.advance()) this.receivers.wake();
  }

  /** Takes free leases, begins and ends receivers accordingly. */
  private async follow(): Promise<void> {
    const { leases, feedStore } = this.context;
    await this.keeper.take();
    this.pulls.wake();
    await this.clientInfo.lease();
    const partners = leases.all();
    const rows = partners.length === 0 ? [] : await feedStore.positions(partners);
    const begun = await this.receivers.follow(rows.filter((row) => this.isReceiver(row.receiver)));
    for (const receiver of begun) this.cdrs.wake(receiver);
    this.receivers.wake();
  }

  private isReceiver(number: number): boolean {
    const party = this.context.registry.partyByNumber(number);
    return party !== undefined && isLive(party);
  }

  private async trim(): Promise<void> {
    const receivers = await this.upkeep.run();
    if (receivers.length === 0) return;
    const parties = receivers.map((receiver) => this.context.registry.partyInLog(receiver));
    this.context.log.warn({ parties }, 'receivers were too far behind: they get a full push');
    await this.leasing.ran();
  }
}
