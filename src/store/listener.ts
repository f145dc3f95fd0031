import { Client, type ClientConfig } from 'pg';
import type { DataSource } from 'typeorm';

const RECONNECT_MS = 1000;

/** A connection of our own, outside the pool. */
function clientConfig(dataSource: DataSource): ClientConfig {
  const { options } = dataSource;
  if (options.type !== 'postgres') throw new Error('the hub needs PostgreSQL');
  if (options.url !== undefined) return { connectionString: options.url, application_name: 'ocpi-hub feed' };
  const { host, port, username, database } = options;
  return { host, port, user: username, database, application_name: 'ocpi-hub feed' };
}

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
    const client = new Client(clientConfig(this.dataSource));
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
