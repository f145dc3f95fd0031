import {
  cdr,
  CPO,
  EMSP,
  eventually,
  evse,
  inSync,
  location,
  party,
  push,
  session,
  startNetwork,
  tariff,
  token,
  type Fields,
  type JoinOptions,
  type Joined,
  type Network,
} from '../support/network';
import {
  own,
  pagesAskedOf,
  pullAgain as again,
  pulled as waited,
  pullsOf,
  type PullItem,
} from '../support/pulls';

/* The worker pulls what partners list; on real sockets, from simulated platforms. */

let network: Network;
let emsp: Joined;

beforeEach(async () => {
  network = await startNetwork();
  emsp = await network.join({ parties: [EMSP] });
});

afterEach(() => network.stop());

async function findingsOf(partner: string): Promise<Record<string, unknown>[]> {
  const { json } = await network.hub.admin('GET', `/partners/${partner}/findings`);
  return json.items as Record<string, unknown>[];
}

const pulled = (partner: string): Promise<Map<string, PullItem>> => waited(network.hub.admin, partner);
const pullAgain = (partner: string, wish: Fields = {}): Promise<Map<string, PullItem>> =>
  again(network.hub.admin, partner, wish);
const itemsOf = async (partner: string): Promise<PullItem[]> =>
  (await pullsOf(network.hub.admin, partner)).items;

const joinCpo = (fill: (platform: Joined) => void, options: Partial<JoinOptions> = {}): Promise<Joined> =>
  network.join({ parties: [CPO], ...options, before: (platform) => fill(platform as Joined) });

const ids = (prefix: string, n: number): string[] => Array.from({ length: n }, (_, i) => `${prefix}${i}`);

async function rows(sql: string): Promise<Record<string, unknown>[]> {
  return (await network.hub.context.database.pool.query<Record<string, unknown>>(sql)).rows;
}

const written = (): Promise<Record<string, unknown>[]> =>
  rows(`select head_id, version, xmin::text from head_state order by head_id`);

test('a partner that registers is pulled at once, party by party and page by page, and the others get it all', async () => {
  const cpo = await joinCpo((platform) => {
    own(platform, 'locations', ...ids('LOC', 120).map((id) => location(id)));
    own(platform, 'tariffs', tariff('T1'));
    own(platform, 'sessions', session('S1'));
    own(platform, 'cdrs', cdr('C1'));
  });
  const items = await pulled(cpo.partnerId);
  expect(items.get('locations')).toMatchObject({
    party: 'BE/BEC',
    kind: 'full',
    pages: 3,
    objects: 120,
    stored: 120,
    unchanged: 0,
    refused: 0,
  });
  await inSync(network.hub);
  expect([...emsp.stored.keys()].filter((key) => key.startsWith('locations/'))).toHaveLength(120);
  for (const key of ['tariffs/BE/BEC/T1', 'sessions/BE/BEC/S1', 'cdrs/BE/BEC/C1'])
    expect([key, emsp.stored.has(key)]).toEqual([key, true]);
  const [first, second] = pagesAskedOf(cpo, 'locations');
  expect(first?.query).toEqual({ limit: '1000' });
  expect(second?.query.offset).toBe('50');
  const { headers = {} } = first ?? {};
  expect([headers['ocpi-to-party-id'], headers['ocpi-from-party-id']]).toEqual(['BEC', 'HUB']);
  expect(pagesAskedOf(cpo, 'sessions').map((r) => r.query.date_from)).toEqual(['1970-01-01T00:00:00Z']);
  expect([...items.keys()].sort()).toEqual(['cdrs', 'locations', 'sessions', 'tariffs']);
});

test('tokens are pulled of eMSPs, each type apart', async () => {
  const other = await network.join({
    parties: [party('EMSP', 'DE', 'DEM')],
    before: (platform) => {
      const of = { country_code: 'DE', party_id: 'DEM' };
      own(platform, 'tokens', token('U1', of), token('U1', { ...of, type: 'APP_USER' }));
    },
  });
  expect((await pulled(other.partnerId)).get('tokens')).toMatchObject({ objects: 2, stored: 2 });
});

