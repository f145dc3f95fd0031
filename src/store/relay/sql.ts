/** $1 hash, $2 kind, $3 who may call, $4 platform it leads to, $5 from, $6 to, $7 url, $8 seconds (null: for ever) */
export const PUT_PROXIED_URL = {
  name: 'put_callback',
  text: `
    insert into callback (hash, kind, partner_id, target_partner, from_party, to_party, url, expires_at)
    values ($1, $2, $3, $4, $5, $6, $7, now() + make_interval(secs => $8))
    on conflict (hash) do update set expires_at = excluded.expires_at`,
};

/** By its hash, for the one platform that may call it. $1 hash, $2 kinds, $3 platform */
export const FIND_PROXIED_URL = {
  name: 'find_callback',
  text: `
    select kind, target_partner, from_party, to_party, url from callback
     where hash = $1 and kind = any($2::text[]) and partner_id = $3 and (expires_at is null or expires_at > now())`,
};

/** $1 hash, $2 seconds from now, $3 not before (null: no such time) */
export const KEEP_PROXIED_URL = {
  name: 'keep_callback',
  text: `
    update callback set expires_at = greatest(now() + make_interval(secs => $2), $3::timestamptz) where hash = $1`,
};

/** $1 kind, $2 party, $3 subject, $4 receiver, $5 until */
export const PUT_ROUTE = {
  name: 'put_known_route',
  text: `
    insert into known_route (kind, party, subject, receiver, expires_at) values ($1, $2, $3, $4, $5)
    on conflict (kind, party, subject, receiver) do update set expires_at = excluded.expires_at`,
};

/** One setter of a profile at a time: the last. $1 kind, $2 party, $3 subject, $4 receiver */
export const FORGET_OTHER_ROUTES = {
  name: 'forget_other_routes',
  text: `delete from known_route where kind = $1 and party = $2 and subject = $3 and receiver <> $4`,
};

/** $1 kind, $2 party, $3 subject */
export const FIND_ROUTES = {
  name: 'find_known_routes',
  text: `select receiver from known_route where kind = $1 and party = $2 and subject = $3 and expires_at > now()`,
};

export const TRIM_PROXIED_URLS = {
  name: 'trim_callbacks',
  text: `delete from callback where expires_at < now()`,
};
export const TRIM_ROUTES = {
  name: 'trim_known_routes',
  text: `delete from known_route where expires_at < now()`,
};
