import type { Pool, PoolClient } from 'pg';
import type { Contact } from './contact';

/*
 * Contacts as all processes see them. Processes say how long ago something was, so that only the clock of the
 * database counts; `now() - make_interval(secs => null)` is null, and greatest() passes nulls over.
 */

const SAVE = {
  name: 'save_contacts',
  text: `
    insert into partner_contact as c (partner_id, last_heard, last_success, failures, failing_since, last_error, last_error_at)
    select partner.id, now() - make_interval(secs => heard), now() - make_interval(secs => success), failures,
           now() - make_interval(secs => failing), error, now() - make_interval(secs => error_s)
      from unnest($1::text[], $2::float8[], $3::float8[], $4::int[], $5::float8[], $6::text[], $7::float8[])
           as i(partner_id, heard, success, failures, failing, error, error_s)
      join partner on partner.id::text = i.partner_id
     order by partner.id
    on conflict (partner_id) do update set
      last_heard = greatest(c.last_heard, excluded.last_heard),
      last_success = greatest(c.last_success, excluded.last_success),
      failures = case when excluded.last_success is null then c.failures else 0 end + excluded.failures,
      failing_since = case when excluded.last_success is null then coalesce(c.failing_since, excluded.failing_since)
                           else excluded.failing_since end,
      last_error = coalesce(excluded.last_error, c.last_error),
      last_error_at = greatest(c.last_error_at, excluded.last_error_at)`,
};

/** Saves together what was seen of these partners; of one that is gone nothing is kept. */
export async function saveContacts(pool: Pool, contacts: ReadonlyMap<string, Contact>): Promise<void> {
  const now = performance.now();
  const all = [...contacts.values()];
  const ago = (moment: number | undefined): number | null =>
    moment === undefined ? null : (now - moment) / 1000;
  const values = [
    [...contacts.keys()],
    all.map((c) => ago(c.heardAt)),
    all.map((c) => ago(c.successAt)),
    all.map((c) => c.failures),
    all.map((c) => ago(c.failingAt)),
    all.map((c) => c.error ?? null),
    all.map((c) => ago(c.errorAt)),
  ];
  await pool.query({ ...SAVE, values });
}

/** As an admin sees it. */
export interface ContactReport {
  last_heard: Date | null;
  last_success: Date | null;
  last_error: string | null;
  last_error_at: Date | null;
}

export async function reportContacts(
  pool: Pool,
  partners: readonly string[],
): Promise<Map<string, ContactReport>> {
  const { rows } = await pool.query<ContactReport & { partner_id: string }>(
    `select partner_id, last_heard, last_success, last_error, last_error_at from partner_contact
      where partner_id = any($1::uuid[])`,
    [partners],
  );
  return new Map(rows.map(({ partner_id, ...report }) => [partner_id, report]));
}

/** What `aliveStep` asks of the database; ages in seconds, null for what never was. */
export interface ReachRow {
  partner_id: string;
  offline: boolean;
  status_s: number;
  heard_s: number | null;
  success_s: number | null;
  failures: number;
  failing_s: number | null;
  calling: boolean;
}

const seconds = (moment: string): string => `extract(epoch from clock_timestamp() - ${moment})::float8`;

const READ_REACH = {
  name: 'read_reach',
  text: `
    select p.id as partner_id, bool_or(y.status = 'OFFLINE') as offline, ${seconds('max(y.last_updated)')} as status_s,
           ${seconds('max(c.last_heard)')} as heard_s, ${seconds('max(c.last_success)')} as success_s,
           coalesce(max(c.failures), 0) as failures, ${seconds('max(c.failing_since)')} as failing_s,
           coalesce(bool_or(c.calling), false) as calling
      from partner p join party y on y.partner_id = p.id and y.status in ('CONNECTED', 'OFFLINE')
      left join partner_contact c on c.partner_id = p.id
     where p.id = any($1::uuid[]) and p.status = 'REGISTERED' and not p.suspended and p.versions_url is not null
     group by p.id`,
};

/** How these partners can be reached; those without a live party are left out. */
export async function readReach(
  database: Pick<PoolClient, 'query'>,
  partners: readonly string[],
): Promise<ReachRow[]> {
  return (await database.query<ReachRow>({ ...READ_REACH, values: [partners] })).rows;
}
