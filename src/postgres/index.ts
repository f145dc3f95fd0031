import net from 'node:net';
import type { Client } from 'pg';
import { ensureCluster, ROLE } from './cluster';
import { clusterIn, locationFor } from './identity';
import { clientOf, holdHubLock, PORT } from './lock';
import { runtimeFor } from './runtime';
import { end, launch, type Server } from './server';

export { EmbeddedError, type EmbeddedProblem } from './errors';
export { holdHubLock } from './lock';
export { lookAtEmbedded } from './look';

/*
 * The embedded PostgreSQL: the hub starts without a database server of its own. The first start makes a cluster in
 * DATA_DIR, as an ordinary user where the hub runs as root; later starts recover it. One hub at a time holds it, a
 * crashed hub's server is ended first, and the server ends last.
 */

/** What to start: the hub's DATA_DIR, and how. */
export interface EmbeddedOptions {
  dataDir: string;
  /** false for tests: commits do not wait for the disk. */
  durable?: boolean;
  /** Made where it does not exist; default `hub`. */
  database?: string;
  /** PostgreSQL settings over our own, by name. */
  settings?: Record<string, string | number>;
}

/** A running PostgreSQL of our own, reached through a socket folder (`host`), without a password. */
export interface EmbeddedPostgres {
  host: string;
  port: number;
  user: string;
  database: string;
  pid: number;
  /** Where the cluster really lies: `<dataDir>/postgres`, or below /var/lib/ocpi-hub. */
  dataDir: string;
  /** Ends the server; repeated calls wait for the same end. */
  stop(): Promise<void>;
  /** Calls back once when the server ends without stop(). */
  onExit(listener: () => void): void;
}

/**
 * Starts the embedded PostgreSQL of a DATA_DIR and takes the hub's lock on it. It ends with this process, however that
 * ends; after a kill -9 of both a new start recovers what was committed.
 * @throws EmbeddedError with a message for the operator: another hub runs, or what this machine lacks
 */
export async function startEmbedded(options: EmbeddedOptions): Promise<EmbeddedPostgres> {
  const durable = options.durable ?? true;
  const place = locationFor(options.dataDir);
  const native = runtimeFor(place);
  ensureCluster(place, native, durable);
  const server = await launch(place, {
    native,
    settings: { ...serverSettings(durable), ...options.settings },
  });
  try {
    const keeper = await takeOver(server.socketDir, options.database ?? 'hub');
    return handleOf({ server, keeper, database: options.database ?? 'hub', dataDir: clusterIn(place.base) });
  } catch (error) {
    await end(server);
    throw error;
  }
}

/** Connects, takes the lock first of all, and makes the database. The session is kept: the lock lives as long. */
async function takeOver(socketDir: string, database: string): Promise<Client> {
  const socket = new net.Socket();
  const keeper = clientOf(socketDir, 'postgres', socket);
  keeper.on('error', () => undefined); // the server's end is told by its process
  await keeper.connect();
  await holdHubLock(keeper);
  const found = await keeper.query('select 1 from pg_database where datname = $1', [database]);
  if (!found.rowCount) await keeper.query(`create database ${keeper.escapeIdentifier(database)}`);
  socket.unref(); // the lock alone must not keep the process alive
  return keeper;
}

interface Started {
  server: Server;
  keeper: Client;
  database: string;
  dataDir: string;
}

function handleOf({ server, keeper, database, dataDir }: Started): EmbeddedPostgres {
  let stopping: Promise<void> | undefined;
  const halt = async (): Promise<void> => {
    await end(server);
    await keeper.end().catch(() => undefined);
  };
  return {
    host: server.socketDir,
    port: PORT,
    user: ROLE,
    database,
    pid: server.pid,
    dataDir,
    stop: () => (stopping ??= halt()),
    onExit: (listener) => {
      server.child.once('exit', () => {
        if (!stopping) listener();
      });
    },
  };
}

/** PostgreSQL's settings for one hub on one machine: no network, modest memory, every commit on disk. */
export function serverSettings(durable: boolean): Record<string, string | number> {
  const onDisk = durable ? 'on' : 'off';
  return {
    ...SETTINGS,
    fsync: onDisk,
    synchronous_commit: onDisk,
    full_page_writes: onDisk,
    // POSIX shared memory needs /dev/shm, which containers keep small
    dynamic_shared_memory_type: process.platform === 'linux' ? 'mmap' : 'posix',
  };
}

const SETTINGS = {
  listen_addresses: '',
  unix_socket_permissions: '0700',
  max_connections: 60,
  shared_buffers: '256MB',
  work_mem: '4MB',
  maintenance_work_mem: '32MB',
  wal_level: 'minimal', // nothing replicates from it
  max_wal_senders: 0,
  max_wal_size: '512MB',
  min_wal_size: '64MB',
  io_method: 'sync',
  jit: 'off',
  autovacuum_max_workers: 2,
  max_parallel_workers_per_gather: 0,
  timezone: 'UTC',
  log_timezone: 'UTC',
  lc_messages: 'C',
  log_min_messages: 'warning',
  idle_in_transaction_session_timeout: '30s', // an open write stops the feed
};
