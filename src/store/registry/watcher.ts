import { Client } from 'pg';
import type { Logger } from 'pino';
import type { DataSource } from 'typeorm';
import { ownConnection } from '../database';
import { readVersion } from './snapshot';

/** Well under the second within which a revoked token must be dead everywhere. */
const CHECK_MS = 700;
const TIMEOUT_MS = 5000;
const CONNECTION = {
  application_name: 'ocpi-hub registry',
  connectionTimeoutMillis: TIMEOUT_MS,
  query_timeout: TIMEOUT_MS,
  keepAlive: true,
};

/** What the watcher tells. */
export interface Watching {
  /** A process has committed this version. */
  onNotice(version: number): Promise<void>;
  /** This version was the committed one at a moment not before `askedAt` (performance.now()). */
  onCheck(version: number, askedAt: number): Promise<void>;
  log: Logger;
}

/**
 * Learns of every new version of the registry: by NOTIFY at once, by asking each second behind it. It has a
 * connection of its own, so that a busy pool delays no revocation; a lost one is opened again.
 */
export class Watcher {
  private client: Client | undefined;
  private timer: NodeJS.Timeout | undefined;
  private running: Promise<void> = Promise.resolve();
  private ended = false;

  constructor(
    private readonly dataSource: DataSource,
    private readonly watching: Watching,
  ) {}

  /** Connects and listens. Rejects if the database cannot be reached now. */
  async start(): Promise<void> {
    await this.connect();
    this.schedule();
  }

  async stop(): Promise<void> {
    this.ended = true;
    clearTimeout(this.timer);
    await this.running;
    await this.drop();
  }

  private schedule(): void {
    if (this.ended) return;
    this.timer = setTimeout(() => {
      this.running = this.check().finally(() => this.schedule());
    }, CHECK_MS);
  }

  private async check(): Promise<void> {
    const askedAt = performance.now();
    try {
      const client = this.client ?? (await this.connect());
      await this.watching.onCheck(await readVersion(client), askedAt);
    } catch (error) {
      this.watching.log.warn({ err: error }, 'the registry cannot be checked against the database');
      await this.drop();
    }
  }

  private async connect(): Promise<Client> {
    const client = new Client(ownConnection(this.dataSource, CONNECTION));
    client.on('error', () => this.forget(client));
    client.on('end', () => this.forget(client));
    client.on('notification', ({ payload }) => this.notified(Number(payload)));
    try {
      await client.connect();
      await client.query('listen registry');
    } catch (error) {
      void client.end().catch(() => undefined);
      throw error;
    }
    this.client = client;
    return client;
  }

  private notified(version: number): void {
    this.watching.onNotice(version).catch((error: unknown) => {
      this.watching.log.warn({ err: error }, 'the registry could not be read again');
    });
  }

  private forget(client: Client): void {
    if (this.client === client) this.client = undefined;
  }

  private async drop(): Promise<void> {
    const client = this.client;
    this.client = undefined;
    await client?.end().catch(() => undefined);
  }
}
