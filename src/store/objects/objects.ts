import type { Pool } from 'pg';
import type { OwnedModuleDescriptor } from '../../ocpi/module';
import { fail } from '../../errors';
import { nothingYet } from '../write-lane/lane-object';
import { readPage, type Page, type PageQuestion } from './list';
import { wholeText, type StoredTexts } from './text';
import {
  type Decide,
  type NamedObject,
  type ObjectKey,
  type TransactOptions,
  canExist,
  storedKey,
} from './types';
import { WriteLane } from '../write-lane/write-lane';

/*
 * Every object that partners share, as it came. A head says which object it is and how far its state got; its text
 * is kept as it was sent, digits and unknown fields included; each EVSE of a location is a row of its own. All
 * writes go through the write lane; lists are read straight from the rows.
 */

export interface FoundObject {
  id: string;
  counterpart: number | null;
  /** The object as it goes out. */
  text: string;
}

interface FoundKey {
  key: string;
  owner: number;
  counterpart: number | null;
}

/** @throws what the decision throws for an object that does not exist; HubFault if it would make one */
async function decideOnNothing<T>(decide: Decide<T>): Promise<T> {
  const { answer, write } = decide(nothingYet());
  return write ? fail({ kind: 'HubFault' }) : answer;
}

/** The owned objects of the hub's own store: written through the write lane, read and listed as texts. */
export class Objects {
  private readonly lane: WriteLane;

  constructor(
    private readonly pool: Pool,
    onCommit: () => void,
  ) {
    this.lane = new WriteLane(pool, onCommit);
  }

  /** Reads, decides and writes as one; resolves with the decision's answer after the commit. */
  transact<T>(object: NamedObject, options: TransactOptions, decide: Decide<T>): Promise<T> {
    if (!canExist(object.key)) return decideOnNothing(decide);
    return this.lane.transact(object, options, decide);
  }

  async read(object: ObjectKey): Promise<FoundObject | undefined> {
    if (!canExist(object.key)) return undefined;
    const values = [storedKey(object)];
    const result = await this.pool.query<StoredTexts & { id: string; counterpart: number | null }>({
      ...READ_OBJECT,
      values,
    });
    const row = result.rows[0];
    return row && { id: row.id, counterpart: row.counterpart, text: wholeText(object.module, row) };
  }

  /** Owners and counterparts of the objects with this key, whoever owns them. `foldedId`: of a token the uid alone. */
  async find(
    module: OwnedModuleDescriptor,
    name: { foldedId: string; key: string },
  ): Promise<{ owner: number; counterpart: number | null }[]> {
    if (!canExist(name.key)) return [];
    const values = [module.number, name.foldedId];
    const { rows } = await this.pool.query<FoundKey>({ ...FIND_OBJECTS, values });
    return rows.filter(({ owner, key }) => key === storedKey({ module, owner, key: name.key }));
  }

  list(question: PageQuestion): Promise<Page> {
    return readPage(this.pool, question);
  }

  /** A batch is being written. */
  get isWriting(): boolean {
    return this.lane.isWriting;
  }

  close(): Promise<void> {
    return this.lane.close();
  }
}

/** One object by its key; its EVSEs as one JSON array in their order. $1 key */
export const READ_OBJECT = {
  name: 'read_object',
  text: `
    select h.id, s.shown_last_updated as shown, h.counterpart, t.text,
           (select json_agg(e.text order by e.place) from evse e where e.head_id = h.id) as evses
      from head h join head_state s on s.head_id = h.id join object_text t on t.head_id = h.id
     where h.key = $1 and not h.deleted`,
};

/** Objects of a module by folded id, whoever owns them; of tokens, of whatever type. $1 module, $2 id */
export const FIND_OBJECTS = {
  name: 'find_objects',
  text: `select key, owner, counterpart from head where upper(sent_id) = $2 and module = $1 and not deleted`,
};
