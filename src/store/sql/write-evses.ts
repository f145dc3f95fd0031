/**
 * The hot path of WRITE_BATCH: EVSE rows of locations that exist, nothing else. The same guard and the same order of
 * locks, with a third of the parts: each part of a statement costs some 40 us, whatever it does.
 * $1 n, $2 id, $3 version, $4 shown, $5 last_updated; EVSEs: $6 n, $7 key, $8 place, $9 text;
 * changes: $10 n, $11 part, $12 correlation_id, $13 origin
 */
export const WRITE_EVSES = {
  name: 'write_evses',
  text: `
    with locked as materialized (
      select o.n, s.head_id as id, s.owner, o.version + 1 as version, o.shown, o.at
        from unnest($1::int[], $2::bigint[], $3::bigint[], $4::text[], $5::timestamptz[]) as o(n, id, version, shown, at)
        join head_state s on s.head_id = o.id and s.version = o.version
       order by s.head_id for update of s
    ), changed as (
      update head_state s set version = l.version, shown_last_updated = l.shown, last_updated = l.at
        from locked l where s.head_id = l.id
    ), evses as (
      insert into evse (head_id, key, place, text)
      select l.id, e.key, e.place, e.text
        from unnest($6::int[], $7::text[], $8::int[], $9::text[]) as e(n, key, place, text) join locked l on l.n = e.n
      on conflict (head_id, key) do update set text = excluded.text
    ), feed as (
      insert into change (head_id, version, owner, module, part, correlation_id, origin)
      select l.id, l.version, l.owner, 1, c.part, c.correlation_id, c.origin
        from unnest($10::int[], $11::text[], $12::text[], $13::uuid[]) with ordinality
             as c(n, part, correlation_id, origin, place) join locked l on l.n = c.n
       order by c.place
    )
    select n, id from locked`,
};
