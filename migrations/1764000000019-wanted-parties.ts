import type { MigrationInterface, QueryRunner } from 'typeorm';

/** Parties that a partner's sessions or CDRs named before they were registered here. */
export class WantedParties1764000000019 implements MigrationInterface {
  readonly name = 'WantedParties1764000000019';

  async up(runner: QueryRunner): Promise<void> {
    await runner.query(`
      create table wanted_party (
        country_code text not null,
        party_id text not null,
        partner_id uuid not null references partner on delete cascade,
        module smallint not null,
        at timestamptz not null default now(),
        primary key (country_code, party_id, partner_id, module)
      )`);
    await runner.query(`create index on wanted_party (partner_id)`);
    await runner.query(`create index on wanted_party (at)`);
  }

  async down(): Promise<void> {
    throw new Error('migrations go forward only');
  }
}
