import type { MigrationInterface, QueryRunner } from 'typeorm';

/** What a receiver had passed when its full push was asked for: sessions written since then are part of it. */
export class FullPushSince1764000000009 implements MigrationInterface {
  readonly name = 'FullPushSince1764000000009';

  async up(runner: QueryRunner): Promise<void> {
    await runner.query(`alter table position add column full_push_since xid8`);
  }

  async down(): Promise<void> {
    throw new Error('migrations go forward only');
  }
}
