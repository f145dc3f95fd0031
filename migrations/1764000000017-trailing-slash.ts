import type { MigrationInterface, QueryRunner } from 'typeorm';

/** Whether the URLs at which a partner is called end with a slash. */
export class TrailingSlash1764000000017 implements MigrationInterface {
  readonly name = 'TrailingSlash1764000000017';

  async up(runner: QueryRunner): Promise<void> {
    await runner.query(`
      alter table partner add column trailing_slash text not null default 'keep'
        check (trailing_slash in ('keep', 'always', 'never'))`);
  }

  async down(): Promise<void> {
    throw new Error('migrations go forward only');
  }
}
