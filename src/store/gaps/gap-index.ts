import { fold } from '../../domain/ci-string';
import type { Pool, PoolClient } from 'pg';
import { storedVersion } from '../../ocpi/versions';
import { askPatiently } from '../bounded-client';
import * as sql from './sql';

/*
 * Keeps the narrow tables of the gap finder beside the objects, page by page, whoever of the processes does it. It
 * costs the writes nothing, and its own work follows what is new or open, not what is stored.
 */

const { sessions, cdrs, sessionFacts, cdrFacts } = storedVersion.billing;
const NUMBERS: Record<Kind, number> = { sessions: sessions.number, cdrs: cdrs.number };

const PAGE = 500;

interface ObjectRow {
  head_id: string;
  owner: number;
  counterpart: number | null;
  sent_id: string;
  version: string;
  text: string;
}

type Kind = 'sessions' | 'cdrs';
const NEW: Record<Kind, string> = { sessions: sql.NEW_SESSIONS, cdrs: sql.NEW_CDRS };

/** Another process is at it. */
class Busy extends Error {}

async function link(client: PoolClient, cdrs: readonly string[]): Promise<void> {
  if (cdrs.length > 0) await askPatiently(client, sql.LINK, [cdrs]);
}

async function saveSessions(client: PoolClient, rows: readonly ObjectRow[]): Promise<void> {
  const facts = rows.map((row) => sessionFacts(row.text));
  const ids = rows.map((row) => row.head_id);
  await askPatiently(client, sql.SAVE_SESSIONS, [
    ...[ids, rows.map((row) => row.owner), rows.map((row) => row.counterpart)],
    ...[rows.map((row) => fold(row.sent_id)), facts.map((fact) => fact.reference)],
    ...[rows.map((row) => row.version), facts.map((fact) => fact.state)],
    ...[facts.map((fact) => fact.ended_at), facts.map((fact) => fact.kwh)],
  ]);
  const cdrs = await askPatiently<{ head_id: string }>(client, sql.CDRS_OF, [ids]);
  await link(
    client,
    cdrs.rows.map((row) => row.head_id),
  );
}

async function saveCdrs(client: PoolClient, rows: readonly ObjectRow[]): Promise<void> {
  const facts = rows.map((row) => cdrFacts(row.text));
  const ids = rows.map((row) => row.head_id);
  await askPatiently(client, sql.SAVE_CDRS, [
    ...[ids, rows.map((row) => row.owner), rows.map((row) => row.counterpart)],
    ...[facts.map((fact) => fact.link), facts.map((fact) => fact.credit)],
    ...[facts.map((fact) => fact.ended_at), facts.map((fact) => fact.kwh)],
  ]);
  await link(client, ids);
}

const SAVE = { sessions: saveSessions, cdrs: saveCdrs };

export interface RefreshOptions {
  pages: number;
  signal?: AbortSignal;
  wait?: boolean;
}

export class GapIndex {
  constructor(private readonly pool: Pool) {}

  /**
   * Takes in what is new or has changed, at most so many pages of 500. `wait`: also while another process is at it.
   * @returns false where more is left to do, or another process does it
   */
  async refresh(options: RefreshOptions): Promise<boolean> {
    const { pages, signal, wait = false } = options;
    const left = { pages, signal, lock: wait ? sql.WAIT_FOR_LOCK : sql.LOCK };
    try {
      for (const kind of ['sessions', 'cdrs'] as const) if (!(await this.takeNew(kind, left))) return false;
      if (!(await this.takeChanged(sql.CHANGED_OPEN, left))) return false;
      return await this.takeChangedEnded(left);
    } catch (error) {
      if (error instanceof Busy) return false;
      throw error;
    }
  }

  private async takeNew(kind: Kind, left: Left): Promise<boolean> {
    const module = NUMBERS[kind];
    let after = await this.place(module);
    for (;;) {
      if (isSpent(left)) return false;
      const rows = await this.page(left.lock, (client) =>
        take(client, { kind, query: NEW[kind], values: [module, after, PAGE] }),
      );
      after = rows.at(-1)?.head_id ?? after;
      if (rows.length < PAGE) break;
    }
    await this.pool.query(sql.SETTLE, [module, NUMBERS.sessions]);
    return true;
  }

  private async takeChanged(query: string, left: Left): Promise<boolean> {
    for (;;) {
      if (isSpent(left)) return false;
      const rows = await this.page(left.lock, (client) =>
        take(client, { kind: 'sessions', query, values: [PAGE] }),
      );
      if (rows.length < PAGE) return true;
    }
  }

  /** Once an hour: an ended session seldom changes, and may then have become invalid. */
  private async takeChangedEnded(left: Left): Promise<boolean> {
    const due = await this.pool.query(
      `select from gap_progress where module = $1 and (ended_read_at is null or ended_read_at < now() - interval '1 hour')`,
      [NUMBERS.sessions],
    );
    if (due.rowCount === 0) return true;
    if (!(await this.takeChanged(sql.CHANGED_ENDED, left))) return false;
    await this.pool.query(`update gap_progress set ended_read_at = now() where module = $1`, [
      NUMBERS.sessions,
    ]);
    return true;
  }

  private async place(module: number): Promise<string> {
    const { rows } = await this.pool.query<{ place: string }>(
      `select place::text as place from gap_progress where module = $1`,
      [module],
    );
    return rows[0]?.place ?? '0';
  }

  /** One page in one transaction under the lock, which the database ends if this process is frozen. */
  private async page<T>(lock: string, work: (client: PoolClient) => Promise<T>): Promise<T> {
    const client = await this.pool.connect();
    try {
      await client.query(`begin; set local idle_in_transaction_session_timeout = '10s'`);
      if ((await askPatiently(client, lock, [NUMBERS.sessions])).rowCount === 0) throw new Busy();
      const done = await work(client);
      await client.query('commit');
      client.release();
      return done;
    } catch (error) {
      await client.query('rollback').then(
        () => client.release(),
        (broken: unknown) => client.release(broken instanceof Error ? broken : true),
      );
      throw error;
    }
  }
}

interface Left {
  pages: number;
  signal: AbortSignal | undefined;
  lock: string;
}

const isSpent = (left: Left): boolean => left.pages-- <= 0 || left.signal?.aborted === true;

async function take(
  client: PoolClient,
  page: { kind: Kind; query: string; values: unknown[] },
): Promise<ObjectRow[]> {
  const { rows } = await askPatiently<ObjectRow>(client, page.query, page.values);
  if (rows.length > 0) await SAVE[page.kind](client, rows);
  return rows;
}
