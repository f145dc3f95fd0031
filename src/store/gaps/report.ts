import type { Pool } from 'pg';
import { askPatiently } from '../bounded-client';
import * as sql from './sql';

export interface PairRow {
  owner: number;
  counterpart: number | null;
  sessions: number;
  session_kwh: number;
  session_since: Date | null;
  cdrs: number;
  cdr_kwh: number;
  cdr_since: Date | null;
  not_linked: number;
}

export interface GapExample {
  id: string;
  ended_at: Date;
  kwh: number;
  /** The session that a CDR names. */
  session_id?: string;
}

export interface GapRows {
  /** Sessions and CDRs that ended before this are meant. */
  before: Date;
  /** When sessions and CDRs were last read to their end; null: never yet. */
  read_at: Date | null;
  pairs: PairRow[];
  /** By place of the pair. */
  sessions: GapExample[][];
  cdrs: GapExample[][];
}

async function examplesOf(
  pool: Pool,
  query: string,
  of: { before: Date; pairs: readonly PairRow[]; limit: number },
): Promise<GapExample[][]> {
  const values = [of.before, of.pairs.map((p) => p.owner), of.pairs.map((p) => p.counterpart), of.limit];
  const { rows } = await askPatiently<GapExample & { n: number; head_id: string }>(pool, query, values);
  const found: GapExample[][] = of.pairs.map(() => []);
  for (const { n, head_id: _, ...example } of rows) found[n - 1]?.push(example);
  return found;
}

/** The instant so many seconds ago, by the database's clock. */
export async function momentBefore(pool: Pool, seconds: number): Promise<Date> {
  const { rows } = await pool.query<{ at: Date }>(`select now() - make_interval(secs => $1) as at`, [
    seconds,
  ]);
  return rows[0]?.at ?? new Date(0);
}

/** All pairs with gaps, and of the first `shown` of them the oldest examples. */
export async function readGaps(
  pool: Pool,
  options: { olderThanS: number; examples: number; shown: number },
): Promise<GapRows> {
  const before = await momentBefore(pool, options.olderThanS);
  const { rows: pairs } = await askPatiently<PairRow>(pool, sql.PAIRS, [before]);
  const of = { before, pairs: pairs.slice(0, options.shown), limit: options.examples };
  const sessions = await examplesOf(pool, sql.SESSION_EXAMPLES, of);
  const cdrs = await examplesOf(pool, sql.CDR_EXAMPLES, of);
  const progress = await pool.query<{ read_at: Date | null }>(
    `select case when count(read_at) = count(*) then min(read_at) end as read_at from gap_progress`,
  );
  return { before, read_at: progress.rows[0]?.read_at ?? null, pairs, sessions, cdrs };
}

export type MissingModule = 'cdrs' | 'sessions';

const UNASKED: Record<MissingModule, string> = { cdrs: sql.UNASKED_CDRS, sessions: sql.UNASKED_SESSIONS };
const ASKED: Record<MissingModule, string> = { cdrs: sql.ASKED_CDRS, sessions: sql.ASKED_SESSIONS };

/** Platforms that have not been asked for what is missing yet, and the end of the oldest. */
export async function unasked(
  pool: Pool,
  module: MissingModule,
  before: Date,
): Promise<{ partner_id: string; since: Date }[]> {
  return (await askPatiently<{ partner_id: string; since: Date }>(pool, UNASKED[module], [before])).rows;
}

/** A platform was asked for all that `unasked` told of it. */
export async function markAsked(
  pool: Pool,
  module: MissingModule,
  of: { before: Date; partnerId: string },
): Promise<void> {
  await askPatiently(pool, ASKED[module], [of.before, of.partnerId]);
}
