import { randomUUID } from 'node:crypto';
import type { Logger } from 'pino';
import type { Config } from '../config';
import { isLive } from '../domain/party';
import { Health } from '../partners/health';
import type { PartnerClient } from '../partners/partner-client';
import { ClientInfoStore } from '../store/client-info-store';
import type { Contacts } from '../store/contacts';
import { CdrDeliveries } from '../store/cdr-deliveries';
import { FeedStore, type ReceiverRow } from '../store/feed-store';
import type { Database } from '../store/data-source';
import { Listener } from '../store/listener';
import { PushTimes } from '../store/push-times';
import type { Registry } from '../store/registry';
import { AliveWatch } from './alive-watch';
import { CdrCourier } from './cdr-courier';
import { ChangeReader } from './change-reader';
import { ClientInfoCourier } from './client-info-courier';
import type { FeedParts } from './feed-parts';
import { Leases } from './leases';
import { PushGate } from './push-gate';
import { ReceiverFeed } from './receiver-feed';
import { StateReader } from './state-reader';

/*
 * The push worker of a process. It leases platforms, keeps a ReceiverFeed for each of their parties, reads the change
 * log once for all of them, and saves their positions together every few seconds. Nothing is held across HTTP but a
 * lease, whose heartbeat and fence keep a worker that slept too long from saving anything.
 */

const LEASE_S = 6;
const HEARTBEAT_MS = 2000;
const POLL_MS = 1000;
const SAVE_MS = 2000;
/** Changes of this while are read together: reading them one by one would cost the writers more than it gains. */
const GATHER_MS = 10;
const TRIM_MS = 60_000;
/** How long pushes under way may still take when the process ends; then they are cut off and repeated later. */
const STOP_GRACE_MS = 3000;

export interface FeedOptions {
  config: Config;
  log: Logger;
  database: Database;
  registry: Registry;
  partnerClient: PartnerClient;
  contacts: Contacts;
  /** A batch of writes is under way in this process. */
  isWriting: () => boolean;
}

export class Feed {
  readonly health: Health;
  private readonly holder = randomUUID();
  private readonly store: FeedStore;
  private readonly parts: FeedParts;
  private readonly courier: CdrCourier;
  private readonly pushTimes: PushTimes;
  private readonly leases = new Leases();
  private readonly clientInfo: ClientInfoCourier;
  private readonly alive: AliveWatch;
  private readonly receivers = new Map<number, ReceiverFeed>();
  private readonly timers: NodeJS.Timeout[] = [];
  private readonly listener: Listener;
  private reading: Promise<void> | undefined;
  private readAgain = false;
  private gathering: NodeJS.Timeout | undefined;
  private refreshing: Promise<void> = Promise.resolve();
  private stopped = false;
  private stopListening: () => void = () => undefined;

  constructor(private readonly options: FeedOptions) {
    const { config, log, database, registry, partnerClient } = options;
    this.health = new Health({ minMs: config.retryMinMs, maxMs: config.retryMaxMs });
    this.store = new FeedStore(database.pool);
    this.pushTimes = new PushTimes(database.pool);
    this.parts = {
      ...{ store: this.store, registry, client: partnerClient, health: this.health, log },
      changes: new ChangeReader(this.store, () => registry.confirm()),
      states: new StateReader(this.store),
      gate: new PushGate(options.isWriting),
      onCdr: (receiver) => this.courier.wake(receiver),
      onPassed: (receiver, module) => this.pushTimes.passed(receiver, module),
    };
    this.courier = new CdrCourier(this.parts, new CdrDeliveries(database.pool));
    const shared = { registry, client: partnerClient, leases: this.leases, log };
    const retry = { minMs: config.retryMinMs, maxMs: config.retryMaxMs };
    this.clientInfo = new ClientInfoCourier(
      { ...shared, health: this.health, retry },
      new ClientInfoStore(database.pool),
    );
    this.alive = new AliveWatch({
      ...{ ...shared, database, contacts: options.contacts, holder: this.holder },
      aliveCheckS: config.aliveCheckS,
      onBack: (partner) => this.back(partner),
    });
    this.listener = new Listener(database.dataSource, 'change', () => this.wake());
  }