test('nothing is written when nothing changed, though EVSEs raised what the location shows', async () => {
  const cpo = await joinCpo((platform) => {
    own(platform, 'locations', location('LOC1'), location('LOC2'));
    own(platform, 'tariffs', tariff('T1'));
    own(platform, 'cdrs', cdr('C1'));
    own(platform, 'sessions', session('S1'));
  });
  await pulled(cpo.partnerId);
  const at = '2026-02-01T00:00:00Z';
  const patch = { method: 'PATCH' as const, module: 'locations', path: '/BE/BEC/LOC1/E1' };
  await push(cpo, patch, { status: 'CHARGING', last_updated: at });
  const raised = location('LOC1');
  raised.evses = [evse('E1', { status: 'CHARGING', last_updated: at }), evse('E2')];
  own(cpo, 'locations', { ...raised, last_updated: at });
  const before = await written();
  const items = await pullAgain(cpo.partnerId, { kind: 'full' });
  expect([...items.values()].map((i) => [i.module, i.unchanged, i.stored, i.refused])).toEqual([
    ['locations', 2, 0, 0],
    ['tariffs', 1, 0, 0],
    ['sessions', 1, 0, 0],
    ['cdrs', 1, 0, 0],
  ]);
  expect(await written()).toEqual(before);
});

test('a delta asks for what changed since five minutes before the last pull began, and takes EVSEs that were missed', async () => {
  const cpo = await joinCpo((platform) => own(platform, 'locations', location('LOC1'), location('LOC2')));
  const first = (await pulled(cpo.partnerId)).get('locations');
  const now = new Date().toISOString();
  const missed = location('LOC1');
  missed.evses = [evse('E1', { status: 'BLOCKED', last_updated: now }), evse('E2')];
  own(cpo, 'locations', { ...missed, last_updated: now });
  const second = (await pullAgain(cpo.partnerId, { module: 'locations' })).get('locations');
  expect(second).toMatchObject({ kind: 'delta', objects: 1, stored: 1 });
  const from = Date.parse(pagesAskedOf(cpo, 'locations').at(-1)?.query.date_from ?? '');
  const began = Date.parse(first?.started_at ?? '');
  expect(began - from).toBeGreaterThanOrEqual(300_000);
  expect(began - from).toBeLessThan(310_000);
  await inSync(network.hub);
  expect(JSON.stringify(emsp.stored.get('locations/BE/BEC/LOC1'))).toContain('BLOCKED');
});

test('an EVSE that was pushed after the pulled location was read is not taken for gone', async () => {
  const cpo = await joinCpo((platform) => own(platform, 'locations', location('LOC1')));
  await pulled(cpo.partnerId);
  const at = '2026-05-01T00:00:00Z';
  await push(
    cpo,
    { method: 'PUT', module: 'locations', path: '/BE/BEC/LOC1/E9' },
    evse('E9', { last_updated: at }),
  );
  own(cpo, 'locations', location('LOC1', { last_updated: '2026-04-01T00:00:00Z', fields: { name: 'new' } }));
  await pullAgain(cpo.partnerId, { kind: 'full', module: 'locations' });
  await inSync(network.hub);
  const shown = emsp.stored.get('locations/BE/BEC/LOC1') as { name: string; evses: { uid: string }[] };
  expect([shown.name, shown.evses.map((e) => e.uid)]).toEqual(['new', ['E1', 'E2', 'E9']]);
});

