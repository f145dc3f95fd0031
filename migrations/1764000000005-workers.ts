import type { MigrationInterface, QueryRunner } from 'typeorm';

/** Workers with a heartbeat, who posts a CDR, and what the hub knows of its own database (docs/adr/0013, 0014). */
export class Workers1764000000005 implements MigrationInterface {
  readonly name = 'Workers1764000000005';

  async up(runner: QueryRunner): Promise<void> {
    await runner.query(`create table worker (holder uuid primary key, until timestamptz not null)`);
    await runner.query(`alter table cdr_delivery add column holder uuid`);
    await runner.query(`create index on cdr_delivery (receiver, id) where state = 'delivered'`);
    // restored_at: deliveries of CDRs that are older may have been made without this database knowing.
    await runner.query(`
      create table upkeep (
        one boolean primary key default true check (one),
        system_identifier text,
        restored text,
        restored_at timestamptz,
        trimmed_at timestamptz not null default '-infinity'
      )`);
    await runner.query(`insert into upkeep default values`);
    await runner.query(`create index on failed_delivery (at)`);
  }

  async down(): Promise<void> {
    throw new Error('migrations go forward only');
  }
}
