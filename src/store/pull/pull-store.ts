import type { Pool } from 'pg';
import type { PullKind, PullTarget } from '../../domain/pulls';
import type { OwnedModuleDescriptor } from '../../ocpi/module';
import { ownedModule } from '../../ocpi/versions';
import * as sql from './sql';

/*
 * One row per list of a partner: when it is due, how far a pull got, what failed. Whoever leases the platform goes
 * on from the saved cursor. The run number fences out a worker that was too slow.
 */

/** Which list: of a partner, for one of its parties. */
export interface PullKey {
  partner_id: string;
  party: number;
  module: OwnedModuleDescriptor;
}

/** A pull under way. */
export interface PullRunRow {
  run: string;
  kind: PullKind;
  /** The next request, as JSON; null at the start. */
  cursor: string | null;
  date_from: string | null;
  /** What was changed here below this transaction was changed before the pull began. */
  began_xid: string;
  endpoint: string;
  pages: number;
  /** Distinct ones so far. */
  objects: number;
  total: number | null;
  total_changed: boolean;
  confirm_removals: boolean;
  failures: number;
}

/** What a page adds to its pull. */
export interface PageDone {
  cursor: string | null;
  objects: number;
  stored: number;
  unchanged: number;
  refused: number;
  total: number | undefined;
  download_ms: number;
  check_ms: number;
  write_ms: number;
  /** What it has seen, of a full pull. */
  keys: Buffer | null;
  /** The partner's clock, as a timestamp literal. */
  clock: string | null;
}

const keyValues = ({ partner_id, party, module }: PullKey): unknown[] => [partner_id, party, module.number];

export type Wanted = PullTarget<OwnedModuleDescriptor> & { partner_id: string };

/** The rows that say how far each list of each partner is pulled. Writes need the platform's lease. */
export class PullStore {
  constructor(
    private readonly pool: Pool,
    /** Under which name this process holds leases now. */
    private readonly holder: () => string,
  ) {}

  /** Makes the rows of these partners those of `wanted`. */
  async ensure(partners: readonly string[], wanted: readonly Wanted[]): Promise<void> {
    await ensurePulls(this.pool, wanted);
    await this.pool.query(sql.DROP_PULLS, [partners, ...columnsOf(wanted)]);
  }

  /** In the order in which they are to be pulled. */
  async due(partners: readonly string[]): Promise<PullKey[]> {
    const { rows } = await this.pool.query<{ partner_id: string; party: number; module: number }>({
      ...sql.DUE_PULLS,
      values: [partners],
    });
    return rows.flatMap(({ module: number, ...row }) => {
      const module = ownedModule(number);
      return module ? [{ ...row, module }] : [];
    });
  }

  /** Goes on with what stopped, or begins anew; undefined where the lease is not ours. */
  async begin(key: PullKey, overlapS: number): Promise<PullRunRow | undefined> {
    const resumed = await this.pool.query<PullRunRow>(sql.RESUME_PULL, [...keyValues(key), this.holder()]);
    if (resumed.rows[0]) return resumed.rows[0];
    await this.pool.query(sql.DROP_PAGES, keyValues(key));
    const { pilesUp = false, needsDateFrom = false } = key.module;
    const values = [...keyValues(key), this.holder(), overlapS, pilesUp, needsDateFrom];
    return (await this.pool.query<PullRunRow>(sql.BEGIN_PULL, values)).rows[0];
  }

  /** Keys seen on the pages before, of a full pull that goes on. */
  async seen(key: PullKey): Promise<Buffer[]> {
    const { rows } = await this.pool.query<{ keys: Buffer }>(sql.READ_PAGES, keyValues(key));
    return rows.map((row) => row.keys);
  }

  /** False where the pull is not ours any more. */
  async savePage(key: PullKey, run: string, page: PageDone): Promise<boolean> {
    const { cursor, objects, stored, unchanged, refused, total, keys, clock } = page;
    const times = [page.download_ms, page.check_ms, page.write_ms].map(Math.round);
    const counts = [objects, stored, unchanged, refused, total ?? null];
    const values = [...keyValues(key), this.holder(), run, cursor, ...counts, ...times, keys, clock];
    return (await this.pool.query({ ...sql.SAVE_PAGE, values })).rowCount === 1;
  }

  async end(
    key: PullKey,
    run: string,
    outcome: { gone: number; nextS: number; nextFullS: number; confirmed: boolean },
  ): Promise<void> {
    const { gone, nextS, nextFullS, confirmed } = outcome;
    await this.pool.query(sql.END_PULL, [
      ...keyValues(key),
      ...[this.holder(), run, gone, nextS, nextFullS, confirmed],
    ]);
    await this.pool.query(sql.DROP_PAGES, keyValues(key));
  }

  async fail(
    key: PullKey,
    run: string,
    failure: { error: string; againS: number; cursor: string | null },
  ): Promise<void> {
    const { error, againS, cursor } = failure;
    await this.pool.query(sql.FAIL_PULL, [...keyValues(key), this.holder(), run, error, againS, cursor]);
  }

  /** None of a partner's lists is asked for before so many seconds have passed. */
  async holdBack(partner_id: string, seconds: number): Promise<void> {
    await this.pool.query(sql.HOLD_BACK, [partner_id, seconds]);
  }

  /** Replaces what is known to be gone. */
  async saveGone(
    key: PullKey,
    gone: readonly { id: string; own: string }[],
    removed: boolean,
  ): Promise<void> {
    const ids = gone.map((object) => object.id);
    await this.pool.query(sql.CLEAR_GONE, [...keyValues(key), ids]);
    const values = [...keyValues(key), ids, gone.map((object) => object.own), removed];
    if (ids.length > 0) await this.pool.query(sql.KEEP_GONE, values);
  }
}

const columnsOf = (wanted: readonly Wanted[]): unknown[] => [
  wanted.map((w) => w.partner_id),
  wanted.map((w) => w.party.number),
  wanted.map((w) => w.module.number),
];

/** Rows for lists that have none yet, and for those whose registration, endpoint or party changed. */
export async function ensurePulls(pool: Pool, wanted: readonly Wanted[]): Promise<void> {
  const offline = wanted.map((w) => w.party.status === 'OFFLINE');
  const values = [...columnsOf(wanted), wanted.map((w) => w.endpoint), offline];
  if (wanted.length > 0) await pool.query(sql.ENSURE_PULLS, values);
}
