import 'reflect-metadata';
import { DataSource, type DataSourceOptions } from 'typeorm';
import type { Pool, PoolClient, ClientConfig } from 'pg';
import { BoundedClient } from './bounded-client';
import { migrations } from '../../migrations';
import { ProxiedUrlEntity, KnownRouteEntity, NotKeptEntity } from './relay/entities';
import {
  ChangeEntity,
  CdrDeliveryEntity,
  FailedDeliveryEntity,
  LeaseEntity,
  PositionEntity,
  UpkeepEntity,
  WorkerEntity,
  DriftReportEntity,
  PushSuccessEntity,
} from './feed/entities';
import { CdrLinkEntity, GapProgressEntity, SessionEndEntity } from './gaps/entities';
import {
  EvseEntity,
  HeadEntity,
  HeadStateEntity,
  ObjectCountEntity,
  ObjectTextEntity,
} from './objects/entities';
import {
  CredentialsTokenEntity,
  PartnerEntity,
  PartyEntity,
  FindingEntity,
  HubKeyEntity,
  RegistryVersionEntity,
} from './registry/entities';
import { PullGoneEntity, PullPageEntity, PullStateEntity, WantedPartyEntity } from './pull/entities';

/** Where the database is: a URL from outside, or the socket of the embedded server. */
export type Connection = { url: string } | { host: string; port: number; user: string; database: string };

/** Key of the advisory lock under which migrations run: two hubs started at once must not both migrate. */
const MIGRATION_LOCK = 4712;

/**
 * A process that is frozen within a transaction would hold its locks, and the horizon of the change log, for everybody
 * (docs/adr/0013). Nothing is held across HTTP, so none is idle for this long.
 */
const IDLE_IN_TRANSACTION_MS = 5000;

export interface Database {
  dataSource: DataSource;
  /** The pg pool under TypeORM, for the named statements of the hot paths. */
  pool: Pool;
  close(): Promise<void>;
}

/**
 * Every statement of the hub goes by one index. On tables that are not analysed yet the planner prefers to collect and
 * sort all rows behind a page's place: 17 ms instead of 1.7 for the first page of 100,000.
 */
const NO_BITMAPS = '-c enable_bitmapscan=off';

/** How long a request waits for a connection; a database that is away is noticed sooner. */
const CONNECT_MS = 3000;

/** `patient`: statements may take as long as they need. */
interface PoolOptions {
  size: number;
  patient?: boolean;
}

function optionsOf(connection: Connection, pool: PoolOptions): DataSourceOptions {
  const target =
    'url' in connection
      ? { url: connection.url }
      : {
          host: connection.host,
          port: connection.port,
          username: connection.user,
          database: connection.database,
        };
  return {
    type: 'postgres',
    ...target,
    entities,
    migrations,
    migrationsTransactionMode: 'each',
    installExtensions: false,
    poolSize: pool.size,
    extra: {
      application_name: 'ocpi-hub',
      keepAlive: true,
      options: NO_BITMAPS,
      idle_in_transaction_session_timeout: IDLE_IN_TRANSACTION_MS,
      ...(pool.patient ? {} : { connectionTimeoutMillis: CONNECT_MS, Client: BoundedClient }),
    },
  };
}

function poolOf(dataSource: DataSource): Pool {
  const driver: { master?: Pool } = dataSource.driver as unknown as { master?: Pool };
  if (!driver.master) throw new Error('no connection pool under the data source');
  surviveLoss(driver.master);
  return driver.master;
}

/** A connection that breaks between two statements of its user is that user's error, not the end of the process. */
function surviveLoss(pool: Pool): void {
  const known = new WeakSet<PoolClient>();
  pool.on('acquire', (client) => {
    if (known.has(client)) return;
    known.add(client);
    client.on('error', () => undefined);
  });
}

async function open(connection: Connection, pool: PoolOptions): Promise<Database> {
  const dataSource = await new DataSource(optionsOf(connection, pool)).initialize();
  return { dataSource, pool: poolOf(dataSource), close: () => dataSource.destroy() };
}

/** Opens the database with a pool of `poolSize` connections, on which no statement waits for ever. */
export function openDatabase(connection: Connection, poolSize = 16): Promise<Database> {
  return open(connection, { size: poolSize });
}

/** Applies what is missing of the migrations, under an advisory lock. */
export async function runMigrations(database: Database): Promise<void> {
  const client = await database.pool.connect();
  try {
    await client.query('select pg_advisory_lock($1)', [MIGRATION_LOCK]);
    await database.dataSource.runMigrations();
  } finally {
    await client.query('select pg_advisory_unlock($1)', [MIGRATION_LOCK]).finally(() => client.release());
  }
}

/** Runs what may take its time, before anybody waits for an answer: migrations, the repair of a restored database. */
export async function patiently(
  connection: Connection,
  work: (database: Database) => Promise<unknown>,
): Promise<void> {
  const database = await open(connection, { size: 3, patient: true });
  try {
    await work(database);
  } finally {
    await database.close();
  }
}

/** Opens, migrates and closes: for the template database of the tests. */
export function migrate(connection: Connection): Promise<void> {
  return patiently(connection, runMigrations);
}

/** How a connection of our own, outside the pool, reaches the database of a data source. */
export function ownConnection(dataSource: DataSource, settings: ClientConfig): ClientConfig {
  const { options } = dataSource;
  if (options.type !== 'postgres') throw new Error('the hub needs PostgreSQL');
  if (options.url !== undefined) return { connectionString: options.url, ...settings };
  const { host, port, username, database } = options;
  return { host, port, user: username, database, ...settings };
}

/** The tables as TypeORM sees them; hot paths use plain SQL through the same data source. */
export const entities: NonNullable<DataSourceOptions['entities']> = [
  PartnerEntity,
  CredentialsTokenEntity,
  PartyEntity,
  RegistryVersionEntity,
  HubKeyEntity,
  FindingEntity,
  HeadEntity,
  HeadStateEntity,
  ObjectTextEntity,
  EvseEntity,
  ObjectCountEntity,
  ChangeEntity,
  PositionEntity,
  WorkerEntity,
  LeaseEntity,
  UpkeepEntity,
  FailedDeliveryEntity,
  CdrDeliveryEntity,
  ProxiedUrlEntity,
  KnownRouteEntity,
  PullStateEntity,
  WantedPartyEntity,
  NotKeptEntity,
  PullPageEntity,
  PullGoneEntity,
  PushSuccessEntity,
  DriftReportEntity,
  SessionEndEntity,
  CdrLinkEntity,
  GapProgressEntity,
];
