import type { Pool } from 'pg';
import type { Logger } from 'pino';

/** A deviation of a lenient partner's object. */
export interface FindingItem {
  /** JSON path with `[*]` for every index. */
  path: string;
  rule: string;
  example_id: string;
}

/** One line of GET /admin/api/partners/:id/findings. */
export interface FindingRow {
  module: string;
  path: string;
  rule: string;
  count: number;
  /** UTC, with Z. */
  last_seen: string;
  example_id: string | null;
}

interface Counted {
  partner: string;
  module: string;
  path: string;
  rule: string;
  count: number;
  last_seen: Date;
  example_id: string;
}

const FLUSH_MS = 500;
/** Kinds of finding held in memory before they are written at once. */
const HELD = 2000;

const UPSERT = `
  insert into finding (partner_id, module, path, rule, count, last_seen, example_id)
  select f.* from unnest($1::uuid[], $2::text[], $3::text[], $4::text[], $5::bigint[], $6::timestamptz[], $7::text[])
    as f (partner_id, module, path, rule, count, last_seen, example_id)
   where exists (select 1 from partner p where p.id = f.partner_id)
   order by f.partner_id, f.module, f.path, f.rule
  on conflict (partner_id, module, path, rule) do update
    set count = finding.count + excluded.count, last_seen = excluded.last_seen, example_id = excluded.example_id`;

const SELECT = `
  select module, path, rule, count::float8 as count, last_seen, example_id from finding
   where partner_id = $1 order by module, count desc, path, rule`;

/** PostgreSQL has no place for U+0000 in a text. */
const storable = (text: string): string => text.replaceAll('\0', '');

/**
 * Data-quality findings, counted per partner, module, path and rule. They are counted in memory and written
 * together, so that a feed full of them costs the hot path nothing; a crash may lose half a second of counts.
 */
export class Findings {
  private held = new Map<string, Counted>();
  private timer: NodeJS.Timeout | undefined;
  private writing: Promise<void> = Promise.resolve();

  constructor(
    private readonly pool: Pool,
    private readonly log: Logger,
  ) {}

  /** Counts the findings of one object. Returns at once. */
  record(partnerId: string, module: string, items: readonly FindingItem[]): void {
    for (const item of items) this.count(partnerId, module, item);
    if (this.held.size >= HELD) void this.flush();
    else if (this.held.size > 0) this.timer ??= setTimeout(() => void this.flush(), FLUSH_MS);
  }

  /** All findings of a partner, most frequent first within a module. */
  async list(partnerId: string): Promise<FindingRow[]> {
    await this.flush();
    const { rows } = await this.pool.query<Omit<FindingRow, 'last_seen'> & { last_seen: Date }>(SELECT, [
      partnerId,
    ]);
    return rows.map((row) => ({ ...row, last_seen: row.last_seen.toISOString() }));
  }

  /** Writes what is held. */
  async close(): Promise<void> {
    await this.flush();
  }

  private count(partner: string, module: string, item: FindingItem): void {
    const path = storable(item.path);
    const key = JSON.stringify([partner, module, path, item.rule]);
    const count = (this.held.get(key)?.count ?? 0) + 1;
    const example_id = storable(item.example_id);
    this.held.set(key, { partner, module, path, rule: item.rule, count, last_seen: new Date(), example_id });
  }

  private flush(): Promise<void> {
    clearTimeout(this.timer);
    this.timer = undefined;
    const batch = [...this.held.values()];
    this.held = new Map();
    if (batch.length > 0) this.writing = this.writing.then(() => this.write(batch));
    return this.writing;
  }

  private async write(batch: readonly Counted[]): Promise<void> {
    try {
      await this.pool.query(UPSERT, [
        batch.map((f) => f.partner),
        batch.map((f) => f.module),
        batch.map((f) => f.path),
        batch.map((f) => f.rule),
        batch.map((f) => f.count),
        batch.map((f) => f.last_seen),
        batch.map((f) => f.example_id),
      ]);
    } catch (error) {
      this.log.warn({ err: error, findings: batch.length }, 'findings were not counted');
    }
  }
}
