import type { Pool } from 'pg';

/*
 * How far each partner knows the ClientInfo of the others, kept over restarts.
 */

/** Up to which version of the registry each partner knows the ClientInfo of the others. */
export class ClientInfoPositions {
  constructor(private readonly pool: Pool) {}

  async positions(partners: readonly string[]): Promise<Map<string, number>> {
    const { rows } = await this.pool.query<{ partner_id: string; version: string }>({
      name: 'client_info_positions',
      text: `select partner_id, version::text as version from client_info_position where partner_id = any($1::uuid[])`,
      values: [partners],
    });
    return new Map(rows.map((row) => [row.partner_id, Number(row.version)]));
  }

  /** Saves together. A version never goes back: a worker that slept saves what is true, if old. */
  async save(positions: ReadonlyMap<string, number>): Promise<void> {
    await this.pool.query({
      name: 'save_client_info_positions',
      text: `update client_info_position p set version = i.version
               from unnest($1::uuid[], $2::bigint[]) as i(partner_id, version)
              where p.partner_id = i.partner_id and p.version < i.version`,
      values: [[...positions.keys()], [...positions.values()]],
    });
  }
}
