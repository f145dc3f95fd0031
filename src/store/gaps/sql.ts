/*
 * The narrow tables of the gap finder. Pages are read and written under the lock of one row, so that a session and its
 * CDR cannot be taken by two processes that do not see each other's (docs/adr/0015).
 */

/** The lock; where another process holds it, no row, or a wait of a page's length. $1 module of sessions */
export const LOCK = `select 1 from gap_progress where module = $1 for update skip locked`;
export const WAIT_FOR_LOCK = `select 1 from gap_progress where module = $1 for update`;

const OBJECT = `h.id::text as head_id, h.owner, h.counterpart, h.sent_id, s.version::text as version, t.text
  from head h join head_state s on s.head_id = h.id join object_text t on t.head_id = h.id`;

const newOnes = (table: string): string => `select ${OBJECT} where h.id = any(array(
  select h.id from head h where h.module = $1 and h.id > $2
     and not exists (select from ${table} k where k.head_id = h.id and k.head_id > $2) order by h.id limit $3)) order by h.id`;

/** $1 module, $2 after, $3 limit */
export const NEW_SESSIONS = newOnes('session_end');
export const NEW_CDRS = newOnes('cdr_link');

const changedOnes = (state: string): string => `select ${OBJECT} where h.id = any(array(
  select e.head_id from session_end e join head_state s on s.head_id = e.head_id and s.version <> e.version
   where e.cdr is null and e.state ${state} and e.seen_at > now() - interval '30 days' limit $1)) order by h.id`;

/** Sessions that have no CDR and were written since they were read. $1 limit */
export const CHANGED_OPEN = changedOnes(`= 'open'`);
export const CHANGED_ENDED = changedOnes(`in ('ended', 'invalid')`);

/** $1 ids, $2 owners, $3 counterparts, $4 keys, $5 references, $6 versions, $7 states, $8 ends, $9 kWh */
export const SAVE_SESSIONS = `
  insert into session_end (head_id, owner, counterpart, key, reference, version, state, ended_at, kwh)
  select * from unnest($1::bigint[], $2::int[], $3::int[], $4::text[], $5::text[], $6::bigint[], $7::text[],
                       $8::timestamptz[], $9::float8[])
  on conflict (head_id) do update
    set counterpart = excluded.counterpart, reference = excluded.reference, version = excluded.version,
        state = excluded.state, ended_at = excluded.ended_at, kwh = excluded.kwh, seen_at = now()`;

/** $1 ids, $2 owners, $3 counterparts, $4 links, $5 credits, $6 ends, $7 kWh */
export const SAVE_CDRS = `
  insert into cdr_link (head_id, owner, counterpart, link, credit, ended_at, kwh)
  select * from unnest($1::bigint[], $2::int[], $3::int[], $4::text[], $5::bool[], $6::timestamptz[], $7::float8[])
  on conflict (head_id) do nothing`;

/** CDRs that may be for these sessions. $1 session ids */
export const CDRS_OF = `
  select c.head_id::text as head_id from session_end e
    join cdr_link c on c.owner = e.owner and c.session is null and c.link = any(array['s:' || e.key, 'r:' || e.reference])
   where e.head_id = any($1::bigint[])`;

/**
 * Ties CDRs to their sessions: by session_id, else by an authorization_reference that one session alone of the CPO
 * has. A credit CDR is tied, but is not the session's CDR. $1 CDR ids
 */
export const LINK = `
  with wanted as (
    select c.head_id, c.credit, case left(c.link, 2)
             when 's:' then (select e.head_id from session_end e where e.owner = c.owner and e.key = substr(c.link, 3))
             when 'r:' then (select min(e.head_id) from session_end e
                              where e.owner = c.owner and e.reference = substr(c.link, 3) having count(*) = 1)
           end as session
      from cdr_link c where c.head_id = any($1::bigint[]) and c.session is null
  ), tied as (
    update cdr_link c set session = w.session from wanted w where c.head_id = w.head_id and w.session is not null)
  update session_end e set cdr = w.cdr
    from (select session, min(head_id) as cdr from wanted where session is not null and not credit group by session) w
   where e.head_id = w.session and e.cdr is null`;

const LAST_HEAD = `greatest(top, case $1::int
  when $2::int then (select max(head_id) from session_end) else (select max(head_id) from cdr_link) end)`;

