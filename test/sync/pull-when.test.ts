import { Pool } from 'pg';
import {
  awaiting,
  CPO,
  eventually,
  location,
  party,
  startNetwork,
  tariff,
  type Joined,
  type Network,
} from '../support/network';
import { own, pagesAskedOf, pullAgain, pulled, pullsOf } from '../support/pulls';

/* When lists are pulled, and how they are read on. */

let network: Network;

const ids = (prefix: string, n: number): string[] => Array.from({ length: n }, (_, i) => `${prefix}${i}`);
const start = async (env: Record<string, string> = {}): Promise<void> => {
  network = await startNetwork(env);
};
const join = (options: Partial<Parameters<Network['join']>[0]> = {}): Promise<Joined> =>
  network.join({
    parties: [CPO],
    before: (platform) => own(platform, 'locations', ...ids('LOC', 120).map((id) => location(id))),
    ...options,
  });

afterEach(() => network.stop());

test('every PULL_INTERVAL_S a delta is pulled', async () => {
  await start({ PULL_INTERVAL_S: '1' });
  const cpo = await join();
  await cpo.waitFor(
    (p) => pagesAskedOf(p, 'locations').filter((r) => r.query.date_from).length >= 2,
    awaiting('two deltas'),
  );
});

test('the daily full pull looks back a month at sessions and CDRs, and at everything else whole', async () => {
  await start({ PULL_INTERVAL_S: '1' });
  const cpo = await join();
  await pulled(network.hub.admin, cpo.partnerId);
  const { connection } = network.hub;
  const pool = new Pool('url' in connection ? { connectionString: connection.url } : connection);
  cpo.receivedPulls.length = 0;
  await pool.query(`update pull_state set next_full_at = now() where since is not null`);
  await pool.end();
  const DAY_MS = 24 * 3600 * 1000;
  const daysBack = (module: string): (number | undefined)[] =>
    pagesAskedOf(cpo, module).map(({ query }) =>
      query.date_from === undefined
        ? undefined
        : Math.round((Date.now() - Date.parse(query.date_from)) / DAY_MS),
    );
  await cpo.waitFor(
    () => ['locations', 'sessions', 'cdrs'].every((module) => daysBack(module).some((days) => days !== 0)),
    awaiting('the daily pull'),
  );
  for (const module of ['sessions', 'cdrs'])
    expect(daysBack(module).filter((days) => days !== 0)).toEqual([31]);
  expect(daysBack('locations')).toContain(undefined);
});

test('a full pull that was asked for looks back at everything, also where it has to begin anew', async () => {
  await start();
  const cpo = await join();
  await pulled(network.hub.admin, cpo.partnerId);
  cpo.receivedPulls.length = 0;
  const refused = new Set<string>();
  cpo.behaviour = ({ module = '', method }) => {
    if (method !== 'GET' || refused.has(module)) return undefined;
    refused.add(module);
    return { http: 404, status_code: 2001 };
  };
  await pullAgain(network.hub.admin, cpo.partnerId, { kind: 'full' });
  const places = (module: string): unknown[] => pagesAskedOf(cpo, module).map((r) => r.query.date_from);
  expect(places('cdrs')).toEqual([undefined, undefined]);
  expect(places('sessions')).toEqual(['1970-01-01T00:00:00Z', '1970-01-01T00:00:00Z']);
});

test('a partner that is back from OFFLINE is pulled again', async () => {
  await start({ ALIVE_CHECK_S: '1' });
  const cpo = await join();
  await pulled(network.hub.admin, cpo.partnerId);
  await cpo.down();
  const statuses = async (): Promise<unknown> =>
    ((await network.hub.admin('GET', `/partners/${cpo.partnerId}`)).json.parties as { status: string }[])[0]
      ?.status;
  await eventually(async () => (await statuses()) === 'OFFLINE', 'OFFLINE');
  own(cpo, 'locations', location('MISSED', { last_updated: new Date().toISOString() }));
  cpo.receivedPulls.length = 0;
  await cpo.up();
  await eventually(async () => {
    const { items } = await pullsOf(network.hub.admin, cpo.partnerId);
    return items.some((item) => item.module === 'locations' && item.kind === 'delta' && item.stored === 1);
  }, 'what was missed');
  expect(pagesAskedOf(cpo, 'locations').every((r) => r.query.date_from !== undefined)).toBe(true);
});

test('a new registration, or one module more, begins with a full pull', async () => {
  await start();
  const cpo = await join({ offered: [{ identifier: 'locations', role: 'SENDER' }] });
  expect([...(await pulled(network.hub.admin, cpo.partnerId)).keys()]).toEqual(['locations']);
  own(cpo, 'tariffs', tariff('T1'));
  await cpo.updateCredentials({
    offered: [
      { identifier: 'locations', role: 'SENDER' },
      { identifier: 'tariffs', role: 'SENDER' },
    ],
  });
  await eventually(
    async () => (await pullsOf(network.hub.admin, cpo.partnerId)).items.length === 2,
    'a row for tariffs',
  );
  const items = await pulled(network.hub.admin, cpo.partnerId);
  expect(items.get('tariffs')).toMatchObject({ kind: 'full', stored: 1 });
  expect(items.get('locations')).toMatchObject({ kind: 'full', unchanged: 120 });
});

