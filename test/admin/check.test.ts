import type { Loose } from '../support/handshake-platform';
import type { Json } from '../../src/simulator/json';
import {
  cdr,
  eventually,
  inSync,
  location,
  push,
  session,
  startTwo,
  tariff,
  token,
  type Fields,
  type Joined,
  type Network,
} from '../support/network';

let network: Network;
let cpo: Joined;
let emsp: Joined;

beforeEach(async () => {
  ({ network, cpo, emsp } = await startTwo());
});

afterEach(() => network.stop());

const put = (id: string, body: Fields, module = 'locations'): ReturnType<typeof push> =>
  push(cpo, { method: 'PUT', module, path: `/BE/BEC/${id}` }, body);

async function check(body?: unknown, partner = emsp.partnerId): Promise<Loose> {
  const { http, json } = await network.hub.admin('POST', `/partners/${partner}/check`, body);
  expect(http).toBe(200);
  return json.check as Loose;
}

const moduleOf = (report: Loose, name: string): Loose =>
  report.modules.find((m: Fields) => m.module === name);
const stored = (key: string): Record<string, Json> => emsp.stored.get(key) as Record<string, Json>;

async function everything(): Promise<void> {
  await put('LOC1', location('LOC1'));
  await put('LOC2', location('LOC2'));
  await put('T1', tariff('T1'), 'tariffs');
  await put('T2', tariff('T2'), 'tariffs');
  await put('S1', session('S1'), 'sessions');
  await push(cpo, { method: 'POST', module: 'cdrs', path: '' }, cdr('C1'));
  await push(emsp, { method: 'PUT', module: 'tokens', path: '/NL/TNM/U1' }, token('U1'));
  const typed = token('U2', { type: 'APP_USER' });
  await push(emsp, { method: 'PUT', module: 'tokens', path: '/NL/TNM/U2' }, typed);
  await inSync(network.hub);
}

test('a partner that has all as it should shows no drift, in any module', async () => {
  await everything();
  await push(cpo, { method: 'DELETE', module: 'tariffs', path: '/BE/BEC/T2' });
  await inSync(network.hub);
  const report = await check({ sample: 'all' });
  expect(report).toMatchObject({ state: 'DONE', sample: null, drift: 0, error: null });
  const counts = report.modules.map((m: Fields) => [m.module, m.state, m.checked, m.equal]);
  expect(counts).toEqual([
    ['locations', 'COMPARED', 2, 2],
    ['tariffs', 'COMPARED', 2, 2],
    ['sessions', 'COMPARED', 1, 1],
    ['cdrs', 'COMPARED', 1, 1],
  ]);
  expect(moduleOf(await check({}, cpo.partnerId), 'tokens')).toMatchObject({ checked: 2, equal: 2 });
});

test('it asks with FROM = hub and TO = the party, a CDR at its Location, a token with its type', async () => {
  await everything();
  emsp.received.length = 0;
  cpo.received.length = 0;
  await check({});
  await check({}, cpo.partnerId);
  const gets = [...emsp.received, ...cpo.received].map((r) => `${r.module} ${r.segments.join('/')}`);
  expect(gets.sort()).toEqual(
    ['cdrs BE/BEC/C1', 'locations BE/BEC/LOC1', 'locations BE/BEC/LOC2', 'sessions BE/BEC/S1']
      .concat(['tariffs BE/BEC/T1', 'tariffs BE/BEC/T2', 'tokens NL/TNM/U1', 'tokens NL/TNM/U2'])
      .sort(),
  );
  expect(cpo.received.map((r) => r.query.type).sort()).toEqual(['APP_USER', 'RFID']);
  for (const { method, headers } of emsp.received) {
    expect([method, headers['ocpi-from-party-id'], headers['ocpi-to-party-id']]).toEqual([
      'GET',
      'HUB',
      'TNM',
    ]);
  }
});

test('what was lost, altered or not deleted is reported, and GET sync shows it until a push from scratch', async () => {
  await everything();
  const gone = stored('tariffs/BE/BEC/T2');
  await push(cpo, { method: 'DELETE', module: 'tariffs', path: '/BE/BEC/T2' });
  await inSync(network.hub);
  emsp.stored.set('tariffs/BE/BEC/T2', gone);
  emsp.stored.delete('locations/BE/BEC/LOC1');
  const [first, ...rest] = stored('locations/BE/BEC/LOC2').evses as Fields[];
  const evses = [{ ...first, status: 'BLOCKED' }, ...rest] as Json;
  emsp.stored.set('locations/BE/BEC/LOC2', { ...stored('locations/BE/BEC/LOC2'), evses });
  const report = await check({ sample: 'all' });
  expect(report).toMatchObject({ state: 'DONE', drift: 3 });
  expect(moduleOf(report, 'locations')).toMatchObject({
    missing: 1,
    different: 1,
    equal: 0,
    examples: expect.arrayContaining([
      { what: 'missing', receiver: 'NL/TNM', owner: 'BE/BEC', id: 'LOC1' },
      {
        what: 'different',
        receiver: 'NL/TNM',
        owner: 'BE/BEC',
        id: 'LOC2',
        path: '$.evses[E1].status',
        expected: 'AVAILABLE',
        found: 'BLOCKED',
      },
    ]),
  });
  expect(moduleOf(report, 'tariffs')).toMatchObject({ undeleted: 1, equal: 1 });
  const sync = async (): Promise<Loose> =>
    (await network.hub.admin('GET', `/partners/${emsp.partnerId}/sync`)).json;
  expect(await sync()).toMatchObject({ in_sync: false, last_check: { drift: 3, repaired: false } });
  await network.hub.admin('POST', `/partners/${emsp.partnerId}/push`);
  await eventually(async () => (await sync()).in_sync === true, 'in sync again');
  expect(await check({ sample: 'all' })).toMatchObject({ drift: 0 });
});

