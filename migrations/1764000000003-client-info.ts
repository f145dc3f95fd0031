import type { MigrationInterface, QueryRunner } from 'typeorm';

/** ClientInfo is pushed by position, and platforms are known by what passes between them and the hub. */
export class ClientInfo1764000000003 implements MigrationInterface {
  readonly name = 'ClientInfo1764000000003';

  async up(runner: QueryRunner): Promise<void> {
    // The registry version with which a party's ClientInfo last changed; null within the transaction that changes it.
    await runner.query(`alter table party add column info_version bigint`);
    await runner.query(`update party set info_version = (select version from registry_version)`);
    await runner.query(`create index on party (number) where info_version is null`);
    // Roles it had once: a ClientInfo cannot be deleted, they are SUSPENDED.
    await runner.query(`alter table party add column former_roles text[] not null default '{}'`);
    await runner.query(`
      create table client_info_position (
        partner_id uuid primary key references partner on delete cascade,
        version bigint not null
      )`);
    await runner.query(`
      insert into client_info_position
      select p.id, r.version from partner p, registry_version r where p.status = 'REGISTERED'`);
    await runner.query(`
      create table partner_contact (
        partner_id uuid primary key references partner on delete cascade,
        last_heard timestamptz,
        last_success timestamptz,
        last_error text,
        last_error_at timestamptz,
        failures int not null default 0,
        failing_since timestamptz,
        calling boolean not null default false
      )`);
  }

  async down(): Promise<void> {
    throw new Error('migrations go forward only');
  }
}
