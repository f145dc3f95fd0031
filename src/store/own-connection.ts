import type { ClientConfig } from 'pg';
import type { DataSource } from 'typeorm';

/** How a connection of our own, outside the pool, reaches the database of a data source. */
export function ownConnection(dataSource: DataSource, settings: ClientConfig): ClientConfig {
  const { options } = dataSource;
  if (options.type !== 'postgres') throw new Error('the hub needs PostgreSQL');
  if (options.url !== undefined) return { connectionString: options.url, ...settings };
  const { host, port, username, database } = options;
  return { host, port, user: username, database, ...settings };
}
