import type { MigrationInterface, QueryRunner } from 'typeorm';

/** Relayed objects that their receiver accepted and the hub could not keep, until an admin settles them. */
export class NotKept1764000000020 implements MigrationInterface {
  readonly name = 'NotKept1764000000020';

  async up(runner: QueryRunner): Promise<void> {
    await runner.query(`
      create table not_kept (
        id bigint generated always as identity primary key,
        partner_id uuid not null references partner on delete cascade,
        module smallint not null,
        owner integer not null,
        receiver integer not null,
        object_id text not null,
        method text not null,
        rule text not null,
        offered text,
        offered_hash text not null,
        count integer not null default 1,
        correlation_id text not null,
        first_at timestamptz not null default now(),
        at timestamptz not null default now(),
        state text not null default 'not_kept' check (state in ('not_kept', 'settled')),
        kept text check (kept in ('stored', 'offered')),
        reason text,
        settled_at timestamptz,
        unique (partner_id, module, owner, receiver, object_id, offered_hash)
      )`);
  }

  async down(): Promise<void> {
    throw new Error('migrations go forward only');
  }
}
