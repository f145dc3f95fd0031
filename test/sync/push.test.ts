import type { SimulatedPlatform } from '../../src/simulator/simulated-platform';
import {
  awaiting,
  cdr,
  connector,
  EMSP,
  eventually,
  evse,
  inSync,
  location,
  party,
  push,
  session,
  startThree,
  tariff,
  token,
  type Joined,
  type Network,
} from '../support/network';

let network: Network;
let cpo: SimulatedPlatform;
let emsp: Joined;
let other: Joined;

beforeEach(async () => {
  ({ network, cpo, emsp, other } = await startThree());
});

afterEach(() => network.stop());

const put = (path: string, body: Record<string, unknown>, module = 'locations'): ReturnType<typeof push> =>
  push(cpo, { method: 'PUT', module, path: `/BE/BEC/${path}` }, body);
const patch = (path: string, body: Record<string, unknown>, module = 'locations'): ReturnType<typeof push> =>
  push(cpo, { method: 'PATCH', module, path: `/BE/BEC/${path}` }, body);

const storedAt = (platform: SimulatedPlatform, key: string): Record<string, unknown> | undefined =>
  platform.stored.get(key) as Record<string, unknown> | undefined;

test('a location reaches every eMSP once, with FROM = hub, TO = the receiver and the correlation id of its cause', async () => {
  await inSync(network.hub); // the full push after registration would have the location, with an id of its own
  await cpo.send({
    method: 'PUT',
    module: 'locations',
    interface: 'RECEIVER',
    path: '/BE/BEC/LOC1',
    to: 'hub',
    body: JSON.stringify(location('LOC1')),
    correlationId: 'cause-1',
    requestId: 'request-1',
  });
  await inSync(network.hub);
  for (const receiver of [emsp, other]) {
    expect(receiver.received.map((r) => `${r.method} ${r.segments.join('/')}`)).toEqual(['PUT BE/BEC/LOC1']);
    const headers = receiver.received[0]?.headers ?? {};
    expect(headers['x-correlation-id']).toBe('cause-1');
    expect(headers['x-request-id']).not.toBe('request-1');
    expect([headers['ocpi-from-country-code'], headers['ocpi-from-party-id']]).toEqual(['NL', 'HUB']);
    expect(headers['ocpi-to-party-id']).toBe(receiver.parties[0]?.party_id);
    expect(storedAt(receiver, 'locations/BE/BEC/LOC1')).toEqual(location('LOC1'));
  }
  expect(cpo.received).toEqual([]);
});

test('an EVSE that changed is pushed as that EVSE, a connector as that connector, and never by PATCH', async () => {
  await put('LOC1', location('LOC1'));
  await inSync(network.hub);
  await patch('LOC1/E2', { status: 'CHARGING', last_updated: '2026-02-01T00:00:00Z' });
  await inSync(network.hub);
  await patch('LOC1/E1/1', { max_amperage: 16, last_updated: '2026-02-02T00:00:00Z' });
  await inSync(network.hub);
  await patch('LOC1', { name: 'Gent Zuid', last_updated: '2026-02-03T00:00:00Z' });
  await inSync(network.hub);
  expect(emsp.received.map((r) => `${r.method} ${r.segments.join('/')}`)).toEqual([
    'PUT BE/BEC/LOC1',
    'PUT BE/BEC/LOC1/E2',
    'PUT BE/BEC/LOC1/E1/1',
    'PUT BE/BEC/LOC1',
  ]);
  expect(emsp.received[1]?.json).toEqual(
    evse('E2', { status: 'CHARGING', last_updated: '2026-02-01T00:00:00Z' }),
  );
  expect(emsp.received[2]?.json).toEqual(
    connector('1', { max_amperage: 16, last_updated: '2026-02-02T00:00:00Z' }),
  );
  const shown = storedAt(emsp, 'locations/BE/BEC/LOC1');
  expect(shown).toMatchObject({ name: 'Gent Zuid', last_updated: '2026-02-03T00:00:00Z' });
});