test('fields that a partner adds, the order of members, moments and lists written otherwise are no drift', async () => {
  await everything();
  const tariffHere = stored('tariffs/BE/BEC/T1');
  const reversed = Object.fromEntries(Object.entries(tariffHere).reverse());
  const altered = { ...reversed, added: 1, tariff_alt_text: [], last_updated: '2026-01-01T00:00:00.000' };
  emsp.stored.set('tariffs/BE/BEC/T1', altered);
  const evses = [...(stored('locations/BE/BEC/LOC1').evses as Json[])].reverse();
  emsp.stored.set('locations/BE/BEC/LOC1', { ...stored('locations/BE/BEC/LOC1'), evses });
  expect(await check({ sample: 'all' })).toMatchObject({ drift: 0 });
});

test.each([
  ['405', { http: 405, status_code: 2000 }],
  ['a page of a proxy', { http: 404, body: '<html>' }],
  ['404 to everything', { http: 404, status_code: 2000 }],
])('a partner that answers GET with %s is not comparable, which is no drift', async (_name, answer) => {
  await everything();
  emsp.behaviour = (request) => (request.method === 'GET' ? answer : undefined);
  const report = await check({ sample: 'all' });
  expect(report).toMatchObject({ state: 'DONE', drift: 0 });
  for (const module of report.modules) {
    expect(module).toMatchObject({ state: 'NOT_COMPARABLE', missing: 0, different: 0, examples: [] });
    expect(module.unknown).toBe(module.checked);
  }
});

test('a partner that does not answer is left alone after a few requests', async () => {
  for (let i = 1; i <= 12; i++) await put(`LOC${i}`, location(`LOC${i}`));
  await inSync(network.hub);
  emsp.received.length = 0;
  emsp.behaviour = () => ({ http: 500, body: 'down' });
  await network.hub.admin('POST', `/partners/${emsp.partnerId}/check`, { module: 'locations' });
  let report: Loose = {};
  await eventually(async () => {
    const { json } = await network.hub.admin('GET', `/partners/${emsp.partnerId}/check`);
    report = json.check as Loose;
    return report.state !== 'RUNNING';
  }, 'the check has ended');
  expect(report).toMatchObject({ state: 'FAILED', drift: 0, error: expect.stringContaining('HTTP 500') });
  expect(emsp.received.filter((r) => r.method === 'GET' && r.module === 'locations').length).toBeLessThan(12);
});

test('a sample asks for so many objects, a module for that module alone', async () => {
  for (let i = 1; i <= 30; i++) await put(`LOC${i}`, location(`LOC${i}`));
  await put('T1', tariff('T1'), 'tariffs');
  await inSync(network.hub);
  const report = await check({ sample: 5, module: 'locations' });
  expect(report).toMatchObject({ state: 'DONE', sample: 5, drift: 0 });
  expect(report.modules).toHaveLength(1);
  expect(report.modules[0].checked).toBe(5);
  // more random points than objects meet: a sample of nearly all is that many all the same
  const most = await check({ sample: 29, module: 'locations' });
  expect(most.modules[0].checked).toBe(29);
});

test('a push under way is no drift', async () => {
  await everything();
  let release = (): void => undefined;
  const until = new Promise<void>((resolve) => (release = resolve));
  emsp.behaviour = (request) => (request.method === 'PUT' ? { until, handle: true } : undefined);
  await put('LOC1', location('LOC1', { fields: { city: 'Brugge' }, last_updated: '2026-02-01T00:00:00Z' }));
  const report = await check({ sample: 'all', module: 'locations' });
  expect(moduleOf(report, 'locations')).toMatchObject({ pending: 1, equal: 1, different: 0 });
  release();
  await inSync(network.hub);
});

test('one check a partner at a time, of a connected one, with a body that fits', async () => {
  await everything();
  let release = (): void => undefined;
  const until = new Promise<void>((resolve) => (release = resolve));
  emsp.behaviour = (request) => (request.method === 'GET' ? { until, handle: true } : undefined);
  const path = `/partners/${emsp.partnerId}/check`;
  const first = network.hub.admin('POST', path, {});
  await eventually(() => emsp.received.some((r) => r.method === 'GET'), 'the check asks');
  expect((await network.hub.admin('POST', path, {})).http).toBe(409);
  release();
  expect((await first).http).toBe(200);
  expect((await network.hub.admin('POST', path, { sample: 0, other: 1 })).json).toMatchObject({
    status: 400,
    errors: [{ field: 'other' }, { field: 'sample' }],
  });
  await network.hub.admin('POST', `/partners/${emsp.partnerId}/suspend`);
  expect((await network.hub.admin('POST', path, {})).http).toBe(409);
});
