import type { MigrationInterface, QueryRunner } from 'typeorm';

/** What the receiver answered stays with a failed delivery. */
export class ReceiverAnswers1764000000015 implements MigrationInterface {
  readonly name = 'ReceiverAnswers1764000000015';

  async up(runner: QueryRunner): Promise<void> {
    for (const table of ['failed_delivery', 'cdr_delivery'])
      await runner.query(`alter table ${table} add column answer jsonb`);
  }

  async down(): Promise<void> {
    throw new Error('migrations go forward only');
  }
}
