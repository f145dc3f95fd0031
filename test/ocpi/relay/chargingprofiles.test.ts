import type { SimulatedPlatform } from '../../../src/simulator/simulated-platform';
import type { Sending } from '../../../src/simulator/types';
import {
  CPO,
  EMSP,
  lastReceived,
  push,
  session,
  startThree,
  type Fields,
  type Joined,
  type Network,
} from '../../support/network';

/* Charging profiles and charging_preferences (mod_charging_profiles, mod_sessions; semantics 26, 29). */

let network: Network;
let cpo: Joined;
let emsp: Joined;
let other: Joined;

beforeAll(async () => {
  ({ network, cpo, emsp, other } = await startThree());
  await push(cpo, { method: 'PUT', module: 'sessions', path: '/BE/BEC/SES1' }, session('SES1'));
});
afterAll(() => network.stop());
afterEach(() => {
  cpo.behaviour = emsp.behaviour = undefined;
});

type Sent = ReturnType<SimulatedPlatform['send']>;
const own = (tail: string): string =>
  `http://127.0.0.1:${emsp.port}/ocpi/2.2.1/sender/chargingprofiles/${tail}`;
const profile = {
  charging_rate_unit: 'A',
  charging_profile_period: [{ start_period: 0, limit: 16.5 }],
};
const active = { start_date_time: '2026-01-01T00:00:00Z', charging_profile: profile };

function request(
  method: 'GET' | 'PUT' | 'DELETE',
  tail: string,
  extra: Partial<Sending> & { by?: SimulatedPlatform } = {},
): Sent {
  const { by = emsp, ...rest } = extra;
  const at = { method, module: 'chargingprofiles', interface: 'RECEIVER' } as const;
  return by.send({ ...at, path: `/${tail}`, to: CPO, ...rest });
}
const set = (fields: Fields = {}, extra: Partial<Sending> = {}): Sent =>
  request('PUT', 'SES1', {
    body: JSON.stringify({ charging_profile: profile, response_url: own('set/1'), ...fields }),
    ...extra,
  });
const post = (url: string, body: unknown): Sent =>
  cpo.sendTo(url, { method: 'POST', to: EMSP, body: JSON.stringify(body) });
const HUB_URL = /\/ocpi\/2.2.1\/sender\/chargingprofiles\/[A-Za-z0-9_-]{43}$/;

test('PUT goes out with a URL of the hub in its body; a ChargingProfileResult comes back', async () => {
  const answer = await set({ x: 1 });
  expect(answer.data).toEqual({ result: 'ACCEPTED', timeout: 30 });
  const sent = lastReceived(cpo).json as Fields;
  expect(sent).toMatchObject({ charging_profile: profile, x: 1 });
  expect(sent.response_url).toMatch(HUB_URL);
  expect((await post(String(sent.response_url), { result: 'ACCEPTED' })).status).toBe(1000);
  expect(lastReceived(emsp)).toMatchObject({
    method: 'POST',
    path: '/ocpi/2.2.1/sender/chargingprofiles/set/1',
    headers: { 'ocpi-from-party-id': 'BEC', 'ocpi-to-party-id': 'TNM' },
  });
  expect((await post(String(sent.response_url), { result: 'EVSE_OCCUPIED' })).status).toBe(2001);
});

const QUERIES: [string, () => string, string][] = [
  ['encoded', () => `?duration=900&response_url=${encodeURIComponent(own('get?request_id=5678'))}`, 'get'],
  ['not encoded', () => `?duration=900&response_url=${own('get?request_id=5678&more=1')}`, 'get'],
  ['not encoded, in front', () => `?response_url=${own('get?request_id=5678&more=1')}&duration=900`, 'get'],
];
test.each(QUERIES)('GET with a response_url %s brings an ActiveChargingProfileResult', async (_t, query) => {
  const answer = await request('GET', `SES1${query()}`);
  expect(answer.data).toEqual({ result: 'ACCEPTED', timeout: 30 });
  expect(lastReceived(cpo).query).toEqual({
    duration: '900',
    response_url: expect.stringMatching(HUB_URL) as string,
  });
  const url = lastReceived(cpo).query.response_url ?? '';
  expect((await post(url, { result: 'ACCEPTED', profile: active })).status).toBe(1000);
  expect(lastReceived(emsp)).toMatchObject({
    path: '/ocpi/2.2.1/sender/chargingprofiles/get',
    json: { result: 'ACCEPTED', profile: active },
  });
  expect(lastReceived(emsp).query.request_id).toBe('5678');
  expect((await post(url, { result: 'ACCEPTED', profile: { charging_profile: 1 } })).status).toBe(2001);
});

test('DELETE brings a ClearProfileResult', async () => {
  const query = `?response_url=${encodeURIComponent(own('clear'))}`;
  expect((await request('DELETE', `SES1${query}`)).status).toBe(1000);
  expect(lastReceived(cpo)).toMatchObject({ method: 'DELETE', body: '' });
  const url = lastReceived(cpo).query.response_url ?? '';
  expect(url).toMatch(HUB_URL);
  expect((await post(url, { result: 'UNKNOWN' })).status).toBe(1000);
  expect(lastReceived(emsp).path).toBe('/ocpi/2.2.1/sender/chargingprofiles/clear');
});