/**
 * Everything up to `place` is read for good: what was the last head a minute ago, since every transaction that could
 * hold a lower one has ended. $1 module, $2 module of sessions
 */
export const SETTLE = `
  update gap_progress set read_at = now(),
         place = case when top_at < now() - interval '60 s' then top else place end,
         top = case when top_at < now() - interval '60 s' then ${LAST_HEAD} else top end,
         top_at = case when top_at < now() - interval '60 s' then now() else top_at end
   where module = $1`;

const GAP = `e.cdr is null and e.state = 'ended' and e.ended_at < $1::timestamptz`;
const STRAY = `c.session is null and not c.credit and c.ended_at < $1::timestamptz`;

/** Counts a pair. $1 ended before */
export const PAIRS = `
  select owner, nullif(counterpart, 0) as counterpart, sum(sessions)::int as sessions, sum(session_kwh) as session_kwh,
         min(session_since) as session_since, sum(cdrs)::int as cdrs, sum(cdr_kwh) as cdr_kwh, min(cdr_since) as cdr_since,
         sum(not_linked)::int as not_linked
    from (
      select e.owner, coalesce(e.counterpart, 0) as counterpart, count(*) as sessions, sum(e.kwh) as session_kwh,
             min(e.ended_at) as session_since, 0 as cdrs, 0 as cdr_kwh, null as cdr_since, 0 as not_linked
        from session_end e where ${GAP} group by 1, 2
      union all
      select c.owner, coalesce(c.counterpart, 0), 0, 0, null, count(*) filter (where c.link like 's:%'),
             coalesce(sum(c.kwh) filter (where c.link like 's:%'), 0), min(c.ended_at) filter (where c.link like 's:%'),
             count(*) filter (where c.link is null or c.link not like 's:%')
        from cdr_link c where ${STRAY} group by 1, 2) both_sides
   group by owner, counterpart order by sum(sessions) + sum(cdrs) desc, owner, counterpart`;

/**
 * The oldest of each pair, straight from the index of the gaps: with `is not distinct from`, which no index serves, all
 * gaps of a CPO are read and sorted for each of its pairs.
 */
const examples = (select: string, gap: { from: string; as: string; where: string }): string => {
  const { from, as, where } = gap;
  const oldest = (ofPair: string): string => `(
      select ${as}.head_id, ${select} from ${from} ${as}
       where ${where} and ${as}.owner = p.owner and ${ofPair} order by ${as}.ended_at limit $4)`;
  return `
  select p.n::int as n, h.sent_id as id, f.*
    from unnest($2::int[], $3::int[]) with ordinality as p(owner, counterpart, n), lateral (
      ${oldest(`${as}.counterpart = p.counterpart`)} union all
      ${oldest(`p.counterpart is null and ${as}.counterpart is null`)}) f
    join head h on h.id = f.head_id order by p.n, f.ended_at`;
};

/** $1 ended before, $2 owners, $3 counterparts, $4 limit */
export const SESSION_EXAMPLES = examples('e.ended_at, e.kwh', { from: 'session_end', as: 'e', where: GAP });
export const CDR_EXAMPLES = examples('c.ended_at, c.kwh, substr(c.link, 3) as session_id', {
  from: 'cdr_link',
  as: 'c',
  where: `${STRAY} and c.link like 's:%'`,
});

/** Platforms whose gaps they were not asked about yet, since when. $1 ended before */
export const UNASKED_CDRS = `select y.partner_id, min(e.ended_at) as since from session_end e join party y on y.number = e.owner
  where ${GAP} and not e.asked and y.partner_id is not null group by 1`;
export const UNASKED_SESSIONS = `select y.partner_id, min(c.ended_at) as since from cdr_link c join party y on y.number = c.owner
  where ${STRAY} and c.link like 's:%' and not c.asked and y.partner_id is not null group by 1`;

/** $1 ended before, $2 partner */
export const ASKED_CDRS = `update session_end e set asked = true from party y
  where ${GAP} and not e.asked and y.number = e.owner and y.partner_id = $2`;
export const ASKED_SESSIONS = `update cdr_link c set asked = true from party y
  where ${STRAY} and c.link like 's:%' and not c.asked and y.number = c.owner and y.partner_id = $2`;