test('50 rapid changes of one EVSE end in its last state, in order and folded', async () => {
  await put('LOC1', location('LOC1'));
  await inSync(network.hub);
  let release = (): void => undefined;
  const until = new Promise<void>((resolve) => (release = resolve));
  emsp.behaviour = () => ({ until, handle: true });
  for (let i = 1; i <= 50; i++) {
    await patch('LOC1/E1', {
      physical_reference: `P${i}`,
      last_updated: new Date(Date.UTC(2026, 2, 1) + i * 1000).toISOString(),
    });
  }
  release();
  await inSync(network.hub);
  const pushed = emsp.received
    .filter((r) => r.segments.at(-1) === 'E1')
    .map((r) => r.json as Record<string, unknown>);
  expect(pushed.at(-1)).toMatchObject({ physical_reference: 'P50' });
  const times = pushed.map((e) => String(e.last_updated));
  expect(times).toEqual([...times].sort());
  expect(pushed.length).toBeLessThan(50);
});

test('tariffs are deleted by DELETE, and a DELETE of what the receiver does not know is no failure', async () => {
  await put('T1', tariff('T1'), 'tariffs');
  await inSync(network.hub);
  emsp.stored.clear();
  await push(cpo, { method: 'DELETE', module: 'tariffs', path: '/BE/BEC/T1' });
  await inSync(network.hub);
  expect(other.received.map((r) => r.method)).toEqual(['PUT', 'DELETE']);
  expect(other.stored.size).toBe(0);
  expect((await network.hub.admin('GET', '/deliveries?state=failed')).json.items).toEqual([]);
});

test('tokens of an eMSP reach the CPOs alone, with their type', async () => {
  await push(emsp, { method: 'PUT', module: 'tokens', path: '/NL/TNM/U1' }, token('U1'));
  await push(
    emsp,
    { method: 'PUT', module: 'tokens', path: '/NL/TNM/U1' },
    token('U1', { type: 'APP_USER' }),
  );
  await inSync(network.hub);
  expect(cpo.received.map((r) => [r.segments.join('/'), r.query.type])).toEqual([
    ['NL/TNM/U1', undefined],
    ['NL/TNM/U1', 'APP_USER'],
  ]);
  expect(other.received).toEqual([]);
});

test('sessions and CDRs go to the owner of their cdr_token alone; a CDR is posted once', async () => {
  await put('S1', session('S1'), 'sessions');
  await patch('S1', { kwh: 5.5, last_updated: '2026-01-01T00:30:00Z' }, 'sessions');
  const posted = await push(cpo, { method: 'POST', module: 'cdrs', path: '' }, cdr('C1'));
  const again = await push(cpo, { method: 'POST', module: 'cdrs', path: '' }, cdr('C1'));
  expect([posted.http, again.http]).toEqual([201, 200]);
  expect(again.headers.location).toBe(posted.headers.location);
  await inSync(network.hub);
  expect(storedAt(emsp, 'sessions/BE/BEC/S1')).toMatchObject({ kwh: 5.5 });
  expect(emsp.received.filter((r) => r.module === 'cdrs').map((r) => r.method)).toEqual(['POST']);
  expect(other.received).toEqual([]);
  const delivered = (await network.hub.admin('GET', '/deliveries?state=delivered')).json.items as Record<
    string,
    unknown
  >[];
  expect(delivered.map((d) => d.object_id)).toEqual(['C1']);
  expect(String(delivered[0]?.location_url)).toContain(`127.0.0.1:${emsp.port}`);
});

