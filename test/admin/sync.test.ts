import type { Loose } from '../support/handshake-platform';
import type { SimulatedPlatform } from '../../src/simulator/simulated-platform';
import {
  cdr,
  eventually,
  inSync,
  location,
  party,
  push,
  session,
  startTwo,
  type Fields,
  type Joined,
  type Network,
} from '../support/network';

let network: Network;
let cpo: SimulatedPlatform;
let emsp: Joined;

beforeEach(async () => {
  ({ network, cpo, emsp } = await startTwo());
});

afterEach(() => network.stop());

const put = (id: string, body: Fields, module = 'locations'): ReturnType<typeof push> =>
  push(cpo, { method: 'PUT', module, path: `/BE/BEC/${id}` }, body);
const sync = async (): Promise<Loose> =>
  (await network.hub.admin('GET', `/partners/${emsp.partnerId}/sync`)).json;
const settled = (): Promise<void> =>
  eventually(async () => (await sync()).in_sync === true, 'the eMSP is in sync');

test('a partner that has everything is in sync, with the last push of each module', async () => {
  await put('LOC1', location('LOC1'));
  await put('S1', session('S1'), 'sessions');
  await push(cpo, { method: 'POST', module: 'cdrs', path: '' }, cdr('C1'));
  await settled();
  const report = await sync();
  expect(report).toMatchObject({
    partner_id: emsp.partnerId,
    state: 'IN_SYNC',
    since: null,
    last_check: null,
    pulls: [{ country_code: 'NL', party_id: 'TNM', module: 'tokens' }],
    behind: {
      changes: 0,
      full_push: false,
      deliveries_failed: 0,
      cdrs_waiting: 0,
      cdrs_uncertain: 0,
      client_info: 0,
    },
  });
  expect(report.pushes.map((p: Fields) => p.module)).toEqual(['locations', 'sessions', 'cdrs']);
  for (const { last_success } of report.pushes) expect(Date.parse(last_success)).not.toBeNaN();
});

test('what waits for a partner that is down is told, with since when, and is gone when it is back', async () => {
  await settled();
  emsp.behaviour = () => ({ reset: true });
  await put('LOC1', location('LOC1'));
  await push(cpo, { method: 'POST', module: 'cdrs', path: '' }, cdr('C1'));
  await eventually(async () => (await sync()).last_error !== null, 'the error is known');
  const report = await sync();
  expect(report).toMatchObject({ in_sync: false, behind: { cdrs_waiting: 1 } });
  expect(report.behind.changes).toBeGreaterThan(0);
  expect(Date.parse(report.since)).not.toBeNaN();
  emsp.behaviour = undefined;
  await settled();
});

test('an object that was refused keeps a partner out of sync', async () => {
  emsp.behaviour = (request) => (request.method === 'PUT' ? { status_code: 2001 } : undefined);
  await put('LOC1', location('LOC1'));
  await eventually(async () => {
    const { behind, state } = await sync();
    return behind.deliveries_failed === 1 && behind.changes === 0 && state === 'REFUSING';
  }, 'the refusal is told, and nothing else waits');
  expect(await sync()).toMatchObject({
    in_sync: false,
    state: 'REFUSING',
    reason: expect.stringContaining('locations'),
  });
  const feed = (await network.hub.admin('GET', '/feed')).json.items as Fields[];
  expect(feed.find((item) => item.partner_id === emsp.partnerId)).toMatchObject({ state: 'REFUSING' });
  emsp.behaviour = undefined;
  await put('LOC2', location('LOC2'));
  await eventually(
    async () => (await sync()).state === 'INCOMPLETE',
    'it accepts again, and one object is missing',
  );
  await put('LOC1', location('LOC1', { last_updated: '2026-02-01T00:00:00Z' }));
  await settled();
});

test('a push from scratch brings back all that the partner lost, old sessions too, and no CDR', async () => {
  await put('LOC1', location('LOC1'));
  await put('S1', session('S1', { last_updated: '2020-01-01T00:00:00Z' }), 'sessions');
  await push(cpo, { method: 'POST', module: 'cdrs', path: '' }, cdr('C1'));
  await settled();
  emsp.stored.clear();
  emsp.received.length = 0;
  const answer = await network.hub.admin('POST', `/partners/${emsp.partnerId}/push`);
  expect(answer).toEqual({ http: 202, json: { partner_id: emsp.partnerId, receivers: 1 } });
  await settled();
  await inSync(network.hub);
  expect([...emsp.stored.keys()].sort()).toEqual(['locations/BE/BEC/LOC1', 'sessions/BE/BEC/S1']);
});

test('a partner that is not connected is neither pushed to nor in sync', async () => {
  await network.hub.admin('POST', `/partners/${emsp.partnerId}/suspend`);
  expect((await network.hub.admin('POST', `/partners/${emsp.partnerId}/push`)).http).toBe(409);
  expect(await sync()).toMatchObject({ in_sync: false, state: 'SUSPENDED' });
  const fresh = await network.hub.partner('fresh');
  const report = await network.hub.admin('GET', `/partners/${fresh.id}/sync`);
  expect(report.json).toMatchObject({ in_sync: false, state: 'NOT_CONNECTED', behind: { changes: 0 } });
});

test('a platform whose only role is HUB registers, and that nothing flows is said with the reason', async () => {
  const hub = await network.join({ parties: [party('HUB', 'DE', 'OTH')] });
  await eventually(async () => {
    const { json } = await network.hub.admin('GET', `/partners/${hub.partnerId}/sync`);
    return json.in_sync === false && json.state === 'NOTHING_TO_SYNC' && String(json.reason).includes('HUB');
  }, 'nothing to sync');
});
