import type { Pool } from 'pg';
import * as sql from './sql';
import { canExist } from '../objects/types';

/** `reservation`: of an eMSP's RESERVE_NOW, the CPO. `profile setter`: of a CPO's session, who last set a profile. */
export type RouteKind = 'reservation' | 'profile setter';

export interface KnownRoute {
  kind: RouteKind;
  /** The party that will ask. */
  party: number;
  /** Folded reservation_id or session id. */
  subject: string;
}

/** Whom later requests are for, as learnt from earlier ones (semantics 29). */
export class KnownRoutes {
  constructor(private readonly pool: Pool) {}

  async remember(route: KnownRoute, receiver: number, until: Date): Promise<void> {
    const key = [route.kind, route.party, route.subject, receiver];
    if (route.kind === 'profile setter') await this.pool.query({ ...sql.FORGET_OTHER_ROUTES, values: key });
    await this.pool.query({ ...sql.PUT_ROUTE, values: [...key, until] });
  }

  /** The parties' numbers: none, one, or several where it is not clear. */
  async find(route: KnownRoute): Promise<number[]> {
    if (!canExist(route.subject)) return [];
    const values = [route.kind, route.party, route.subject];
    const { rows } = await this.pool.query<{ receiver: number }>({ ...sql.FIND_ROUTES, values });
    return rows.map((row) => row.receiver);
  }
}