test('a receiver that is down catches up folded when it is back, and holds back nobody', async () => {
  await put('LOC1', location('LOC1'));
  await inSync(network.hub);
  await emsp.down();
  for (let i = 1; i <= 10; i++)
    await patch('LOC1/E1', {
      status: i % 2 ? 'CHARGING' : 'AVAILABLE',
      last_updated: `2026-03-01T00:00:${10 + i}Z`,
    });
  await other.waitFor(
    (p) => JSON.stringify(p.stored.get('locations/BE/BEC/LOC1')).includes('00:00:20Z'),
    awaiting('last status'),
  );
  const feed = (await network.hub.admin('GET', '/feed')).json.items as {
    partner_id: string;
    state: string;
    last_error: string;
  }[];
  expect(feed.find((item) => item.partner_id === emsp.partnerId)?.last_error).toContain('refused');
  await emsp.up();
  await inSync(network.hub);
  expect(JSON.stringify(storedAt(emsp, 'locations/BE/BEC/LOC1'))).toContain('00:00:20Z');
  expect(emsp.received.length).toBeLessThan(10);
});

test('a receiver that hangs is paused, and the others get everything meanwhile', async () => {
  await network.stop();
  ({ network, cpo, emsp, other } = await startThree({ FORWARD_TIMEOUT_MS: '150' }));
  emsp.behaviour = () => ({ hang: true });
  for (let i = 0; i < 20; i++) await put(`LOC${i}`, location(`LOC${i}`));
  await other.waitFor((p) => p.stored.size === 20, awaiting('20 locations'));
  await eventually(async () => {
    const items = (await network.hub.admin('GET', '/feed')).json.items as {
      partner_id: string;
      state: string;
    }[];
    return items.find((item) => item.partner_id === emsp.partnerId)?.state === 'PAUSED';
  }, 'the hanging receiver paused');
  emsp.behaviour = undefined;
  await inSync(network.hub);
  expect(emsp.stored.size).toBe(20);
});

test('an eMSP that does not know the location of an EVSE gets the location', async () => {
  await put('LOC1', location('LOC1'));
  await inSync(network.hub);
  emsp.stored.clear();
  await patch('LOC1/E1', { status: 'BLOCKED', last_updated: '2026-04-01T00:00:00Z' });
  await inSync(network.hub);
  expect(emsp.received.slice(1).map((r) => r.segments.join('/'))).toEqual(['BE/BEC/LOC1/E1', 'BE/BEC/LOC1']);
  expect(JSON.stringify(storedAt(emsp, 'locations/BE/BEC/LOC1'))).toContain('BLOCKED');
});

test('a new receiver gets everything that it may see, deleted tariffs and foreign CDRs not', async () => {
  for (let i = 0; i < 30; i++) await put(`LOC${i}`, location(`LOC${i}`));
  await put('T1', tariff('T1'), 'tariffs');
  await put('T2', tariff('T2'), 'tariffs');
  await push(cpo, { method: 'DELETE', module: 'tariffs', path: '/BE/BEC/T2' });
  await push(cpo, { method: 'POST', module: 'cdrs', path: '' }, cdr('C1'));
  const late = await network.join({ parties: [party('EMSP', 'FR', 'LAT')] });
  await inSync(network.hub);
  expect([...late.stored.keys()].filter((k) => k.startsWith('locations/'))).toHaveLength(30);
  expect([...late.stored.keys()].filter((k) => k.startsWith('tariffs/'))).toEqual(['tariffs/BE/BEC/T1']);
  expect(late.received.some((r) => r.module === 'cdrs')).toBe(false);
});

test('a party that a credentials PUT adds gets a full push of its own', async () => {
  await put('LOC1', location('LOC1'));
  await inSync(network.hub);
  await emsp.updateCredentials({ parties: [EMSP, party('EMSP', 'NL', 'NEW')] });
  await inSync(network.hub);
  const to = emsp.received.map((r) => r.headers['ocpi-to-party-id']);
  expect(to).toEqual(['TNM', 'NEW']);
});

