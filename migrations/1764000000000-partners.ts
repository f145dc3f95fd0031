import type { MigrationInterface, QueryRunner } from 'typeorm';

/** Platforms, their credentials tokens and the parties they host. */
export class Partners1764000000000 implements MigrationInterface {
  readonly name = 'Partners1764000000000';

  async up(runner: QueryRunner): Promise<void> {
    // registration counts handshakes: one that began before another ended must not overwrite it.
    await runner.query(`
      create table partner (
        id uuid primary key default gen_random_uuid(),
        name text not null,
        status text not null default 'PENDING' check (status in ('PENDING', 'REGISTERED', 'UNREGISTERED')),
        suspended boolean not null default false,
        validation text not null default 'strict' check (validation in ('strict', 'lenient')),
        token_encoding text not null default 'base64' check (token_encoding in ('base64', 'plain')),
        broadcast text not null default 'party' check (broadcast in ('party', 'platform')),
        authorize_unknown_tokens boolean not null default false,
        versions_url text,
        version text,
        endpoints jsonb not null default '[]',
        their_token bytea,
        registration int not null default 0,
        created_at timestamptz not null default now(),
        registered_at timestamptz
      )`);
    await runner.query(`
      create table credentials_token (
        hash bytea primary key,
        partner_id uuid not null references partner on delete cascade,
        kind text not null check (kind in ('A', 'B', 'C', 'SUPERSEDED')),
        created_at timestamptz not null default now(),
        expires_at timestamptz,
        first_used_at timestamptz
      )`);
    await runner.query(`create index on credentials_token (partner_id)`);
    await runner.query(`
      create table party (
        number int generated always as identity primary key,
        country_code text not null,
        party_id text not null,
        partner_id uuid references partner on delete set null,
        roles text[] not null default '{}',
        business_details jsonb not null default '{}',
        in_credentials boolean not null default false,
        status text not null default 'PLANNED' check (status in ('PLANNED', 'CONNECTED', 'OFFLINE', 'SUSPENDED')),
        last_updated timestamptz not null default now()
      )`);
    await runner.query(`create unique index on party (upper(country_code), upper(party_id))`);
    await runner.query(`create index on party (partner_id)`);
    await runner.query(
      `create table registry_version (one boolean primary key check (one), version bigint not null)`,
    );
    await runner.query(`insert into registry_version values (true, 1)`);
    await runner.query(`
      create table finding (
        partner_id uuid not null references partner on delete cascade,
        module text not null,
        path text not null,
        rule text not null,
        count bigint not null,
        last_seen timestamptz not null,
        example_id text,
        primary key (partner_id, module, path, rule)
      )`);
    await runner.query(`create table hub_key (one boolean primary key check (one), proof bytea not null)`);
  }

  async down(): Promise<void> {
    throw new Error('migrations go forward only');
  }
}
