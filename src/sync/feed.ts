import type { Health } from '../partners/health';
import { Listener } from '../store/listener';
import { feedWorkers, type FeedOptions, type FeedWorkers } from './feed-workers';
import { LeasedWork } from './leased-work';
import { LogWatch } from './log-watch';
import { Schedule } from './schedule';

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

export class Feed {
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

  get health(): Health {
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
    if (this.health.heardFrom(partner)) this.wakePartner(partner);
  }

  /** It was OFFLINE and is not any more: nothing waits for the end of a pause. */
  private back(partner: string): void {
    this.health.succeeded(partner);
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