  async start(): Promise<void> {
    await this.parts.changes.start();
    await this.refresh();
    this.stopListening = this.options.registry.onChange(() => {
      void this.refresh();
      this.wake();
      this.clientInfo.wakeAll();
    });
    this.alive.start();
    await this.listener.start();
    this.every(HEARTBEAT_MS, () => this.refresh());
    this.every(POLL_MS, () => this.wake());
    this.every(SAVE_MS, () => this.save());
    this.every(TRIM_MS, () => this.trim());
  }

  /** Pushes under way are finished or, where a receiver hangs, cut off; positions saved, leases given back. */
  async stop(): Promise<void> {
    this.stopped = true;
    clearTimeout(this.gathering);
    for (const timer of this.timers) clearInterval(timer);
    this.stopListening();
    await this.refreshing;
    const cutOff = setTimeout(() => void this.options.partnerClient.close(), STOP_GRACE_MS);
    const couriers = [this.courier.end(), this.clientInfo.end(), this.alive.end()];
    await Promise.all([...[...this.receivers.values()].map((r) => r.end()), ...couriers]);
    clearTimeout(cutOff);
    await this.save();
    await this.store.release(this.holder);
    await this.listener.end();
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
    for (const receiver of this.receivers.values()) {
      if (receiver.row.partner_id !== partner) continue;
      receiver.wake();
      this.courier.wake(receiver.row.receiver);
    }
  }

  /** Removes what is no longer needed. */
  async trim(): Promise<void> {
    await this.store.trim();
  }

  /** Positions were set by an admin: they are read now, not with the next heartbeat. */
  positionsChanged(): void {
    void this.refresh();
  }

  /** Saves all positions. */
  async save(): Promise<void> {
    await this.clientInfo.save();
    await this.pushTimes.save();
    await this.store.savePositions(
      [...this.receivers.values()].map((receiver) => receiver.toSave()),
      this.holder,
    );
  }

  private every(ms: number, act: () => unknown): void {
    const run = (): void => {
      Promise.resolve(act()).catch((error: unknown) =>
        this.options.log.warn({ err: error }, 'the feed stumbled'),
      );
    };
    this.timers.push(setInterval(run, ms).unref());
  }

  private async readChanges(): Promise<void> {
    try {
      if (await this.parts.changes.advance()) for (const receiver of this.receivers.values()) receiver.wake();
    } catch (error) {
      this.options.log.warn({ err: error }, 'the change log could not be read');
    }
  }

  /** Renews leases and takes free ones; begins and ends receivers accordingly. */
  private refresh(): Promise<void> {
    this.refreshing = this.refreshing
      .then(() => this.refreshNow())
      .catch((error: unknown) => {
        this.options.log.warn({ err: error }, 'leases could not be renewed');
      });
    return this.refreshing;
  }

  private async refreshNow(): Promise<void> {
    if (this.stopped) return;
    const askedAt = performance.now();
    const partners = await this.store.lease(this.holder, LEASE_S);
    this.leases.renewed(partners, askedAt + LEASE_S * 1000);
    await this.clientInfo.lease(partners);
    const rows = await this.store.positions([...partners]);
    const wanted = new Map(
      rows.filter((row) => this.isReceiver(row.receiver)).map((row) => [row.receiver, row]),
    );
    for (const [number, receiver] of this.receivers) {
      if (wanted.get(number)?.fence === receiver.row.fence) continue;
      this.receivers.delete(number);
      void receiver.end();
    }
    for (const [number, row] of wanted) {
      const known = this.receivers.get(number);
      if (known) known.wake();
      else await this.begin(row);
    }
  }

  private async begin(row: ReceiverRow): Promise<void> {
    const receiver = new ReceiverFeed(this.parts, row, await this.store.aside(row.receiver));
    this.receivers.set(row.receiver, receiver);
    receiver.wake();
    this.courier.wake(row.receiver);
  }

  private isReceiver(number: number): boolean {
    const party = this.options.registry.partyByNumber(number);
    return party !== undefined && isLive(party);
  }
}
