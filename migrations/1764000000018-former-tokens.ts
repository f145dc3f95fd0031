import type { MigrationInterface, QueryRunner } from 'typeorm';

/** Tokens that opened the hub once, as their hashes: who still calls with one is told what became of it. */
export class FormerTokens1764000000018 implements MigrationInterface {
  readonly name = 'FormerTokens1764000000018';

  async up(runner: QueryRunner): Promise<void> {
    await runner.query(`
      create table former_token (
        hash bytea primary key,
        partner_id uuid not null references partner on delete cascade,
        fate text not null check (fate in ('used', 'renewed', 'replaced', 'unregistered')),
        ended_at timestamptz not null default clock_timestamp()
      )`);
    await runner.query(`create index on former_token (partner_id)`);
  }

  async down(): Promise<void> {
    throw new Error('migrations go forward only');
  }
}