test('after a new registration locations come again, and no CDR is posted again', async () => {
  await put('LOC1', location('LOC1'));
  await push(cpo, { method: 'POST', module: 'cdrs', path: '' }, cdr('C1'));
  await inSync(network.hub);
  await emsp.unregister();
  const { json } = await network.hub.admin('POST', `/partners/${emsp.partnerId}/token_a`);
  await emsp.register(network.hub.versionsUrl, String(json.token_a));
  await inSync(network.hub);
  const seen = emsp.received.map((r) => `${r.method} ${String(r.module)}`);
  expect(seen.filter((s) => s === 'POST cdrs')).toHaveLength(1);
  expect(seen.filter((s) => s === 'PUT locations')).toHaveLength(2);
});

test('what a suspended CPO changed reaches the others once it is resumed', async () => {
  const partners = (await network.hub.admin('GET', '/partners')).json.items as { id: string; name: string }[];
  const id = partners.find((p) => p.name === cpo.name)?.id ?? '';
  await put('LOC1', location('LOC1'));
  await inSync(network.hub);
  await network.hub.admin('POST', `/partners/${id}/suspend`);
  const hidden = await emsp.listAll('locations');
  expect(hidden.objects).toEqual([]);
  await network.hub.admin('POST', `/partners/${id}/resume`);
  await put('LOC2', location('LOC2'));
  await inSync(network.hub);
  expect([...emsp.stored.keys()].sort()).toEqual(['locations/BE/BEC/LOC1', 'locations/BE/BEC/LOC2']);
  expect((await emsp.listAll('locations')).objects).toHaveLength(2);
});

test('under policy broadcast: "platform" a platform of two eMSPs gets one push', async () => {
  const twin = await network.join({
    parties: [party('EMSP', 'NL', 'AAA'), party('EMSP', 'NL', 'BBB')],
    policies: { broadcast: 'platform' },
  });
  await put('LOC1', location('LOC1'));
  await inSync(network.hub);
  expect(twin.received.map((r) => r.headers['ocpi-to-party-id'])).toEqual(['AAA']);
});

test('a platform without the module gets nothing of it', async () => {
  const poor = await network.join({
    parties: [party('EMSP', 'NL', 'PRR')],
    offered: [{ identifier: 'tariffs', role: 'RECEIVER' }],
  });
  await put('LOC1', location('LOC1'));
  await put('T1', tariff('T1'), 'tariffs');
  await inSync(network.hub);
  expect(poor.received.map((r) => r.module)).toEqual(['tariffs']);
});

test('digits, unknown fields and last_updated arrive as they were sent', async () => {
  const text = JSON.stringify(tariff('T1')).replace('0.25', '0.250').replace('{', '{"x_custom":{"a":1.10},');
  await cpo.send({
    method: 'PUT',
    module: 'tariffs',
    interface: 'RECEIVER',
    path: '/BE/BEC/T1',
    to: 'hub',
    body: text,
  });
  await inSync(network.hub);
  expect(emsp.received[0]?.body).toBe(text);
});

test('a 200 that is no OCPI answer is not taken for a delivery: the CDR and the location come again', async () => {
  emsp.behaviour = () => ({ http: 200, body: '<html>Bad gateway</html>' });
  await push(cpo, { method: 'POST', module: 'cdrs', path: '' }, cdr('C1'));
  await put('LOC1', location('LOC1'));
  await emsp.waitFor(
    (p) => p.received.some((r) => r.module === 'cdrs') && p.received.some((r) => r.module === 'locations'),
    awaiting('both tried'),
  );
  expect((await network.hub.admin('GET', '/deliveries?state=delivered')).json.items).toEqual([]);
  emsp.behaviour = undefined;
  await inSync(network.hub);
  expect([...emsp.stored.keys()].sort()).toEqual(['cdrs/BE/BEC/C1', 'locations/BE/BEC/LOC1']);
  expect((await network.hub.admin('GET', '/deliveries?state=failed')).json.items).toEqual([]);
});
