/* The state of pulls: plain statements of the worker that leases the platform; none is a hot path. */

const KEY = `partner_id = $1 and party = $2 and module = $3`;
const OURS = `exists (select from lease l join worker w on w.holder = l.holder
                         where l.partner_id = $1 and l.holder = $4::uuid and w.until > clock_timestamp())`;

/**
 * A row for each list that is to be pulled. A new one, one of a new registration or another endpoint begins with a
 * full pull at once; what comes back from OFFLINE with a delta. $1 partners, $2 parties, $3 modules, $4 endpoints,
 * $5 offline
 */
export const ENSURE_PULLS = `
  insert into pull_state as s (partner_id, party, module, endpoint, registration, offline, requested)
  select w.partner_id, w.party, w.module, w.endpoint, p.registration, w.offline, 'full'
    from unnest($1::uuid[], $2::int[], $3::smallint[], $4::text[], $5::bool[])
           as w(partner_id, party, module, endpoint, offline)
    join partner p on p.id = w.partner_id and p.status = 'REGISTERED'
    left join pull_state old on old.partner_id = w.partner_id and old.party = w.party and old.module = w.module
   where old.party is null or old.registration <> p.registration or old.endpoint <> w.endpoint
      or old.offline <> w.offline
   order by w.partner_id, w.party, w.module
  on conflict (partner_id, party, module) do update
    set endpoint = excluded.endpoint, registration = excluded.registration, offline = excluded.offline,
        requested = case when s.registration <> excluded.registration or s.endpoint <> excluded.endpoint then 'full'
                         when s.offline and not excluded.offline then coalesce(s.requested, 'delta')
                         else s.requested end`;

/** Lists that are pulled no longer. $1 partners looked at, $2 partners, $3 parties, $4 modules that are wanted */
export const DROP_PULLS = `
  delete from pull_state s
   where s.partner_id = any($1::uuid[]) and not exists (
     select 1 from unnest($2::uuid[], $3::int[], $4::smallint[]) as w(partner_id, party, module)
      where w.partner_id = s.partner_id and w.party = s.party and w.module = s.module)`;

/** What may begin or go on now; a running one of ours that nobody runs was left behind. $1 partners */
export const DUE_PULLS = {
  name: 'due_pulls',
  text: `select partner_id, party, module from pull_state
          where partner_id = any($1::uuid[]) and not offline and (not_before is null or not_before <= now())
            and (requested is not null or state = 'running' or next_at <= now())
          order by requested is null, state <> 'running', next_at, party, module`,
};

const RETURNING = `
  returning s.run::text as run, s.kind, s.cursor, s.date_from, s.began_xid::text as began_xid, s.endpoint, s.pages,
            s.objects, s.total, s.total_changed, s.confirm_removals, s.failures`;

/** Goes on where the last try stopped, if that is not too long ago and of this database. $4 holder */
export const RESUME_PULL = `
  update pull_state s set state = 'running'
   where ${KEY} and ${OURS} and state in ('running', 'failed') and requested is null and cursor is not null
     and started_at > now() - interval '24 hours'
     and began_xid <= pg_snapshot_xmax(pg_current_snapshot())
  ${RETURNING}`;

const utc = (instant: string): string =>
  `to_char((${instant}) at time zone 'UTC', 'YYYY-MM-DD"T"HH24:MI:SS"Z"')`;

const BEGINNING = '1970-01-01T00:00:00Z';

/**
 * Begins anew. Of a module that piles up a scheduled full pull looks back a month, one that was asked for at
 * everything, however often it is begun; one may need a date_from (semantics 33a). $4 holder, $5 overlap in
 * seconds, $6 piles up, $7 needs a date_from
 */
export const BEGIN_PULL = `
  update pull_state s
     set state = 'running', kind = n.kind, requested = null, run = s.run + 1, cursor = null, began = now(),
         began_xid = pg_snapshot_xmin(pg_current_snapshot()), started_at = now(), finished_at = null,
         date_from = case
           when n.kind = 'delta' then ${utc(`s.since - make_interval(secs => $5)`)}
           when $6::bool and not n.everything then ${utc(`now() - interval '31 days'`)}
           when $7::bool then '${BEGINNING}' end,
         pages = 0, objects = 0, stored = 0, unchanged = 0, refused = 0, gone = 0, total = null,
         total_changed = false, download_ms = 0, check_ms = 0, write_ms = 0
    from (select partner_id, party, module, requested is not distinct from 'full' or since is null
                   or (state in ('running', 'failed') and kind = 'full'
                       and coalesce(date_from, '${BEGINNING}') = '${BEGINNING}') as everything,
                 case when since is null or requested = 'full' or next_full_at <= now()
                        or (state in ('running', 'failed') and kind = 'full') then 'full' else 'delta' end as kind
            from pull_state where ${KEY} for update) n
   where s.partner_id = n.partner_id and s.party = n.party and s.module = n.module and ${OURS.replace('$1', 's.partner_id')}
  ${RETURNING}`;