test('what is required and missing is 2001 and does not go out', async () => {
  const before = cpo.received.length;
  const url = encodeURIComponent(own('x'));
  const refused = [
    request('GET', `SES1?response_url=${url}`),
    request('GET', 'SES1?duration=900'),
    request('GET', `SES1?duration=soon&response_url=${url}`),
    request('GET', 'SES1?duration=900&response_url=nowhere'),
    request('DELETE', 'SES1'),
    set({ response_url: undefined }),
    set({ charging_profile: undefined }),
    set({ charging_profile: { ...profile, charging_rate_unit: 'HP' } }),
    set({
      charging_profile: { ...profile, charging_profile_period: [{ start_period: 0, limit: 1.25 }] },
    }),
  ];
  for (const answer of await Promise.all(refused)) expect([answer.http, answer.status]).toEqual([200, 2001]);
  expect((await set({}, { body: '{' })).http).toBe(400);
  expect(cpo.received).toHaveLength(before);
});

describe('without a receiver', () => {
  test('a session id finds its CPO, for the eMSP of the session alone', async () => {
    for (const to of [undefined, 'hub'] as const) {
      const answer = await set({}, { to });
      expect([answer.status, answer.headers['ocpi-from-party-id']]).toEqual([1000, 'BEC']);
    }
    const query = `?response_url=${encodeURIComponent(own('x'))}`;
    expect((await request('DELETE', `SES1${query}`, { to: undefined, by: other })).status).toBe(4001);
    expect((await request('DELETE', `NONE${query}`, { to: undefined })).status).toBe(4001);
  });

  test('a changed profile may be answered with nothing: no data belongs there', async () => {
    emsp.behaviour = () => ({ http: 204, body: '' });
    const answer = await cpo.send({
      method: 'PUT',
      module: 'chargingprofiles',
      interface: 'SENDER',
      path: '/SES1',
      to: EMSP,
      body: JSON.stringify(active),
    });
    expect([answer.http, answer.status]).toEqual([200, 1000]);
  });

  test('a changed profile goes to whoever last set one on that session', async () => {
    const tell = (id: string): Sent =>
      cpo.send({
        method: 'PUT',
        module: 'chargingprofiles',
        interface: 'SENDER',
        path: `/${id}`,
        body: JSON.stringify(active),
      });
    expect((await tell('SES9')).status).toBe(4001);
    await set();
    const answer = await tell('SES1');
    expect([answer.status, answer.headers['ocpi-from-party-id']]).toEqual([1000, 'TNM']);
    expect(lastReceived(emsp)).toMatchObject({
      method: 'PUT',
      path: '/ocpi/2.2.1/sender/chargingprofiles/SES1',
      json: active,
      headers: { 'ocpi-from-party-id': 'BEC', 'ocpi-to-party-id': 'TNM' },
    });
    await other.send({
      method: 'PUT',
      module: 'chargingprofiles',
      interface: 'RECEIVER',
      path: '/SES1',
      to: CPO,
      body: JSON.stringify({ charging_profile: profile, response_url: own('x') }),
    });
    expect((await tell('SES1')).headers['ocpi-from-party-id']).toBe('DEM');
  });
});

test('a changed profile to a named party is relayed, checked first', async () => {
  const tell = (body: unknown): Sent =>
    cpo.send({
      method: 'PUT',
      module: 'chargingprofiles',
      interface: 'SENDER',
      path: '/SES1',
      to: EMSP,
      body: JSON.stringify(body),
    });
  expect((await tell(active)).status).toBe(1000);
  expect((await tell({ start_date_time: 'now' })).status).toBe(2001);
});

describe('charging_preferences', () => {
  const prefer = (body: Fields, extra: Partial<Sending> = {}): Sent =>
    emsp.send({
      method: 'PUT',
      module: 'sessions',
      interface: 'SENDER',
      to: CPO,
      path: '/SES1/charging_preferences',
      body: JSON.stringify(body),
      ...extra,
    });

  test('go to the CPO, named or found by the session, and are answered by it', async () => {
    for (const to of [CPO, undefined, 'hub'] as const) {
      const answer = await prefer({ profile_type: 'GREEN', energy_need: 10.5 }, { to });
      expect([answer.status, answer.data]).toEqual([1000, 'ACCEPTED']);
      expect(answer.headers['ocpi-from-party-id']).toBe('BEC');
      expect(lastReceived(cpo).path).toBe('/ocpi/2.2.1/sender/sessions/SES1/charging_preferences');
    }
  });

  test('that break the definition, or come from a CPO, are 2001', async () => {
    expect((await prefer({ profile_type: 'LAZY' })).status).toBe(2001);
    const request = { method: 'PUT', module: 'sessions', interface: 'SENDER' } as const;
    const path = '/SES1/charging_preferences';
    const body = '{"profile_type":"GREEN"}';
    expect((await cpo.send({ ...request, path, body, to: EMSP })).status).toBe(2001);
  });

  test('404 with 2001 of an EVSE that is not capable is relayed', async () => {
    cpo.behaviour = ({ method, module }) =>
      module === 'sessions' && method === 'PUT' ? { http: 404, status_code: 2001 } : undefined;
    const answer = await prefer({ profile_type: 'FAST' });
    expect([answer.http, answer.status]).toEqual([404, 2001]);
  });
});
