import type { PoolClient } from 'pg';
import type { DataSource } from 'typeorm';
import type { RegistryWrite } from './types';

/*
 * Parties whose ClientInfo the transaction changed carry no version yet (nobody else sees them so): they get this one,
 * and their last_updated under the lock of the version row, so that both stand in the order of the commits.
 */
const RAISE = `
  with raised as (update registry_version set version = version + 1 returning version),
  stamped as (
    update party p set info_version = raised.version, last_updated = date_trunc('milliseconds', clock_timestamp())
      from raised where p.info_version is null)
  select version, pg_notify('registry', version::text) from raised`;

/**
 * Runs `work` in one transaction that raises the version and tells all processes, at its commit. The version row is
 * locked last, so that writes wait for each other's commit alone, and versions are committed in order.
 * @returns what `work` returned, and the version that it is part of.
 */
export async function writeRegistry<T>(
  dataSource: DataSource,
  work: (write: RegistryWrite) => Promise<T>,
): Promise<{ result: T; version: number }> {
  const runner = dataSource.createQueryRunner();
  try {
    const client = (await runner.connect()) as PoolClient;
    await runner.startTransaction();
    const result = await work({ client, manager: runner.manager });
    const { rows } = await client.query<{ version: string }>(RAISE);
    await runner.commitTransaction();
    return { result, version: Number(rows[0]?.version) };
  } catch (error) {
    if (runner.isTransactionActive) await runner.rollbackTransaction().catch(() => undefined);
    throw error;
  } finally {
    await runner.release();
  }
}
