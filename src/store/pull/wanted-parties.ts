import { LRUCache } from 'lru-cache';
import type { Pool, PoolClient } from 'pg';
import type { Logger } from 'pino';
import { fold } from '../../domain/ci-string';
import type { PartyId } from '../../domain/party';
import type { SharedModule } from '../../domain/visibility';

/*
 * A session or CDR for a party that is not registered here is refused: nobody may see it. Who wanted that party is
 * remembered. When the party registers, the lists concerned are pulled in full, so that what was refused comes again at
 * once and not with the next full pull of the day.
 */

/** Of one partner. A partner that names more is one that names anything. */
const MOST = 1000;
/** The lists look back so far; what was wanted before is not found any more. */
const KEPT_DAYS = 31;
/** Those written lately are not written again. */
const REMEMBERED = 10_000;
const REMEMBERED_MS = 60_000;

const KEEP = `
  insert into wanted_party (country_code, party_id, partner_id, module)
  select $1, $2, p.id, $4 from partner p
   where p.id = $3 and (select count(*) from wanted_party w where w.partner_id = p.id) < ${MOST}
  on conflict (country_code, party_id, partner_id, module) do update set at = now()`;

export const TRIM_WANTED = `delete from wanted_party where at < now() - interval '${KEPT_DAYS} days'`;

/** $1 numbers of parties. A pull under way is one that may have passed the object: the next begins behind it. */
const ASK_AGAIN = `
  with wanted as (
    delete from wanted_party w using party y
     where y.number = any($1::int[]) and w.country_code = upper(y.country_code) and w.party_id = upper(y.party_id)
    returning w.partner_id, w.module)
  update pull_state s set next_full_at = clock_timestamp(), next_at = clock_timestamp()
    from (select distinct partner_id, module from wanted) w
   where s.partner_id = w.partner_id and s.module = w.module`;

/** Which partners named which parties that were not there. */
export class WantedParties {
  private readonly written = new LRUCache<string, true>({ max: REMEMBERED, ttl: REMEMBERED_MS });
  private writing: Promise<void> = Promise.resolve();

  constructor(
    private readonly pool: Pool,
    private readonly log: Logger,
  ) {}

  /** A partner's object of this module named a party that is not there. Returns at once. */
  note(partnerId: string, module: SharedModule, { country_code, party_id }: PartyId): void {
    const values = [fold(country_code), fold(party_id), partnerId, module.number];
    const key = values.join('/');
    if (this.written.has(key)) return;
    this.written.set(key, true);
    this.writing = this.writing.then(() => this.keep(key, values));
  }

  /** What was noted is written. */
  close(): Promise<void> {
    return this.writing;
  }

  private async keep(key: string, values: (string | number)[]): Promise<void> {
    try {
      await this.pool.query(KEEP, values);
    } catch (error) {
      this.written.delete(key);
      this.log.warn({ err: error }, 'a party that is wanted was not noted');
    }
  }
}

/**
 * To be called within the transaction that registers parties: the lists that named them are pulled in full, of what piles
 * up the last 31 days. A partner without a list is not asked.
 */
export async function askAgainFor(
  client: Pick<PoolClient, 'query'>,
  numbers: readonly number[],
): Promise<void> {
  if (numbers.length > 0) await client.query(ASK_AGAIN, [numbers]);
}
