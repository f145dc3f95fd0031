import { Pool, type PoolConfig } from 'pg';
import { takeWhole } from '../../src/hub/objects/decide-flat';
import { sessions } from '../../src/ocpi/v2_2_1/sessions/module';
import { Objects } from '../../src/store/objects/objects';

/** A session that another process writes, and where. */
export interface OtherWrite {
  connection: PoolConfig;
  owner: number;
  id: string;
  last_updated: string;
}

/** How long it waits for an object that somebody holds. */
const LOCK_TIMEOUT = '-c lock_timeout=200';

/** Of PostgreSQL for a lock that was not had in time; else the error as it is. */
const codeOf = (error: unknown): string =>
  error instanceof Error && 'code' in error ? String(error.code) : String(error);

/** A program that writes one session as another hub on the database does; prints `stored`, or why it is not. */
async function main({ connection, owner, id, last_updated }: OtherWrite): Promise<void> {
  const pool = new Pool({ ...connection, options: LOCK_TIMEOUT });
  const objects = new Objects(pool, () => undefined);
  const said = await objects
    .transact({ module: sessions, owner, key: id, id }, { wantText: false, correlation_id: 'o' }, (current) =>
      takeWhole(JSON.stringify({ id, last_updated }), {}, current),
    )
    .then(() => 'stored', codeOf);
  console.log(said);
  await objects.close();
  await pool.end();
}

void main(JSON.parse(process.argv[2] ?? '{}') as OtherWrite);
