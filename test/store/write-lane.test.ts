import { Pool } from 'pg';
import { stringValue } from '../../src/domain/json/json-text';
import { locations } from '../../src/ocpi/v2_2_1/locations/module';
import { sessions } from '../../src/ocpi/v2_2_1/sessions/module';
import { tokens } from '../../src/ocpi/v2_2_1/tokens/module';
import { cutLocation, mergeEvse, putLocation, takeEvse } from '../../src/hub/objects/decide-location';
import { takeWhole } from '../../src/hub/objects/decide-flat';
import { Objects } from '../../src/store/objects/objects';
import type { NamedObject, TransactOptions } from '../../src/store/objects/types';
import { testDatabase } from '../support/test-database';

let pools: Pool[];
let lanes: Objects[];
let owner: number;

/** Two lanes on pools of their own: as two processes on one database. */
beforeAll(async () => {
  const { connection } = await testDatabase();
  pools = [new Pool(connection), new Pool(connection)];
  lanes = pools.map((pool) => new Objects(pool, () => undefined));
  const row = await pools[0]?.query<{ number: number }>(
    `insert into party (country_code, party_id) values ('BE', 'BEC') returning number`,
  );
  owner = row?.rows[0]?.number ?? 0;
});

afterAll(async () => {
  await Promise.all(lanes.map((lane) => lane.close()));
  await Promise.all(pools.map((pool) => pool.end()));
});

const lane = (i: number): Objects => lanes[i % 2] ?? (lanes[0] as Objects);
const options = (wantEvse?: string): TransactOptions => ({
  wantText: false,
  wantEvse,
  correlation_id: 'c',
});
const location = (id: string): NamedObject => ({ module: locations, owner, key: id, id });
const UIDS = ['E1', 'E2', 'E3', 'E4'];

const locationText = (mark: number): string =>
  JSON.stringify({
    id: 'L',
    name: `mark ${mark}`,
    evses: UIDS.map((uid) => ({
      uid,
      physical_reference: `mark ${mark}`,
      status: 'AVAILABLE',
      last_updated: '2026-01-01T00:00:00Z',
    })),
    last_updated: '2026-01-01T00:00:00Z',
  });

const put = (i: number, id: string): Promise<unknown> => {
  const parts = cutLocation(locationText(i));
  return lane(i).transact(location(id), options('*'), (current) => putLocation(parts, current));
};

const patch = (i: number, id: string): Promise<unknown> => {
  const uid = UIDS[i % 4] ?? 'E1';
  const body = JSON.stringify({
    status: i % 3 === 0 ? 'CHARGING' : 'BLOCKED',
    last_updated: '2026-01-01T00:00:00Z',
  });
  return lane(i + 1).transact(location(id), options(uid), (current) => {
    const evse = current.evses.get(uid);
    return takeEvse(mergeEvse(evse?.text ?? '{}', body), uid, current);
  });
};

test('EVSE PATCHes through two processes against PUTs of their location leave no mixture', async () => {
  for (let round = 0; round < 8; round++) {
    const id = `MIX${round}`;
    await put(0, id);
    const writes = Array.from({ length: 120 }, (_, i) => (i % 4 === 0 ? put(i, id) : patch(i, id)));
    await Promise.all(writes);
    const found = await lane(0).read(location(id));
    const stored = JSON.parse(found?.text ?? '{}') as {
      name: string;
      evses: { physical_reference: string }[];
    };
    expect(stored.evses.map((e) => e.physical_reference)).toEqual(UIDS.map(() => stored.name));
  }
});

test('every write raises the version once, and leaves one change row', async () => {
  await put(0, 'COUNT');
  await Promise.all(Array.from({ length: 100 }, (_, i) => patch(i, 'COUNT')));
  const result = await pools[0]?.query(
    `select s.version::int, (select count(*)::int from change c where c.head_id = h.id) as changes from head h join head_state s on s.head_id = h.id where sent_id = 'COUNT'`,
  );
  const { version, changes } = (result?.rows[0] ?? {}) as { version: number; changes: number };
  expect(changes).toBe(101);
  expect(version).toBeLessThanOrEqual(101);
});

test('a write that the database refuses fails alone, the others of its batch are stored', async () => {
  const token = (id: string, text: string): Promise<unknown> =>
    lane(0).transact({ module: tokens, owner, key: id, id }, options(), (current) =>
      takeWhole(text, {}, current),
    );
  const bad = lane(0).transact({ module: tokens, owner: 987654, key: 'X', id: 'X' }, options(), (current) =>
    takeWhole('{"last_updated":"2026-01-01T00:00:00Z"}', {}, current),
  );
  const good = Array.from({ length: 20 }, (_, i) =>
    token(`T${i}`, '{"last_updated":"2026-01-01T00:00:00Z"}'),
  );
  await expect(bad).rejects.toThrow();
  await expect(Promise.all(good)).resolves.toHaveLength(20);
  expect((await lane(1).read({ module: tokens, owner, key: 'T19' }))?.text).toBeDefined();
});

test('the counts that lists show fit the rows, whatever was made, deleted and moved', async () => {
  const session = (i: number, counterpart: number): Promise<unknown> =>
    lane(i).transact({ module: sessions, owner, key: `S${i}`, id: `S${i}` }, options(), (current) =>
      takeWhole('{"last_updated":"2026-01-01T00:00:00Z"}', { counterpart }, current),
    );
  const others = await pools[0]?.query<{ number: number }>(
    `insert into party (country_code, party_id) values ('NL', 'A'), ('NL', 'B') returning number`,
  );
  const [a, b] = others?.rows.map((r) => r.number) ?? [];
  await Promise.all(Array.from({ length: 30 }, (_, i) => session(i, a ?? 0)));
  await Promise.all(Array.from({ length: 10 }, (_, i) => session(i, b ?? 0)));
  const result = await pools[0]?.query(
    `select module, owner, coalesce(counterpart, 0) as counterpart, count(*)::int as count from head where not deleted group by 1, 2, 3
     except select module, owner, counterpart, count::int from object_count`,
  );
  expect(result?.rows).toEqual([]);
});

test('an EVSE that is pushed raises what its location shows, and never lowers it', async () => {
  await put(0, 'RAISE');
  const at = (last_updated: string): Promise<unknown> =>
    lane(0).transact(location('RAISE'), options('E1'), (current) =>
      takeEvse(JSON.stringify({ uid: 'E1', last_updated }), 'E1', current),
    );
  await at('2026-05-01T00:00:00Z');
  const raised = await lane(0).read(location('RAISE'));
  expect(stringValue(raised?.text ?? '{}', 'last_updated')).toBe('2026-05-01T00:00:00Z');
  await put(1, 'RAISE');
  const kept = await lane(0).read(location('RAISE'));
  expect(stringValue(kept?.text ?? '{}', 'last_updated')).toBe('2026-05-01T00:00:00Z');
  expect(kept?.text).toContain('{"uid":"E1","last_updated":"2026-05-01T00:00:00Z"}');
});
