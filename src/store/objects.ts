import type { Pool } from 'pg';
import { MODULE_NUMBERS, type OwnedModule } from '../domain/visibility';
import { readPage, type Page, type PageQuestion } from './lists';
import { wholeText, type StoredObject } from './object-text';
import type { Decide, NamedObject, ObjectKey, TransactOptions } from './objects-types';
import { storedKey } from './stored-key';
import { FIND_OBJECTS, READ_OBJECT } from './sql/read-object';
import { WriteLane } from './write-lane';

export interface FoundObject {
  id: string;
  counterpart: number | null;
  /** The object as it goes out. */
  text: string;
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
    return this.lane.transact(object, options, decide);
  }

  async read(object: ObjectKey): Promise<FoundObject | undefined> {
    const values = [storedKey(object)];
    const result = await this.pool.query<StoredObject & { id: string; counterpart: number | null }>({
      ...READ_OBJECT,
      values,
    });
    const row = result.rows[0];
    return row && { id: row.id, counterpart: row.counterpart, text: wholeText(object.module, row) };
  }

  /** Owners and counterparts of the objects with this id, whoever owns them. */
  async find(
    module: OwnedModule,
    foldedId: string,
  ): Promise<{ owner: number; counterpart: number | null }[]> {
    const values = [MODULE_NUMBERS[module], foldedId];
    return (await this.pool.query<{ owner: number; counterpart: number | null }>({ ...FIND_OBJECTS, values }))
      .rows;
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
