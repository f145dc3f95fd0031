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
