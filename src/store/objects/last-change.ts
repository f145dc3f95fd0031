/**
 * The transaction that last wrote a head's state (head_state as `s`), by the xmin of its row. That has 32 bits; what
 * lies a whole round back may seem newer.
 */
export const LAST_CHANGE = `(
  select case when (x.now >> 32 << 32) + s.xmin::text::bigint < x.now then (x.now >> 32 << 32) + s.xmin::text::bigint
         else (x.now >> 32 << 32) + s.xmin::text::bigint - 4294967296 end
    from (select pg_snapshot_xmax(pg_current_snapshot())::text::bigint as now) x)`;
