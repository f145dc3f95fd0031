import { Client, type Pool } from 'pg';
import type { DataSource } from 'typeorm';
import type { Logger } from 'pino';
import { ownConnection } from './database';

const RECONNECT_MS = 1000;
const SETTINGS = { application_name: 'ocpi-hub feed', connectionTimeoutMillis: 5000, keepAlive: true };

/** Hears NOTIFYs of one channel; a lost connection is opened again, and polls serve meanwhile. */
export class Listener {
  private client: Client | undefined;
  private timer: NodeJS.Timeout | undefined;
  private ended = false;

  constructor(
    private readonly dataSource: DataSource,
    private readonly channel: string,
    private readonly heard: () => void,
  ) {}

  async start(): Promise<void> {
    const client = new Client(ownConnection(this.dataSource, SETTINGS));
    client.on('error', () => this.lost(client));
    client.on('end', () => this.lost(client));
    client.on('notification', () => this.heard());
    this.client = client;
    await client.connect();
    await client.query(`listen ${client.escapeIdentifier(this.channel)}`);
  }

  private lost(client: Client): void {
    if (this.ended || this.client !== client) return;
    this.client = undefined;
    this.timer = setTimeout(() => void this.start().catch(() => undefined), RECONNECT_MS).unref();
  }

  async end(): Promise<void> {
    this.ended = true;
    clearTimeout(this.timer);
    await this.client?.end().catch(() => undefined);
  }
}

/**
 * Tells other processes that there are new changes. Sent after the commit and at most every few milliseconds: a
 * NOTIFY inside the write would serialise the commits of all processes.
 */
export class ChangeSignal {
  private timer: NodeJS.Timeout | undefined;

  constructor(
    private readonly pool: Pool,
    private readonly log: Logger,
  ) {}

  committed(): void {
    this.timer ??= setTimeout(() => {
      this.timer = undefined;
      this.pool.query(`select pg_notify('change', '')`).catch((error: unknown) => {
        this.log.debug({ err: error }, 'no signal sent; the poll behind it serves');
      });
    }, SPACING_MS).unref();
  }
}

const SPACING_MS = 25;
