import type { MigrationInterface, QueryRunner } from 'typeorm';

/** URLs that the hub handed out in place of partners' own, and what was learnt from requests (docs/adr/0011). */
export class Callbacks1764000000002 implements MigrationInterface {
  readonly name = 'Callbacks1764000000002';

  async up(runner: QueryRunner): Promise<void> {
    // Who may call it, and where it leads: the platform whose token is sent there, and both sides of the headers.
    await runner.query(`
      create table callback (
        hash bytea primary key,
        kind text not null,
        partner_id uuid not null references partner on delete cascade,
        target_partner uuid not null references partner on delete cascade,
        from_party int not null references party,
        to_party int not null references party,
        url text not null,
        expires_at timestamptz
      )`);
    await runner.query(`create index callback_expiry on callback (expires_at) where expires_at is not null`);
    await runner.query(`
      create table known_route (
        kind text not null check (kind in ('reservation', 'profile setter')),
        party int not null references party,
        subject text not null,
        receiver int not null references party,
        expires_at timestamptz not null,
        primary key (kind, party, subject, receiver)
      )`);
    await runner.query(`create index known_route_expiry on known_route (expires_at)`);
  }

  async down(): Promise<void> {
    throw new Error('migrations go forward only');
  }
}
