import type { MigrationInterface, QueryRunner } from 'typeorm';

/** How far each list of a partner is pulled, and what a full pull found to be gone (docs/adr/0012). */
export class Pull1764000000004 implements MigrationInterface {
  readonly name = 'Pull1764000000004';

  async up(runner: QueryRunner): Promise<void> {
    // `since`: when the last pull that succeeded began; `began`: the same of the one under way. `began_xid`: what was
    // changed here by a transaction below it was changed before this pull began.
    await runner.query(`
      create table pull_state (
        partner_id uuid not null references partner on delete cascade,
        party int not null references party on delete cascade,
        module smallint not null,
        endpoint text not null,
        registration int not null,
        offline boolean not null default false,
        requested text check (requested in ('delta', 'full')),
        confirm_removals boolean not null default false,
        state text not null default 'waiting' check (state in ('waiting', 'running', 'done', 'failed')),
        kind text not null default 'full' check (kind in ('delta', 'full')),
        run bigint not null default 0,
        cursor text,
        date_from text,
        began timestamptz,
        began_xid xid8,
        started_at timestamptz,
        finished_at timestamptz,
        since timestamptz,
        next_at timestamptz not null default now(),
        next_full_at timestamptz,
        not_before timestamptz,
        pages int not null default 0,
        objects int not null default 0,
        stored int not null default 0,
        unchanged int not null default 0,
        refused int not null default 0,
        gone int not null default 0,
        total int,
        total_changed boolean not null default false,
        download_ms int not null default 0,
        check_ms int not null default 0,
        write_ms int not null default 0,
        failures int not null default 0,
        last_error text,
        primary key (partner_id, party, module)
      ) with (fillfactor = 50)`);
    // What a full pull under way has seen, for the process that goes on after a crash: six bytes an object.
    await runner.query(`
      create table pull_page (
        partner_id uuid not null,
        party int not null,
        module smallint not null,
        page int not null,
        keys bytea not null,
        primary key (partner_id, party, module, page),
        foreign key (partner_id, party, module) references pull_state on delete cascade
      )`);
    await runner.query(`
      create table pull_gone (
        partner_id uuid not null,
        party int not null,
        module smallint not null,
        object_id text not null,
        last_updated text not null,
        removed boolean not null default false,
        since timestamptz not null default now(),
        primary key (partner_id, party, module, object_id),
        foreign key (partner_id, party, module) references pull_state on delete cascade
      )`);
  }

  async down(): Promise<void> {
    throw new Error('migrations go forward only');
  }
}
