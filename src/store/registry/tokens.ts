import type { PoolClient } from 'pg';
import type { TokenFate, TokenKind } from './types';

/** How long a token may live on that is only kept for the case that an answer was lost. */
const GRACE = `interval '1 hour'`;

/** Stores a token that is about to be handed out. B expires by itself: a crash may leave it behind. */
export async function issueToken(
  client: PoolClient,
  token: { partnerId: string; kind: 'A' | 'B' | 'C'; hash: Buffer },
): Promise<void> {
  const expires = token.kind === 'B' ? `now() + ${GRACE}` : 'null';
  await client.query(
    `insert into credentials_token (hash, partner_id, kind, expires_at) values ($1, $2, $3, ${expires})`,
    [token.hash, token.partnerId, token.kind],
  );
}

/** The kind under which a token is valid now, as committed. */
export async function kindOfToken(
  client: PoolClient,
  partnerId: string,
  hash: Buffer,
): Promise<TokenKind | undefined> {
  const { rows } = await client.query<{ kind: TokenKind }>(
    `select kind from credentials_token
      where hash = $1 and partner_id = $2 and (expires_at is null or expires_at > clock_timestamp())`,
    [hash, partnerId],
  );
  return rows[0]?.kind;
}

/** How many of a partner's dead tokens are remembered. */
const REMEMBERED = 3;

/**
 * Of a partner's tokens all die at once, save the given kinds. The last of them are remembered with their fate; a
 * token A that others replace was used.
 */
export async function dropTokens(
  client: PoolClient,
  partnerId: string,
  { keep = [], fate }: { keep?: readonly TokenKind[]; fate: TokenFate },
): Promise<void> {
  await client.query(
    `with dead as (
       delete from credentials_token where partner_id = $1 and kind <> all($2::text[]) returning hash, kind)
     insert into former_token (hash, partner_id, fate)
     select hash, $1, case when kind = 'A' and $3 = 'replaced' then 'used' else $3 end from dead where kind <> 'B'
     on conflict (hash) do nothing`,
    [partnerId, keep, fate],
  );
  await client.query(
    `delete from former_token where partner_id = $1 and hash not in (
       select hash from former_token where partner_id = $1 order by ended_at desc, hash limit ${REMEMBERED})`,
    [partnerId],
  );
}

/** Removes one token: of a handshake that failed. */
export async function dropToken(client: PoolClient, hash: Buffer): Promise<void> {
  await client.query('delete from credentials_token where hash = $1', [hash]);
}

/** Token A dies an hour after the first registration at the latest. */
export async function limitTokenA(client: PoolClient, partnerId: string): Promise<void> {
  await client.query(
    `update credentials_token set expires_at = now() + ${GRACE}
      where partner_id = $1 and kind = 'A' and expires_at is null`,
    [partnerId],
  );
}

/** The token that a PUT came with opens PUT alone from now on, an hour at most. */
export async function supersede(client: PoolClient, hash: Buffer): Promise<void> {
  await client.query(
    `update credentials_token set kind = 'SUPERSEDED', expires_at = now() + ${GRACE} where hash = $1 and kind = 'C'`,
    [hash],
  );
}

/** Token B becomes the token of the registered platform: the handshake that we started has succeeded. */
export async function promoteTokenB(client: PoolClient, hash: Buffer): Promise<boolean> {
  const { rowCount } = await client.query(
    `update credentials_token set kind = 'C', expires_at = null where hash = $1 and kind = 'B'`,
    [hash],
  );
  return rowCount === 1;
}

/** The new token is in the platform's hands: those kept in case it was lost die. */
export async function markFirstUse(client: PoolClient, partnerId: string, hash: Buffer): Promise<void> {
  await client.query('select 1 from partner where id = $1 for no key update', [partnerId]); // the lock of handshakes
  const { rowCount } = await client.query(
    `update credentials_token set first_used_at = now() where hash = $1 and kind = 'C' and first_used_at is null`,
    [hash],
  );
  if (rowCount === 0) return;
  await dropTokens(client, partnerId, { keep: ['B', 'C'], fate: 'replaced' });
}
