/**
 * A whole batch of writes in one statement, so in one commit: heads, texts, EVSE rows, change rows, CDR deliveries
 * and counts (PERFORMANCE.md, a: 2 to 4 times the throughput of a commit a request, and the change rows are free).
 *
 * `n` ties the arrays together. A head is guarded by its version alone; what hangs below it (`ok`) is written only
 * where the guard held, so a lost race leaves nothing behind. New heads are inserted in key order before existing
 * ones are locked in id order: two lanes never wait for each other in a circle. Answers the `n` that were written.
 */
export const WRITE_BATCH = {
  name: 'write_batch',
  text: `
    with obj as materialized (
      select * from unnest($1::int[], $2::bigint[], $3::bigint[], $4::int[], $5::smallint[], $6::int[], $7::text[],
                           $8::int[], $9::text[], $10::text[], $11::timestamptz[], $12::bool[], $32::text[])
        as o(n, id, version, step, module, owner, key, counterpart, own, shown, at, deleted, sent_id)
    ), made as (
      insert into head (module, owner, key, counterpart, deleted, sent_id)
      select module, owner, key, counterpart, deleted, sent_id from obj
       where id is null order by key
      on conflict (key) do nothing
      returning id, key
    ), begun as (
      insert into head_state (head_id, version, last_updated, own_last_updated, shown_last_updated, module, owner, counterpart)
      select m.id, o.step, o.at, o.own, o.shown, case when o.deleted then 0 else o.module end, o.owner, o.counterpart
        from made m join obj o on o.key = m.key
    ), locked as materialized (
      select o.n, s.head_id as id from obj o join head_state s on s.head_id = o.id and s.version = o.version
       where (select count(*) from made) >= 0
       order by s.head_id for update of s
    ), changed as (
      update head_state s set version = o.version + o.step, own_last_updated = o.own, shown_last_updated = o.shown,
             last_updated = o.at, counterpart = o.counterpart, module = case when o.deleted then 0 else o.module end
        from locked l join obj o on o.n = l.n
       where s.head_id = l.id
    ), turned as (
      update head h set deleted = o.deleted, counterpart = o.counterpart
        from locked l join obj o on o.n = l.n
       where h.id = l.id and (h.deleted, h.counterpart) is distinct from (o.deleted, o.counterpart)
    ), ok as materialized (
      select o.n, m.id, o.step::bigint as version, o.owner, o.module, o.counterpart from made m
        join obj o on o.id is null and o.key = m.key
      union all
      select l.n, l.id, o.version + o.step, o.owner, o.module, o.counterpart from locked l join obj o on o.n = l.n
    ), texts as (
      insert into object_text (head_id, text)
      select ok.id, t.text from unnest($13::int[], $14::text[]) as t(n, text) join ok on ok.n = t.n
      on conflict (head_id) do update set text = excluded.text
    ), gone as (
      delete from evse e using unnest($15::int[], $16::text[]) as g(n, key) join ok on ok.n = g.n
       where e.head_id = ok.id and e.key = g.key
    ), evses as (
      insert into evse (head_id, key, place, text)
      select ok.id, e.key, e.place, e.text
        from unnest($17::int[], $18::text[], $19::int[], $20::text[]) as e(n, key, place, text) join ok on ok.n = e.n
      on conflict (head_id, key) do update set place = excluded.place, text = excluded.text
    ), feed as (
      insert into change (head_id, version, owner, module, part, correlation_id, origin)
      select ok.id, ok.version, ok.owner, ok.module, c.part, c.correlation_id, c.origin
        from unnest($21::int[], $22::text[], $23::text[], $24::uuid[]) with ordinality
             as c(n, part, correlation_id, origin, place) join ok on ok.n = c.n
       order by c.place
    ), deliveries as (
      insert into cdr_delivery (head_id, receiver, correlation_id, state)
      select ok.id, d.receiver, d.correlation_id, d.state
        from unnest($25::int[], $26::int[], $27::text[], $28::text[]) as d(n, receiver, correlation_id, state)
        join ok on ok.n = d.n
    ), counted as (
      insert into object_count as c (module, owner, counterpart, count)
      select ok.module, ok.owner, k.counterpart, sum(k.delta)
        from unnest($29::int[], $30::int[], $31::int[]) as k(n, counterpart, delta) join ok on ok.n = k.n
       group by 1, 2, 3 order by 1, 2, 3
      on conflict (module, owner, counterpart) do update set count = c.count + excluded.count
    )
    select n, id from ok`,
};
