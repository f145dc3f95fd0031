/**
 * What a batch of writes must know of the objects that it touches: one statement a batch. An EVSE is asked for by
 * its key, or all of them by '*'. EVSE rows of one object come as one JSON array, so that its text is sent once.
 * $1 n, $2 key, $3 wants the text, $4 EVSE key or null
 */
export const READ_CURRENT = {
  name: 'read_current',
  text: `
    select i.n, h.id, s.version, s.own_last_updated as own, s.shown_last_updated as shown, h.counterpart, h.deleted,
           case when i.want_text then (select t.text from object_text t where t.head_id = h.id) end as text,
           case when i.want_evse is not null then
             (select json_agg(json_build_array(e.key, e.place, e.text) order by e.place) from evse e
               where e.head_id = h.id and (i.want_evse = '*' or e.key = i.want_evse))
           end as evses,
           case when i.want_evse is not null and i.want_evse <> '*' then
             (select max(e.place) from evse e where e.head_id = h.id) end as last_place
      from unnest($1::int[], $2::text[], $3::bool[], $4::text[]) as i(n, key, want_text, want_evse)
      join head h on h.key = i.key join head_state s on s.head_id = h.id`,
};

/** The same with the heads locked, in id order: after three lost races. */
export const LOCK_HEADS = {
  name: 'lock_heads',
  text: `
    select s.head_id from unnest($1::text[]) as i(key)
      join head h on h.key = i.key join head_state s on s.head_id = h.id
     order by s.head_id for update of s`,
};