export const DROP_PAGES = `delete from pull_page where ${KEY}`;
export const READ_PAGES = `select keys from pull_page where ${KEY} order by page`;

/** The run must still be ours: lease and run number hold. $4 holder, $5 run */
const OUR_RUN = `${KEY} and run = $5 and state = 'running' and ${OURS}`;

/**
 * After the objects of a page are committed. $6 cursor, $7 objects, $8 stored, $9 unchanged, $10 refused, $11 total,
 * $12 download, $13 check, $14 write in ms, $15 keys or null, $16 the partner's clock
 */
export const SAVE_PAGE = {
  name: 'save_pull_page',
  text: `
    with saved as (
      update pull_state
         set cursor = $6, pages = pages + 1, objects = objects + $7, stored = stored + $8,
             unchanged = unchanged + $9, refused = refused + $10,
             total_changed = total_changed or (total is not null and total is distinct from $11),
             total = $11, download_ms = download_ms + $12, check_ms = check_ms + $13, write_ms = write_ms + $14,
             failures = 0, last_error = null,
             began = least(began, case when $16::timestamptz > began - interval '1 day' then $16::timestamptz end)
       where ${OUR_RUN} returning pages
    ), kept as (
      insert into pull_page (partner_id, party, module, page, keys)
      select $1, $2, $3, pages, $15::bytea from saved where $15::bytea is not null
      on conflict (partner_id, party, module, page) do update set keys = excluded.keys)
    select pages from saved`,
};

/** The list ended. $6 gone, $7 seconds to the next pull, $8 to the next full one, $9 confirmation used */
/** One that fell due while it ran (a party came that its objects name) begins at once. */
export const END_PULL = `
  update pull_state
     set state = 'done', finished_at = now(), since = began, cursor = null, gone = $6, failures = 0, last_error = null,
         next_at = case when next_full_at > began and next_full_at <= now() then now()
                        else now() + make_interval(secs => $7) end,
         next_full_at = case when kind <> 'full' or (next_full_at > began and next_full_at <= now()) then next_full_at
                             else now() + make_interval(secs => $8) end,
         confirm_removals = confirm_removals and not $9
   where ${OUR_RUN} returning run`;

/** It stopped: tried again. $6 error, $7 seconds until then, $8 the place, or null: from the beginning */
export const FAIL_PULL = `
  update pull_state
     set state = 'failed', finished_at = now(), last_error = $6, failures = failures + 1,
         next_at = now() + make_interval(secs => $7), cursor = $8
   where ${OUR_RUN} returning run`;

/** The partner asks to be left alone: none of its lists before. $1 partner, $2 seconds */
export const HOLD_BACK = `
  update pull_state set not_before = now() + make_interval(secs => $2) where partner_id = $1`;

/** An admin asks. $1 partner, $2 kind, $3 module or null, $4 confirms removals */
export const REQUEST_PULL = `
  update pull_state
     set requested = case when requested = 'full' then 'full' else $2 end, confirm_removals = confirm_removals or $4
   where partner_id = $1 and ($3::smallint is null or module = $3) returning party`;

/**
 * What was changed at or after a date is missing here: the next delta goes back to it. $1 partner, $2 module, $3
 * date
 */
export const REQUEST_SINCE = `
  update pull_state set requested = coalesce(requested, 'delta'), since = least(since, $3::timestamptz)
   where partner_id = $1 and module = $2`;

/** When the last pull that succeeded began. $1 partner */
export const LAST_PULLS = `
  select y.country_code, y.party_id, s.module, s.since as last_success
    from pull_state s join party y on y.number = s.party where s.partner_id = $1 order by s.party, s.module`;

/** $1 partner */
export const REPORT_PULLS = `
  select s.party, s.module, s.state, s.kind, s.requested, s.started_at, s.finished_at, s.pages, s.objects, s.stored,
         s.unchanged, s.refused, s.gone, s.total, s.date_from, s.download_ms, s.check_ms, s.write_ms, s.last_error,
         s.since, s.confirm_removals,
         case when s.requested is not null then now() else greatest(s.next_at, s.not_before) end as next_at,
         s.next_full_at,
         extract(epoch from coalesce(s.finished_at, now()) - s.started_at)::float8 as seconds
    from pull_state s where s.partner_id = $1 order by s.party, s.module`;

/** $1 partner, $2 how many */
export const REPORT_GONE = `
  select party, module, object_id, last_updated, removed, since from pull_gone
   where partner_id = $1 order by party, module, object_id limit $2`;

/** What is gone as of this full pull. $4 ids, $5 last_updated, $6 removed */
export const CLEAR_GONE = `delete from pull_gone where ${KEY} and not object_id = any($4::text[])`;
export const KEEP_GONE = `
  insert into pull_gone (partner_id, party, module, object_id, last_updated, removed)
  select $1, $2, $3, g.object_id, g.last_updated, $6
    from unnest($4::text[], $5::text[]) as g(object_id, last_updated)
  on conflict (partner_id, party, module, object_id) do update
    set last_updated = excluded.last_updated, removed = excluded.removed`;
