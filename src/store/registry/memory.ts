import { fail } from '../../errors';
import type { Logger } from 'pino';
import type { Database } from '../database';
import type { Vault } from '../vault';
import { loadSnapshot, readVersion, type VersionRead } from './snapshot';
import type { Snapshot } from './types';
import { Watcher } from './watcher';

/** How long memory is served while the database cannot be asked. */
const TRUSTED_MS = 60_000;
/** Questions about the version start at most this often, however many unknown tokens come in. */
const ASK_EVERY_MS = 5;

interface MemoryOptions {
  database: Database;
  vault: Vault;
  log: Logger;
}

/** The snapshot in force, how it is renewed, and for how long it may be trusted. */
export class Memory {
  private readonly watcher: Watcher;
  private readonly listeners = new Set<() => void>();
  private loading: Promise<void> | undefined;
  private asking: Promise<void> | undefined;
  private nextAsking: Promise<void> | undefined;
  /** performance.now() at which memory was last known to be what is committed. */
  private confirmedAt = performance.now();
  /** Milliseconds by which the database's clock is ahead of this process's. */
  clockAheadMs = 0;
  /** Since then only a later check makes it trusted again. */
  private distrustedAt = 0;

  private constructor(
    private readonly options: MemoryOptions,
    private held: Snapshot,
  ) {
    this.watcher = new Watcher(options.database.dataSource, {
      onNotice: (version) => this.reach(version),
      onCheck: (read, askedAt) => this.checked(read, askedAt),
      log: options.log,
    });
  }

  static async open(options: MemoryOptions): Promise<Memory> {
    const memory = new Memory(options, await loadSnapshot(options.database.pool, options.vault));
    await memory.watcher.start();
    await memory.confirm(); // what was written between the reading and the listening
    return memory;
  }

  close(): Promise<void> {
    return this.watcher.stop();
  }

  /** @throws HubFault when it could not be checked for a minute. */
  get snapshot(): Snapshot {
    if (performance.now() - this.confirmedAt > TRUSTED_MS) fail({ kind: 'HubFault' });
    return this.held;
  }

  /** The same however old it is: for what must never fail, such as a line of the log. */
  get lastKnown(): Snapshot {
    return this.held;
  }

  onChange(listener: () => void): () => void {
    this.listeners.add(listener);
    return () => this.listeners.delete(listener);
  }

  /**
   * Resolves when memory is at least what was committed when this was called. However many call, one question is
   * under way at a time: unknown tokens cannot hammer the database.
   * @throws HubFault if the database cannot be asked.
   */
  async confirm(): Promise<void> {
    const mine =
      this.asking === undefined ? this.startAsking() : (this.nextAsking ??= this.askAfter(this.asking));
    try {
      await mine;
    } catch (error) {
      this.options.log.warn({ err: error }, 'the registry cannot be checked against the database');
      fail({ kind: 'HubFault' });
    }
  }

  /** Memory holds this process's own write; if it cannot be read back, memory is no longer trusted. */
  async reachOwn(version: number): Promise<void> {
    try {
      await this.reach(version);
    } catch (error) {
      this.distrustedAt = performance.now();
      this.confirmedAt = Number.NEGATIVE_INFINITY;
      throw error;
    }
  }

  private startAsking(): Promise<void> {
    const asking = this.ask().finally(() => {
      if (this.asking === asking) this.asking = undefined;
    });
    this.asking = asking;
    return asking;
  }

  private async askAfter(running: Promise<void>): Promise<void> {
    await running.catch(() => undefined);
    await new Promise((resolve) => setTimeout(resolve, ASK_EVERY_MS));
    this.nextAsking = undefined;
    await this.startAsking();
  }

  private async ask(): Promise<void> {
    const askedAt = performance.now();
    await this.checked(await readVersion(this.options.database.pool), askedAt);
  }

  private async checked({ version, clockAheadMs }: VersionRead, askedAt: number): Promise<void> {
    this.clockAheadMs = clockAheadMs;
    await this.reach(version);
    this.trust(askedAt);
  }

  private trust(since: number): void {
    if (since >= this.distrustedAt) this.confirmedAt = Math.max(this.confirmedAt, since);
  }

  /** A load under way may have begun too early: after it, one more is enough. */
  private async reach(version: number): Promise<void> {
    if (this.held.version >= version) return;
    await this.loading?.catch(() => undefined);
    if (this.held.version < version) await this.load();
  }

  private load(): Promise<void> {
    this.loading ??= this.read().finally(() => (this.loading = undefined));
    return this.loading;
  }

  private async read(): Promise<void> {
    const startedAt = performance.now();
    this.held = await loadSnapshot(this.options.database.pool, this.options.vault);
    this.trust(startedAt);
    for (const listener of this.listeners) this.tell(listener);
  }

  private tell(listener: () => void): void {
    try {
      listener();
    } catch (error) {
      this.options.log.error({ err: error }, 'a listener of the registry failed');
    }
  }
}
