import type { ReceiverAnswer } from '../../domain/push-verdict';
import type { Pool, QueryConfig, QueryResult, QueryResultRow } from 'pg';
import { numbersOf } from '../../ocpi/versions';
import { within } from '../bounded-client';
import { IN_LEVELS } from '../objects/text';
import * as sql from './sql';

/*
 * What the feed keeps: the change log, the position of each receiver in it, the states that are pushed, and the failed
 * deliveries. A position is the pair (transaction id, number): only what is committed below the horizon is ever read.
 */

/** Modules whose objects concern one party. */
const FOR_ONE = numbersOf(({ sharing }) => sharing.concernsOne);

/** A place in the change log: everything up to and including it is passed. */
export interface Position {
  xid: number;
  number: number;
}

export interface Change extends Position {
  /** null: all objects of the owner. */
  head_id: string | null;
  version: number;
  owner: number;
  /** Only for this party: sent again by an admin. */
  receiver: number | null;
  module: number;
  /** Of a location: an EVSE's key, or an EVSE's and a connector's; null for the whole object. */
  part: string | null;
  correlation_id: string;
  counterpart: number | null;
}

export interface HeadRow {
  head_id: string;
  version: number;
  module: number;
  owner: number;
  counterpart: number | null;
}

export interface ReceiverRow {
  receiver: number;
  partner_id: string;
  position: Position;
  /** Creation number up to which a full push is done; null where none is under way. */
  full_push: string | null;
  fence: string;
  last_success: Date | null;
  /** The transaction up to which it had passed everything when its full push was asked for. */
  full_push_since: string | null;
}

export interface SavedPosition {
  receiver: number;
  position: Position;
  full_push: string | null;
  fence: string;
  last_success: Date | null;
}

/** The state of an object or EVSE at the moment of reading. */
export interface StateRow {
  version: number;
  deleted: boolean;
  sent_id: string;
  shown: string;
  text: string | null;
  evses: string[] | null;
}

/** A database that stopped answering is asked again on another connection. */
const ANSWER_MS = 10_000;

type Raw<T> = { [K in keyof T]: T[K] extends number ? string | number : T[K] };

/** Orders positions. */
export function comparePositions(a: Position, b: Position): number {
  return a.xid - b.xid || a.number - b.number;
}

/** The change log and the receivers' positions in it. */
export class FeedStore {
  constructor(private readonly pool: Pool) {}

  async changesAfter(position: Position, limit: number): Promise<Change[]> {
    const result = await this.ask<Raw<Change> & { module: number; owner: number }>({
      ...sql.READ_CHANGES,
      values: [String(position.xid), position.number, limit],
    });
    return result.rows.map((row) => ({
      ...row,
      xid: Number(row.xid),
      number: Number(row.number),
      version: Number(row.version),
    }));
  }

  /** The position behind which everything that is not committed yet will come. */
  async horizon(): Promise<Position> {
    const row = (await this.ask<{ xid: string }>(sql.READ_HORIZON)).rows[0];
    return { xid: Number(row?.xid ?? 0), number: 0 };
  }

  /** States in the order asked; undefined where head or EVSE is gone. */
  async states(
    asked: readonly { head_id: string; evse: string | null }[],
  ): Promise<(StateRow | undefined)[]> {
    const result = await this.ask<Raw<StateRow> & { n: string; evses: string[] | null; deleted: boolean }>({
      ...sql.READ_STATES,
      values: [asked.map((a) => a.head_id), asked.map((a) => a.evse), IN_LEVELS],
    });
    const states: (StateRow | undefined)[] = asked.map(() => undefined);
    for (const row of result.rows) states[Number(row.n) - 1] = { ...row, version: Number(row.version) };
    return states;
  }

  async walkHeads(question: {
    after: string;
    modules: readonly number[];
    owners: readonly number[];
    counterpart: number | null;
    since: Date | null;
    passed: string | null;
    limit: number;
  }): Promise<HeadRow[]> {
    const { after, modules, owners, counterpart, since, passed, limit } = question;
    const values = [after, modules, owners, counterpart, since ?? '-infinity', limit, passed, FOR_ONE];
    const result = await this.ask<Raw<HeadRow> & { module: number; owner: number }>({
      ...sql.WALK_HEADS,
      values,
    });
    return result.rows.map((row) => ({ ...row, version: Number(row.version) }));
  }

  async positions(partners: readonly string[]): Promise<ReceiverRow[]> {
    const result = await this.ask<Omit<ReceiverRow, 'position'> & { xid: string; number: string }>({
      ...sql.READ_POSITIONS,
      values: [partners],
    });
    return result.rows.map(({ xid, number, ...row }) => ({
      ...row,
      position: { xid: Number(xid), number: Number(number) },
    }));
  }

  /** Saves together; answers the receivers whose position was still ours. */
  async savePositions(rows: readonly SavedPosition[], holder: string): Promise<number[]> {
    if (rows.length === 0) return [];
    const result = await this.ask<{ receiver: number }>({
      ...sql.SAVE_POSITIONS,
      values: [
        rows.map((r) => r.receiver),
        rows.map((r) => String(r.position.xid)),
        rows.map((r) => r.position.number),
        rows.map((r) => r.full_push),
        rows.map((r) => r.fence),
        rows.map((r) => r.last_success),
        holder,
      ],
    });
    return result.rows.map((row) => row.receiver);
  }

  async saveError(receiver: number, error: string): Promise<void> {
    await this.ask({ ...sql.SAVE_ERROR, values: [receiver, error] });
  }

  /** The receiver gets the current state of an object once more, by whoever leases its platform. */
  async sendAgain(receiver: number, head_id: string): Promise<void> {
    await this.ask({ ...sql.SEND_AGAIN, values: [receiver, head_id] });
  }

  async saveFailedDelivery(failed: {
    receiver: number;
    head_id: string;
    part: string;
    attempts: number;
    error: string;
    told: ReceiverAnswer | undefined;
  }): Promise<void> {
    const { receiver, head_id, part, attempts, error, told } = failed;
    await this.ask({ ...sql.SAVE_FAILED_DELIVERY, values: [receiver, head_id, part, attempts, error, told] });
  }

  /** Heads with a failed delivery, per receiver that has any. */
  async failedDeliveries(receivers: readonly number[]): Promise<Map<number, Set<string>>> {
    const result = await this.ask<{ receiver: number; heads: string[] }>({
      ...sql.READ_FAILED_DELIVERIES,
      values: [receivers],
    });
    return new Map(result.rows.map(({ receiver, heads }) => [receiver, new Set(heads)]));
  }

  async clearFailedDelivery(receiver: number, head_id: string): Promise<void> {
    await this.ask({ ...sql.CLEAR_FAILED_DELIVERY, values: [receiver, head_id] });
  }

  private ask<T extends QueryResultRow>(question: QueryConfig): Promise<QueryResult<T>> {
    return this.pool.query<T>(within(ANSWER_MS, question));
  }
}
