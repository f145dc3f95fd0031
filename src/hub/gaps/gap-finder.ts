import type { Partner } from '../../domain/partner';
import { partyWords } from '../../domain/party';
import type { SharedModule } from '../../domain/visibility';
import { storedVersion } from '../../ocpi/versions';
import type { Database } from '../../store/database';
import { GapIndex, type RefreshOptions } from '../../store/gaps/gap-index';
import {
  markAsked,
  momentBefore,
  readGaps,
  unasked,
  type GapExample,
  type PairRow,
} from '../../store/gaps/report';
import type { Registry } from '../../store/registry/registry';

/*
 * A session that ended without a CDR is money that nobody billed; a CDR without a session is money that nobody can
 * check. The gap finder reads both as they come, pairs them, and reports what stays alone per CPO and eMSP. What is
 * missing for too long is asked for by a pull.
 */

/** Pulls what is missing here from a partner's Sender interface: what it says changed at or after `dateFrom`. */
export type RequestPull = (partner: Partner, module: SharedModule, dateFrom: Date) => Promise<void>;

interface Side {
  count: number;
  kwh: number;
}

export interface GapPair {
  cpo: string;
  emsp: string | null;
  sessions_without_cdr: Side & { oldest: Date | null; examples: GapExample[] };
  cdrs_without_session: Side & { oldest: Date | null; examples: GapExample[] };
  /** CDRs that name no session, and whose authorization_reference fits none or several. */
  cdrs_not_linked: number;
}

export interface GapReport {
  older_than_s: number;
  /** false: more was written than has been compared yet. */
  complete: boolean;
  read_at: Date | null;
  sums: { sessions_without_cdr: Side; cdrs_without_session: Side; cdrs_not_linked: number };
  pairs: GapPair[];
}

const EXAMPLES = 100;
/** Pairs that are shown; the sums are over all. */
const PAIRS = 1000;
/** What a report takes in before it answers: 10,000 objects. */
const PAGES_BEFORE_REPORT = 20;
/** A CDR's last_updated may be before the end that the session tells, where clocks differ. */
const MARGIN_MS = 24 * 3600 * 1000;

/** Compares sessions that ended with CDRs that came. */
export class GapFinder {
  private readonly index: GapIndex;

  constructor(private readonly context: { database: Database; registry: Registry }) {
    this.index = new GapIndex(context.database.pool);
  }

  /** Takes in what is new; false where more is left. */
  refresh(options: RefreshOptions): Promise<boolean> {
    return this.index.refresh(options);
  }

  /** Sessions without a CDR and CDRs without a session that ended longer ago, a pair of parties each. */
  async report(olderThanS: number): Promise<GapReport> {
    const complete = await this.refresh({ pages: PAGES_BEFORE_REPORT, wait: true });
    const options = { olderThanS, examples: EXAMPLES, shown: PAIRS };
    const rows = await readGaps(this.context.database.pool, options);
    const pairs = rows.pairs.slice(0, PAIRS).map((row, i) => this.pair(row, rows.sessions[i], rows.cdrs[i]));
    return { older_than_s: olderThanS, complete, read_at: rows.read_at, sums: sumsOf(rows.pairs), pairs };
  }

  /** Asks each platform once for what is missing of it, each gap once. */
  async askFor(requestPull: RequestPull, olderThanS: number): Promise<void> {
    const { pool } = this.context.database;
    const before = await momentBefore(pool, olderThanS);
    for (const missing of ['cdrs', 'sessions'] as const) {
      for (const { partner_id, since } of await unasked(pool, missing, before)) {
        const partner = this.context.registry.partner(partner_id);
        if (!partner) continue;
        await requestPull(partner, storedVersion.billing[missing], new Date(since.getTime() - MARGIN_MS));
        await markAsked(pool, missing, { before, partnerId: partner_id });
      }
    }
  }

  private words(party: number | null): string | null {
    const found = party === null ? undefined : this.context.registry.partyByNumber(party);
    return found ? partyWords(found) : null;
  }

  private pair(row: PairRow, sessions: GapExample[] = [], cdrs: GapExample[] = []): GapPair {
    return {
      cpo: this.words(row.owner) ?? '',
      emsp: this.words(row.counterpart),
      sessions_without_cdr: {
        count: row.sessions,
        kwh: row.session_kwh,
        oldest: row.session_since,
        examples: sessions,
      },
      cdrs_without_session: {
        count: row.cdrs,
        kwh: row.cdr_kwh,
        oldest: row.cdr_since,
        examples: cdrs,
      },
      cdrs_not_linked: row.not_linked,
    };
  }
}

function sumsOf(pairs: readonly PairRow[]): GapReport['sums'] {
  const sum = (of: (row: PairRow) => number): number => pairs.reduce((total, row) => total + of(row), 0);
  return {
    sessions_without_cdr: { count: sum((p) => p.sessions), kwh: sum((p) => p.session_kwh) },
    cdrs_without_session: { count: sum((p) => p.cdrs), kwh: sum((p) => p.cdr_kwh) },
    cdrs_not_linked: sum((p) => p.not_linked),
  };
}
