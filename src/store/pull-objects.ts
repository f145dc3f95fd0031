import type { Pool } from 'pg';
import { MODULE_NUMBERS, type OwnedModule } from '../domain/visibility';
import type { ObjectKey } from './objects-types';
import { OWNED_OBJECTS, STORED_OF_PAGE } from './sql/pull-objects';
import { storedKey } from './stored-key';

/** What is stored of an object that a page brings. */
export interface StoredState {
  deleted: boolean;
  own: string;
  shown: string;
  /** A location's without evses and last_updated. */
  text: string;
  /** Of a location, by folded uid. */
  evses: ReadonlyMap<string, string>;
  /** It was changed here since the pull began. */
  changedSince: boolean;
}

interface Row {
  n: number;
  deleted: boolean;
  own: string;
  shown: string;
  text: string;
  evses: [string, string][] | null;
  changed_since: boolean;
}

/** The stored states of a page, in its order; undefined where there is none. `began`: of the pull. */
export async function storedOfPage(
  pool: Pool,
  keys: readonly ObjectKey[],
  began: string,
): Promise<(StoredState | undefined)[]> {
  const states: (StoredState | undefined)[] = keys.map(() => undefined);
  if (keys.length === 0) return states;
  const { rows } = await pool.query<Row>({ ...STORED_OF_PAGE, values: [keys.map(storedKey), began] });
  for (const { n, deleted, own, shown, text, evses, changed_since } of rows)
    states[n - 1] = { deleted, own, shown, text, evses: new Map(evses), changedSince: changed_since };
  return states;
}

/** An object of an owner, as far as it may be gone. */
export interface OwnedObject {
  head_id: string;
  /** As `storedKey`. */
  key: string;
  id: string;
  own: string;
  unchangedSince: boolean;
}

const BATCH = 5000;

/** All objects of an owner in creation order. `date_from`: only those last updated since. */
export async function* ownedObjects(
  pool: Pool,
  of: { module: OwnedModule; owner: number },
  pull: { began: string; date_from: string | null },
): AsyncGenerator<OwnedObject> {
  for (let after = '0', more = true; more;) {
    const values = [MODULE_NUMBERS[of.module], of.owner, after, BATCH, pull.began, pull.date_from];
    const { rows } = await pool.query<
      Omit<OwnedObject, 'id' | 'unchangedSince'> & { sent_id: string; unchanged_since: boolean }
    >({ ...OWNED_OBJECTS, values });
    for (const { sent_id: id, unchanged_since: unchangedSince, ...row } of rows)
      yield { ...row, id, unchangedSince };
    after = rows.at(-1)?.head_id ?? after;
    more = rows.length === BATCH;
  }
}