test('good objects of a bad page are kept, bad ones are findings under strict, with their rule', async () => {
  const cpo = await joinCpo((platform) => {
    own(platform, 'locations', location('LOC1'), location('BAD', { fields: { country: 'Belgium' } }));
    own(platform, 'locations', location('XX', { fields: { party_id: 'ZZZ' } }), location('LOC2'));
    own(
      platform,
      'cdrs',
      cdr('C1', {
        cdr_token: { country_code: 'FR', party_id: 'XXX', uid: '1', type: 'RFID', contract_id: 'C' },
      }),
    );
  });
  const items = await pulled(cpo.partnerId);
  expect(items.get('locations')).toMatchObject({ objects: 3, stored: 2, refused: 2 });
  expect(items.get('cdrs')).toMatchObject({ stored: 0, refused: 1 });
  const found = (await findingsOf(cpo.partnerId)).map((f) => [f.module, f.path, f.count, f.example_id]);
  expect(found).toContainEqual(['locations', '$.country', 1, 'BAD']);
  expect(found).toContainEqual(['locations', '$.party_id', 1, 'XX']);
  expect(found).toContainEqual(['cdrs', '$.cdr_token', 1, 'C1']);
  await inSync(network.hub);
  expect([...emsp.stored.keys()].filter((key) => key.startsWith('locations/')).sort()).toEqual([
    ...['locations/BE/BEC/LOC1', 'locations/BE/BEC/LOC2'],
  ]);
});

test('a lenient partner may list bare arrays with a byte order mark and objects that break the definitions', async () => {
  const cpo = await joinCpo(
    (platform) => {
      const bad = location('LOC1', { fields: { country: 'Belgium' } });
      platform.behaviour = (r) =>
        r.module === 'locations' ? { http: 200, body: `\uFEFF${JSON.stringify([bad, 7])}` } : undefined;
    },
    { policies: { validation: 'lenient' } },
  );
  expect((await pulled(cpo.partnerId)).get('locations')).toMatchObject({ stored: 1, refused: 1 });
  await inSync(network.hub);
  expect(emsp.stored.has('locations/BE/BEC/LOC1')).toBe(true);
});

test('a bare array of a strict partner is no list: the pull fails, says so and is tried again', async () => {
  const cpo = await joinCpo((platform) => {
    platform.behaviour = (r) => (r.module === 'locations' ? { http: 200, body: [] } : undefined);
  });
  await eventually(
    async () => (await itemsOf(cpo.partnerId)).some((i) => i.module === 'locations' && i.state === 'failed'),
    'the pull failed',
  );
  cpo.behaviour = undefined;
  expect((await pulled(cpo.partnerId)).get('locations')).toMatchObject({ state: 'done', last_error: null });
});

test('a CDR with other content than the one that is here is a finding, and stays as it was', async () => {
  const cpo = await joinCpo((platform) => own(platform, 'cdrs', cdr('C1')));
  await pulled(cpo.partnerId);
  own(cpo, 'cdrs', cdr('C1', { total_energy: 99 }));
  expect((await pullAgain(cpo.partnerId, { kind: 'full' })).get('cdrs')).toMatchObject({
    refused: 1,
    stored: 0,
  });
  const found = (await findingsOf(cpo.partnerId)).map((f) => [f.module, f.path, f.example_id]);
  expect(found).toEqual([['cdrs', '$.id', 'C1']]);
  await inSync(network.hub);
  expect((emsp.stored.get('cdrs/BE/BEC/C1') as Fields).total_energy).toBe(10);
});

test('429 with Retry-After holds back every list of the partner', async () => {
  let asked = 0;
  const cpo = await joinCpo((platform) => {
    platform.behaviour = (r) =>
      r.method === 'GET' && r.role === 'SENDER' && ++asked === 1
        ? { http: 429, headers: { 'retry-after': '3600' }, body: '' }
        : undefined;
  });
  await eventually(
    async () => (await itemsOf(cpo.partnerId)).some((i) => i.state === 'failed'),
    'a failed pull',
  );
  const [row] = await rows(
    `select count(*)::int as held from pull_state where not_before > now() + interval '59 minutes'`,
  );
  expect(row?.held).toBe(4);
  await network.hub.admin('POST', `/partners/${cpo.partnerId}/pull`, {});
  expect(asked).toBe(1);
});