test.each([
  ['the Link leads to another origin', { link: '<https://evil.example.com/steal>; rel="next"' }],
  [
    'the Link leads to a path that the platform does not serve',
    { link: '</inside/locations?offset=50>; rel="next"' },
  ],
  ['there is no Link although X-Total-Count promises more', { link: '' }],
])('where %s, the list goes on by offset at the endpoint that was discovered', async (_, headers) => {
  await start();
  const cpo = await join({
    before: (platform) => {
      own(platform, 'locations', ...ids('LOC', 120).map((id) => location(id)));
      platform.behaviour = (r) => (r.module === 'locations' ? { headers } : undefined);
    },
  });
  expect((await pulled(network.hub.admin, cpo.partnerId)).get('locations')).toMatchObject({ stored: 120 });
  const offsets = pagesAskedOf(cpo, 'locations').map((r) => r.query.offset);
  expect(offsets.slice(0, 3)).toEqual([undefined, '50', '100']);
});

test('where the place to go on at is refused, the list is read from the beginning', async () => {
  await start();
  let expired = 0;
  const cpo = await join({
    before: (platform) => {
      own(platform, 'locations', ...ids('LOC', 120).map((id) => location(id)));
      platform.behaviour = (r) =>
        r.module === 'locations' && r.query.offset === '100' && ++expired === 1
          ? { http: 404, status_code: 2001 }
          : undefined;
    },
  });
  const item = (await pulled(network.hub.admin, cpo.partnerId)).get('locations');
  expect(item).toMatchObject({ kind: 'full', objects: 120, stored: 20, unchanged: 100 });
  expect(pagesAskedOf(cpo, 'locations').map((r) => r.query.offset)).toEqual([
    ...[undefined, '50', '100', undefined, '50', '100'],
  ]);
});

test('a 500 is tried again at the same page', async () => {
  await start();
  let failed = 0;
  const cpo = await join({
    before: (platform) => {
      own(platform, 'locations', ...ids('LOC', 120).map((id) => location(id)));
      platform.behaviour = (r) =>
        r.module === 'locations' && r.query.offset === '50' && ++failed < 3
          ? { http: 500, body: 'oops' }
          : undefined;
    },
  });
  const item = (await pulled(network.hub.admin, cpo.partnerId)).get('locations');
  expect(item).toMatchObject({ pages: 3, stored: 120, last_error: null });
  const offsets = pagesAskedOf(cpo, 'locations').map((r) => r.query.offset);
  expect(offsets).toEqual([undefined, '50', '50', '50', '100']);
});

test('a list that repeats itself ends, and doubles count once', async () => {
  await start();
  const cpo = await join({
    before: (platform) => {
      own(platform, 'locations', location('LOC1'), location('LOC2'));
      platform.behaviour = (r) =>
        r.module === 'locations'
          ? {
              headers: { 'x-total-count': '900' },
              data: [...platform.owned.values(), ...platform.owned.values()],
            }
          : undefined;
    },
  });
  const item = (await pulled(network.hub.admin, cpo.partnerId)).get('locations');
  expect(item).toMatchObject({ objects: 2, stored: 2, gone: 0, pages: 2 });
});

test('each party of a platform is asked for its own, and roles that own nothing of a module are not', async () => {
  await start();
  const platform = await join({
    parties: [CPO, party('CPO', 'NL', 'TWO'), party('EMSP', 'NL', 'MSP')],
    before: () => undefined,
  });
  await pulled(network.hub.admin, platform.partnerId);
  const { items } = await pullsOf(network.hub.admin, platform.partnerId);
  const lists = (name: string): string[] => items.filter((i) => i.party === name).map((i) => i.module);
  expect(lists('BE/BEC')).toEqual(['locations', 'tariffs', 'sessions', 'cdrs']);
  expect(lists('NL/TWO')).toEqual(lists('BE/BEC'));
  expect(lists('NL/MSP')).toEqual(['tokens']);
  const asked = pagesAskedOf(platform, 'locations').map((r) => r.headers['ocpi-to-party-id']);
  expect(asked.sort()).toEqual(['BEC', 'TWO']);
});

test('an admin may ask for one module; what cannot be pulled is a problem', async () => {
  await start();
  const cpo = await join();
  await pulled(network.hub.admin, cpo.partnerId);
  cpo.receivedPulls.length = 0;
  await pullAgain(network.hub.admin, cpo.partnerId, { kind: 'full', module: 'tariffs' });
  expect(cpo.receivedPulls.map((r) => r.module)).toEqual(['tariffs']);
  const post = (path: string, body: object): Promise<{ http: number }> =>
    network.hub.admin('POST', path, body);
  expect((await post(`/partners/${cpo.partnerId}/pull`, { module: 'tokens' })).http).toBe(400);
  expect((await post(`/partners/${cpo.partnerId}/pull`, { kind: 'all' })).http).toBe(400);
  const { id } = await network.hub.partner('pending');
  expect((await post(`/partners/${id}/pull`, {})).http).toBe(409);
  expect((await network.hub.admin('GET', '/partners/00000000-0000-4000-8000-000000000000/pull')).http).toBe(
    404,
  );
});
