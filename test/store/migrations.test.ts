import { Client } from 'pg';
import { DataSource } from 'typeorm';
import { migrations } from '../../migrations';
import { openDatabase } from '../../src/store/database';
import { awaiting, eventually, push } from '../support/network';
import { testDatabase, type TestConnection } from '../support/test-database';
import { HistoricHub } from './historic-hub';

/* The schema, from the first migration to the last, on a database that was in use all the time. */

/** Applies the first so many migrations, as the release of that time did. */
async function migrateTo(connection: TestConnection, count: number): Promise<void> {
  const { user, ...place } = connection;
  const options = { type: 'postgres', username: user, ...place, installExtensions: false } as const;
  const dataSource = new DataSource({
    ...options,
    migrations: migrations.slice(0, count),
    migrationsTransactionMode: 'each',
  });
  await dataSource.initialize();
  await dataSource.runMigrations();
  await dataSource.destroy();
}

/** A new, empty database: without a single migration. */
async function emptyDatabase(): Promise<{ connection: TestConnection; sql: Client }> {
  const { connection } = await testDatabase();
  const sql = new Client(connection);
  await sql.connect();
  await sql.query('drop schema public cascade; create schema public');
  return { connection, sql };
}

describe('a database that was in use since the first migration', () => {
  let hub: HistoricHub;

  beforeAll(async () => {
    const { connection, sql } = await emptyDatabase();
    hub = await HistoricHub.on(connection, sql);
    for (let n = 1; n <= migrations.length; n++) {
      await migrateTo(connection, n);
      await hub.useSince(n);
    }
    await hub.start();
  });

  afterAll(() => hub.end());

  it('is served: partners by their old tokens, objects as they were sent', async () => {
    await hub.reconnect();
    for (const module of ['locations', 'tariffs', 'sessions', 'cdrs'] as const) {
      const { objects, totals } = await hub.emsp.listAll(module);
      expect(objects).toEqual(hub.objects[module]);
      expect(totals).toEqual([objects.length]);
    }
  });

  it('is pushed from where its receivers stood: what they lack, and CDRs that waited, once', async () => {
    const { emsp } = hub;
    const what = 'what was not pushed yet';
    await emsp.waitFor((p) => p.received.length >= 3, awaiting(what));
    await hub.inSync();
    const pushes = emsp.received.map(
      ({ method, path }) => `${method} ${path.split('/').slice(-3).join('/')}`,
    );
    expect(pushes.sort()).toEqual(['POST 2.2.1/receiver/cdrs', 'PUT BE/BEC/L1', 'PUT BE/BEC/S1']);
    expect(emsp.stored.get('locations/BE/BEC/L1')).toEqual(hub.objects.locations[0]);
    expect(emsp.stored.has('cdrs/BE/BEC/C2')).toBe(true);
  });

  it('goes on: an EVSE of an old location is patched and pushed', async () => {
    const body = { status: 'CHARGING', last_updated: '2026-02-01T00:00:00Z' };
    const answer = await push(hub.cpo, { method: 'PATCH', module: 'locations', path: '/BE/BEC/L1/E2' }, body);
    expect(answer).toMatchObject({ http: 200, status: 1000 });
    const arrived = (): boolean =>
      JSON.stringify(hub.emsp.stored.get('locations/BE/BEC/L1')).includes('CHARGING');
    await eventually(arrived, 'the new status');
  });

  it('keeps what was counted, handed out and learnt', async () => {
    expect(await hub.findings()).toMatchObject([{ module: 'locations', rule: 'old rule', count: 7 }]);
    expect(await hub.count('callback')).toBe(1);
    expect(await hub.count('known_route')).toBe(1);
    expect(await hub.count('failed_delivery')).toBe(1);
  });
});

describe('entities and migrations', () => {
  /** TypeORM has no name for xid8 (entities/feed.ts). */
  const XID8 = [
    `ALTER TABLE "change" DROP CONSTRAINT "change_pkey"`,
    `ALTER TABLE "change" ADD CONSTRAINT "change_pkey" PRIMARY KEY ("number")`,
    `ALTER TABLE "change" DROP COLUMN "xid"`,
    `ALTER TABLE "change" ADD "xid" bigint NOT NULL DEFAULT pg_current_xact_id()`,
    `ALTER TABLE "change" DROP CONSTRAINT "change_pkey"`,
    `ALTER TABLE "change" ADD CONSTRAINT "change_pkey" PRIMARY KEY ("number", "xid")`,
    `ALTER TABLE "position" DROP COLUMN "xid"`,
    `ALTER TABLE "position" ADD "xid" bigint NOT NULL`,
    `ALTER TABLE "position" DROP COLUMN "full_push_since"`,
    `ALTER TABLE "position" ADD "full_push_since" bigint`,
    `ALTER TABLE "pull_state" DROP COLUMN "began_xid"`,
    `ALTER TABLE "pull_state" ADD "began_xid" bigint`,
  ];
  /** Entities tell columns and keys; indexes, references, checks and unique constraints are the migrations' alone. */
  const MIGRATIONS_ALONE =
    /^(DROP INDEX "public"\."\w+"|ALTER TABLE "\w+" DROP CONSTRAINT "\w+_(fkey|check|key)")$/;
  /** Read and written by plain SQL alone. */
  const WITHOUT_ENTITY = ['client_info_position', 'former_token', 'migrations', 'partner_contact'];

  it('say the same of columns and keys', async () => {
    const { connection } = await testDatabase();
    const { dataSource, close } = await openDatabase(connection, 2);
    const { upQueries } = await dataSource.driver.createSchemaBuilder().log();
    await close();
    const differences = upQueries.map(({ query }) => query).filter((query) => !MIGRATIONS_ALONE.test(query));
    expect(differences).toEqual(XID8);
  });

  it('know the same tables', async () => {
    const { connection } = await testDatabase();
    const { dataSource, close } = await openDatabase(connection, 2);
    const rows: { table: string }[] = await dataSource.query(
      `select table_name as table from information_schema.tables where table_schema = 'public' order by 1`,
    );
    const entities = new Set(dataSource.entityMetadatas.map(({ tableName }) => tableName));
    await close();
    expect(rows.map(({ table }) => table).filter((table) => !entities.has(table))).toEqual(WITHOUT_ENTITY);
  });
});
