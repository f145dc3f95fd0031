import type { PoolClient } from 'pg';
import type { DataSource } from 'typeorm';
import type { RegistryWrite } from './types';

const MICROSECONDS = (time: string): string => `(extract(epoch from ${time}) * 1000000)::bigint`;

/*
 * Parties whose ClientInfo the transaction may have changed carry no version yet (nobody else sees them so). Each of
 * their roles whose status is another one gets this version, and its time under the lock of the version row, so that
 * both stand in the order of the commits; a party has those of its latest role. What a process of the release before
 * has stamped is later than its roles say, and they begin anew.
 */
const RAISE = `
  with raised as (update registry_version set version = version + 1 returning version),
  now as (select version, ${MICROSECONDS("date_trunc('milliseconds', clock_timestamp())")} as at from raised),
  told as (
    select y.number, now.version, now.at, r.role, r.status, y.role_info -> r.role as info,
           (select max((value ->> 'at')::bigint) from jsonb_each(y.role_info)) >= ${MICROSECONDS('y.last_updated')}
             and y.role_info -> r.role ->> 'status' = r.status as same
      from now, party y left join lateral (
             select unnest(y.roles) as role, y.status union all select unnest(y.former_roles), 'SUSPENDED') r on true
     where y.info_version is null),
  stamps as (
    select number, role, status, case when same then (info ->> 'version')::bigint else version end as version,
           case when same then (info ->> 'at')::bigint else at end as at from told),
  parties as (
    select number, max(version) as version, max(at) as at,
           coalesce(jsonb_object_agg(role, jsonb_build_object('status', status, 'version', version, 'at', at))
                      filter (where role is not null), '{}') as roles
      from stamps group by number),
  stamped as (
    update party p set info_version = s.version, last_updated = to_timestamp(s.at / 1000000.0), role_info = s.roles
      from parties s where p.number = s.number)
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
