import type { Pool } from 'pg';
import type { PullKind } from '../../domain/pulls';
import type { SharedModule } from '../../domain/visibility';
import { ownedModule } from '../../ocpi/versions';
import { REPORT_GONE, REPORT_PULLS, REQUEST_PULL, LAST_PULLS, REQUEST_SINCE } from './sql';

/** How far a list of a partner is pulled. */
export interface PullReport {
  party: number;
  /** By its identifier, here and below. */
  module: string;
  state: 'waiting' | 'running' | 'done' | 'failed';
  kind: PullKind;
  requested: PullKind | null;
  started_at: Date | null;
  finished_at: Date | null;
  pages: number;
  objects: number;
  stored: number;
  unchanged: number;
  refused: number;
  gone: number;
  total: number | null;
  date_from: string | null;
  download_ms: number;
  check_ms: number;
  write_ms: number;
  last_error: string | null;
  /** When the last pull that succeeded began. */
  since: Date | null;
  confirm_removals: boolean;
  next_at: Date;
  next_full_at: Date | null;
  seconds: number | null;
}

/** An object that the last full pull did not see any more. */
export interface GoneReport {
  party: number;
  module: string;
  object_id: string;
  last_updated: string;
  removed: boolean;
  since: Date;
}

type Numbered<T> = Omit<T, 'module'> & { module: number };

function named<T extends { module: string }>(
  rows: readonly Numbered<T>[],
): (Omit<T, 'module'> & { module: string })[] {
  return rows.flatMap((row) => {
    const module = ownedModule(row.module);
    return module ? [{ ...row, module: module.identifier }] : [];
  });
}

export async function reportPulls(pool: Pool, partner: string): Promise<PullReport[]> {
  const { rows } = await pool.query<Numbered<PullReport>>(REPORT_PULLS, [partner]);
  return named<PullReport>(rows);
}

export async function reportGone(pool: Pool, partner: string, limit: number): Promise<GoneReport[]> {
  const { rows } = await pool.query<Numbered<GoneReport>>(REPORT_GONE, [partner, limit]);
  return named<GoneReport>(rows);
}

/** Asks the worker that leases the partner for what changed there at or after a date. */
export async function requestPullSince(
  pool: Pool,
  partner: string,
  missing: { module: SharedModule; since: Date },
): Promise<void> {
  await pool.query(REQUEST_SINCE, [partner, missing.module.number, missing.since]);
}

/** When something was last pulled of a partner's party and module. */
export interface PullTime {
  country_code: string;
  party_id: string;
  module: string;
  last_success: Date | null;
}

/** The last successful pull of each party and module of a partner. */
export async function lastPulls(pool: Pool, partner: string): Promise<PullTime[]> {
  const { rows } = await pool.query<Numbered<PullTime>>(LAST_PULLS, [partner]);
  return named<PullTime>(rows);
}

/** Asks the worker that leases the partner for a pull. */
export async function requestPull(
  pool: Pool,
  partner: string,
  request: { kind: PullKind; module: SharedModule | undefined; confirmRemovals: boolean },
): Promise<void> {
  const module = request.module?.number ?? null;
  await pool.query(REQUEST_PULL, [partner, request.kind, module, request.confirmRemovals]);
}
