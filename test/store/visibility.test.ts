import { Pool } from 'pg';
import { CONNECTION_STATES, ROLES, type Party } from '../../src/domain/party';
import { maySee, visibleSet } from '../../src/domain/visibility';
import { ownedModules } from '../../src/ocpi/versions';
import { LIST_PAGE } from '../../src/store/objects/list';
import { IN_LEVELS } from '../../src/store/objects/text';
import { testDatabase } from '../support/test-database';

let pool: Pool;
const parties: Party[] = [];

const pick = <T>(values: readonly T[], i: number): T => values[i % values.length] as T;

beforeAll(async () => {
  pool = new Pool((await testDatabase()).connection);
  await pool.query(
    `insert into partner (id, name) select gen_random_uuid(), 'p' || n from generate_series(1, 8) n`,
  );
  const partners = (await pool.query<{ id: string }>('select id from partner order by name')).rows.map(
    (r) => r.id,
  );
  for (let i = 0; i < 40; i++) {
    const roles = i % 7 === 0 ? [pick(ROLES, i), pick(ROLES, i + 3)] : [pick(ROLES, i)];
    const status = i % 5 === 0 ? pick(CONNECTION_STATES, i / 5) : 'CONNECTED';
    const partner = i % 11 === 0 ? null : pick(partners, i);
    const row = await pool.query<{ number: number }>(
      `insert into party (country_code, party_id, partner_id, roles, status) values ('NL', $1, $2, $3, $4) returning number`,
      [`P${i}`, partner, roles, status],
    );
    parties.push({
      number: row.rows[0]?.number ?? 0,
      country_code: 'NL',
      party_id: `P${i}`,
      roles,
      status,
      partner,
    });
  }
  for (let i = 0; i < 2000; i++) {
    const module = pick(ownedModules, i);
    const counterpart = module.sharing.concernsOne ? pick(parties, i * 7 + 3).number : null;
    const made = await pool.query<{ id: string }>(
      `with h as (insert into head (module, owner, key, sent_id, counterpart) values ($1, $2, $3::text, $3, $4) returning *)
       insert into head_state (head_id, version, last_updated, owner, counterpart, module, own_last_updated, shown_last_updated)
       select id, 1, now(), owner, counterpart, module, 'x', 'x' from h returning head_id as id`,
      [module.number, pick(parties, i * 13).number, `o${i}`, counterpart],
    );
    await pool.query(`insert into object_text values ($1, '{}')`, [made.rows[0]?.id]);
  }
});

afterAll(() => pool.end());

test('the rule in memory and the rule in SQL show every party the same objects', async () => {
  const heads = (
    await pool.query<{ id: string; module: number; owner: number; counterpart: number | null }>(
      'select id, module, owner, counterpart from head order by id',
    )
  ).rows;
  let shown = 0;
  for (const viewer of parties) {
    for (const module of ownedModules) {
      const set = visibleSet(viewer, module, parties);
      const values = [module.number, set.owners, set.concerning, set.viewer, '0', 0, 5000, IN_LEVELS];
      const listed = (await pool.query<{ id: string }>({ ...LIST_PAGE, values })).rows.map((r) => r.id);
      const seen = heads.filter((head) => {
        const owner = parties.find((p) => p.number === head.owner);
        return (
          head.module === module.number &&
          owner &&
          maySee(viewer, { module, owner, counterpart: head.counterpart })
        );
      });
      expect(listed).toEqual(seen.map((h) => h.id));
      shown += listed.length;
    }
  }
  expect(shown).toBeGreaterThan(1000);
});
