import type { MigrationInterface, QueryRunner } from 'typeorm';

/** The ClientInfo of a role has a version and a time of its own: one that did not change is not pushed again. */
export class RoleInfo1764000000010 implements MigrationInterface {
  readonly name = 'RoleInfo1764000000010';

  async up(runner: QueryRunner): Promise<void> {
    await runner.query(`alter table party add column role_info jsonb not null default '{}'`);
    await runner.query(`
      update party p set role_info = (
        select coalesce(jsonb_object_agg(r.role, jsonb_build_object('status', r.status, 'version', p.info_version,
                                 'at', (extract(epoch from p.last_updated) * 1000000)::bigint)), '{}')
          from (select unnest(p.roles) as role, p.status
                union all select unnest(p.former_roles), 'SUSPENDED') r)
       where p.info_version is not null`);
  }

  async down(): Promise<void> {
    throw new Error('migrations go forward only');
  }
}
