import { createHash } from 'node:crypto';
import type { Pool } from 'pg';

/*
 * What a receiver accepted and the hub could not keep: the partners hold it, the hub's copy is another one or none. Each
 * is a row, until an admin settles it. The same content again only counts.
 */

export interface NotKeptObject {
  partner_id: string;
  /** Numbers. */
  module: number;
  owner: number;
  receiver: number;
  object_id: string;
  /** Of the message: what a PATCH offers is no whole object. */
  method: string;
  /** Why, in words. */
  rule: string;
  /** The text that the receiver accepted. */
  offered: string;
  correlation_id: string;
}

export interface NotKeptRow extends Omit<NotKeptObject, 'offered'> {
  id: string;
  offered: string | null;
  count: number;
  first_at: Date;
  at: Date;
  state: 'not_kept' | 'settled';
  kept: 'stored' | 'offered' | null;
  reason: string | null;
  settled_at: Date | null;
}

/** Longer texts are not kept: what differs is in the rule. */
const LONGEST_TEXT = 1024 * 1024;
const LONGEST = 255;
/** Of one partner. */
const MOST = 10_000;
const SHOWN = 1000;

const COLUMNS = `id::text as id, partner_id, module, owner, receiver, object_id, method, rule, offered, count, correlation_id,
  first_at, at, state, kept, reason, settled_at`;

/** PostgreSQL has no place for U+0000 in a text. */
const storable = (text: string, longest = LONGEST): string => text.replaceAll('\0', '').slice(0, longest);

export class NotKept {
  constructor(private readonly pool: Pool) {}

  /** Records one, or counts it once more. What was settled with this content stays settled. */
  async record(object: NotKeptObject): Promise<void> {
    const { partner_id, module, owner, receiver, method, offered, correlation_id } = object;
    const hash = createHash('sha256').update(offered).digest('base64url');
    await this.pool.query(
      `insert into not_kept as n (partner_id, module, owner, receiver, object_id, method, rule, offered, offered_hash, correlation_id)
       select p.id, $2, $3, $4, $5, $6, $7, $8, $9, $10 from partner p
        where p.id = $1 and (select count(*) from not_kept k where k.partner_id = p.id) < ${MOST}
       on conflict (partner_id, module, owner, receiver, object_id, offered_hash) do update
         set count = n.count + 1, at = now(), rule = excluded.rule, correlation_id = excluded.correlation_id`,
      [
        ...[
          partner_id,
          module,
          owner,
          receiver,
          storable(object.object_id),
          method,
          storable(object.rule, 2000),
        ],
        ...[offered.length > LONGEST_TEXT ? null : storable(offered, LONGEST_TEXT), hash, correlation_id],
      ],
    );
  }

  /** The newest first, of a partner or of all. */
  async list(state: NotKeptRow['state'], partnerId: string | undefined): Promise<NotKeptRow[]> {
    const { rows } = await this.pool.query<NotKeptRow>(
      `select ${COLUMNS} from not_kept where state = $1 and ($2::uuid is null or partner_id = $2)
        order by not_kept.id desc limit ${SHOWN}`,
      [state, partnerId],
    );
    return rows;
  }

  async find(id: string): Promise<NotKeptRow | undefined> {
    if (!/^\d{1,18}$/.test(id)) return undefined;
    const { rows } = await this.pool.query<NotKeptRow>(`select ${COLUMNS} from not_kept where id = $1`, [id]);
    return rows[0];
  }

  /** @returns whether it was open until now */
  async settle(
    id: string,
    how: { kept: 'stored' | 'offered'; reason: string | undefined },
  ): Promise<boolean> {
    const { rowCount } = await this.pool.query(
      `update not_kept set state = 'settled', kept = $2, reason = $3, settled_at = now()
        where id = $1 and state = 'not_kept'`,
      [id, how.kept, how.reason],
    );
    return rowCount === 1;
  }
}
