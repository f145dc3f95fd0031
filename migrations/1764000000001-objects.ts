import type { MigrationInterface, QueryRunner } from 'typeorm';

/**
 * Owned objects (heads beside their texts, an EVSE a row of its own), the change log, the receivers' positions in
 * it, and deliveries. docs/adr/0002 and 0003 tell why it is cut like this.
 */
export class Objects1764000000001 implements MigrationInterface {
  readonly name = 'Objects1764000000001';

  async up(runner: QueryRunner): Promise<void> {
    // `key` holds module, owner and folded id in one: by three columns a plan made while the table was empty takes
    // another index and walks all objects of an owner.
    await runner.query(`
      create table head (
        id bigint generated always as identity primary key,
        owner int not null references party,
        counterpart int references party,
        module smallint not null,
        deleted boolean not null default false,
        key text not null,
        sent_id text not null
      )`);
    await runner.query(`create unique index head_key on head (key)`);
    await runner.query(`create index head_sent_id on head (upper(sent_id), module)`);
    await runner.query(`create index head_order on head (module, id)`);
    await runner.query(`create index head_owner on head (module, owner, id)`);
    await runner.query(
      `create index head_counterpart on head (counterpart, module, id) where counterpart is not null`,
    );
    // What each write changes of a head lies beside it: a status change then costs two index entries, not seven.
    // module 0: deleted, so found under no date filter.
    await runner.query(`
      create table head_state (
        head_id bigint primary key references head on delete cascade,
        version bigint not null,
        last_updated timestamptz not null,
        owner int not null,
        counterpart int,
        module smallint not null,
        own_last_updated text not null,
        shown_last_updated text not null
      ) with (fillfactor = 80)`);
    await runner.query(
      `create index head_last_updated on head_state (module, last_updated, owner, counterpart, head_id)`,
    );
    await runner.query(
      `create table object_text (head_id bigint primary key references head on delete cascade, text text not null)`,
    );
    await runner.query(`
      create table evse (
        head_id bigint not null references head on delete cascade,
        key text not null,
        place int not null,
        text text not null,
        primary key (head_id, key)
      ) with (fillfactor = 80)`);
    await runner.query(`
      create table object_count (
        module smallint not null,
        owner int not null,
        counterpart int not null,
        count bigint not null,
        primary key (module, owner, counterpart)
      )`);
    // The pair (xid, number) orders changes: docs/adr/0003.
    await runner.query(`
      create table change (
        xid xid8 not null default pg_current_xact_id(),
        number bigint generated always as identity,
        at timestamptz not null default now(),
        head_id bigint,
        version bigint not null default 0,
        owner int not null,
        receiver int,
        module smallint not null,
        part text,
        correlation_id text not null,
        primary key (xid, number)
      )`);
    await runner.query(`
      create table position (
        receiver int primary key references party on delete cascade,
        partner_id uuid not null,
        xid xid8 not null,
        number bigint not null,
        full_push bigint,
        fence bigint not null default 0,
        last_success timestamptz,
        last_error text,
        last_error_at timestamptz
      )`);
    await runner.query(`
      create table lease (
        partner_id uuid primary key,
        holder uuid not null,
        fence bigint not null default 1,
        until timestamptz not null
      )`);
    await runner.query(`
      create table failed_delivery (
        id bigint generated always as identity primary key,
        receiver int not null references party on delete cascade,
        head_id bigint not null references head on delete cascade,
        part text not null default '',
        at timestamptz not null default now(),
        attempts int not null default 1,
        error text not null,
        unique (receiver, head_id, part)
      )`);
    await runner.query(`
      create table cdr_delivery (
        id bigint generated always as identity primary key,
        head_id bigint not null unique references head on delete cascade,
        receiver int not null references party,
        state text not null default 'waiting' check (state in ('waiting', 'posting', 'delivered', 'failed', 'uncertain')),
        attempts int not null default 0,
        created_at timestamptz not null default now(),
        updated_at timestamptz not null default now(),
        correlation_id text not null,
        location_url text,
        error text
      )`);
    await runner.query(`create index on cdr_delivery (receiver, id) where state in ('waiting', 'posting')`);
  }

  async down(): Promise<void> {
    throw new Error('migrations go forward only');
  }
}
