import type { MigrationInterface, QueryRunner } from 'typeorm';

/**
 * What GET sync, POST check and GET gaps read: when each receiver last took something of a module, what comparisons
 * found, and ended sessions beside their CDRs in narrow tables (docs/adr/0015).
 */
export class Gaps1764000000006 implements MigrationInterface {
  readonly name = 'Gaps1764000000006';

  async up(runner: QueryRunner): Promise<void> {
    await runner.query(`
      create table push_success (
        receiver int not null references party on delete cascade,
        module smallint not null,
        at timestamptz not null,
        primary key (receiver, module)
      )`);
    // repaired: a push from scratch was asked for since, so what was found says nothing any more.
    await runner.query(`
      create table drift_report (
        id bigint generated always as identity primary key,
        partner_id uuid not null references partner on delete cascade,
        state text not null default 'RUNNING' check (state in ('RUNNING', 'DONE', 'FAILED', 'INTERRUPTED')),
        sample int,
        modules jsonb not null default '[]',
        drift bigint not null default 0,
        error text,
        repaired boolean not null default false,
        started_at timestamptz not null default now(),
        updated_at timestamptz not null default now(),
        finished_at timestamptz
      )`);
    await runner.query(
      `create unique index drift_report_running on drift_report (partner_id) where state = 'RUNNING'`,
    );
    await runner.query(`create index on drift_report (partner_id, id)`);
    // What is shown of each receiver, without a walk over all that was delivered.
    await runner.query(
      `create index on cdr_delivery (receiver, state) where state in ('failed', 'uncertain')`,
    );
    await tablesOfGaps(runner);
  }

  async down(): Promise<void> {
    throw new Error('migrations go forward only');
  }
}

async function tablesOfGaps(runner: QueryRunner): Promise<void> {
  await runner.query(`
      create table session_end (
        head_id bigint primary key references head on delete cascade,
        owner int not null,
        counterpart int,
        key text not null,
        reference text,
        version bigint not null,
        state text not null check (state in ('open', 'ended', 'invalid')),
        ended_at timestamptz,
        kwh double precision not null default 0,
        cdr bigint,
        asked boolean not null default false,
        seen_at timestamptz not null default now()
      )`);
  await runner.query(`create index session_end_key on session_end (owner, key)`);
  await runner.query(
    `create index session_end_reference on session_end (owner, reference) where reference is not null`,
  );
  // What is read again, and what is shown: neither grows with the sessions that have their CDR.
  await runner.query(
    `create index session_end_watched on session_end (state, seen_at, head_id) where cdr is null`,
  );
  await runner.query(`
      create index session_end_gap on session_end (owner, counterpart, ended_at) include (kwh, asked)
       where cdr is null and state = 'ended'`);
  // link: 's:' and a folded session id, or 'r:' and a folded authorization_reference.
  await runner.query(`
      create table cdr_link (
        head_id bigint primary key references head on delete cascade,
        owner int not null,
        counterpart int,
        link text,
        credit boolean not null,
        ended_at timestamptz,
        kwh double precision not null default 0,
        session bigint,
        asked boolean not null default false
      )`);
  await runner.query(`create index cdr_link_link on cdr_link (owner, link) where session is null`);
  await runner.query(`
      create index cdr_link_gap on cdr_link (owner, counterpart, ended_at) include (kwh, link, asked)
       where session is null and not credit`);
  // place: everything up to this head is read. top: the last head seen at top_at, which becomes the next place.
  await runner.query(`
      create table gap_progress (
        module smallint primary key,
        place bigint not null default 0,
        top bigint not null default 0,
        top_at timestamptz not null default now(),
        read_at timestamptz,
        ended_read_at timestamptz
      )`);
  await runner.query(`insert into gap_progress (module) values (3), (4)`);
}