describe('a page that cannot be read as a whole', () => {
  const texts = (count: number, broken: readonly number[]): string[] =>
    Array.from({ length: count }, (_, i) => {
      const text = JSON.stringify(tariff(`T${i}`));
      return broken.includes(i) ? text.replace('"currency":"EUR"', '"currency":NaN') : text;
    });

  /** A list by offset and limit, whose texts go out as they are. */
  const listing =
    (list: readonly string[], options: { total?: boolean; envelope?: (data: string) => string } = {}) =>
    (platform: Joined): void => {
      const { total = true, envelope = (data: string) => `{"status_code":1000,"data":${data}}` } = options;
      platform.behaviour = ({ module, method, query }) => {
        if (module !== 'tariffs' || method !== 'GET') return undefined;
        const [at, limit] = [Number(query.offset ?? 0), Number(query.limit)];
        const headers: Record<string, string> = total ? { 'x-total-count': String(list.length) } : {};
        return { http: 200, headers, body: envelope(`[${list.slice(at, at + limit).join(',')}]`) };
      };
    };

  test.each([
    ['counted', true],
    ['not counted', false],
  ])(
    'costs its broken objects only, each a finding with its offset, in a list that is %s',
    async (_, total) => {
      const cpo = await joinCpo(listing(texts(40, [7, 39]), { total }));
      expect((await pulled(cpo.partnerId)).get('tariffs')).toMatchObject({ stored: 38 });
      const findings = await findingsOf(cpo.partnerId);
      expect(findings).toContainEqual(
        expect.objectContaining({ module: 'tariffs', path: '$', rule: 'must be JSON', count: 2 }),
      );
      const example = findings.find(({ rule }) => rule === 'must be JSON')?.example_id;
      expect(['offset 7', 'offset 39']).toContain(example);
    },
  );

  test('fails where nothing of it can be read', async () => {
    const all = Array.from({ length: 60 }, (_, i) => i);
    const cpo = await joinCpo(listing(texts(60, all)));
    await eventually(
      async () =>
        (await itemsOf(cpo.partnerId)).some(({ last_error }) => last_error === 'the page is not JSON'),
      'the pull failed',
    );
  });

  test('for want of a status_code is one of a lenient partner, with a finding', async () => {
    const fill = listing(texts(3, []), { envelope: (data) => `{"data":${data}}` });
    const cpo = await joinCpo(fill, { policies: { validation: 'lenient' } });
    expect((await pulled(cpo.partnerId)).get('tariffs')).toMatchObject({ stored: 3 });
    expect(await findingsOf(cpo.partnerId)).toContainEqual(
      expect.objectContaining({ rule: 'must be a response with data and status_code' }),
    );
  });
});

describe('a list in another charset', () => {
  const street = 'Avenue de la Libération';
  const listing =
    (contentType: string | undefined) =>
    (platform: Joined): void => {
      const body = Buffer.from(
        JSON.stringify({ status_code: 1000, data: [location('CH', { fields: { address: street } })] }),
        'latin1',
      );
      platform.behaviour = ({ module, method }) =>
        module === 'locations' && method === 'GET'
          ? {
              http: 200,
              headers: { ...(contentType !== undefined && { 'content-type': contentType }) },
              body,
            }
          : undefined;
    };
  const stored = async (): Promise<unknown> => (await rows('select text from object_text'))[0]?.text;

  test('keeps its letters where it says which', async () => {
    const cpo = await joinCpo(listing('application/json;charset=ISO-8859-1'));
    await pulled(cpo.partnerId);
    expect(await stored()).toContain(street);
  });

  test('keeps them of a lenient partner that does not say it, with a finding', async () => {
    const cpo = await joinCpo(listing('application/json'), { policies: { validation: 'lenient' } });
    await pulled(cpo.partnerId);
    expect(await stored()).toContain(street);
    expect(await findingsOf(cpo.partnerId)).toContainEqual(
      expect.objectContaining({ rule: 'must be UTF-8' }),
    );
  });

  test('is refused of a strict one that does not say it', async () => {
    const cpo = await joinCpo(listing('application/json'));
    await eventually(
      async () =>
        (await itemsOf(cpo.partnerId)).some(({ last_error }) => last_error === 'the answer is not UTF-8'),
      'the pull failed',
    );
    expect(await stored()).toBeUndefined();
  });
});
