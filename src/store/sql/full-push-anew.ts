/**
 * What is set of positions whose receivers get a full push, from the horizon of this moment; the raised fence ends whoever
 * pushes now. One that begins anew before it ended still holds what was written since it first began.
 */
export const FULL_PUSH_ANEW = `
  xid = pg_snapshot_xmin(pg_current_snapshot()), number = 0, full_push = 0, fence = position.fence + 1,
  full_push_since = case when position.full_push is null then position.xid else position.full_push_since end`;
