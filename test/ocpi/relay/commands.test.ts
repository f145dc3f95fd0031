import type { SimulatedPlatform } from '../../../src/simulator/simulated-platform';
import type { PartyId, ReceivedRequest, Sending } from '../../../src/simulator/types';
import {
  CPO,
  EMSP,
  EMSP2,
  eventually,
  lastReceived,
  location,
  party,
  push,
  session,
  startThree,
  token,
  type Fields,
  type Joined,
  type Network,
} from '../../support/network';

/* Both legs of the commands (mod_commands; semantics 26, 29). */

let network: Network;
let cpo: Joined;
let emsp: Joined;
let other: Joined;

beforeAll(async () => {
  ({ network, cpo, emsp, other } = await startThree());
  await push(cpo, { method: 'PUT', module: 'locations', path: '/BE/BEC/LOC1' }, location('LOC1'));
  await push(cpo, { method: 'PUT', module: 'sessions', path: '/BE/BEC/SES1' }, session('SES1'));
});
afterAll(() => network.stop());
afterEach(() => {
  cpo.behaviour = emsp.behaviour = undefined;
});

type Sent = ReturnType<SimulatedPlatform['send']>;
const own = (tail: string, by = emsp): string =>
  `http://127.0.0.1:${by.port}/ocpi/2.2.1/sender/commands/${tail}`;
const BODIES: Record<string, Fields> = {
  START_SESSION: { token: token('T1'), location_id: 'LOC1' },
  STOP_SESSION: { session_id: 'SES1' },
  RESERVE_NOW: {
    token: token('T1'),
    location_id: 'LOC1',
    reservation_id: 'RES1',
    expiry_date: '2099-01-01T00:00:00Z',
  },
  CANCEL_RESERVATION: { reservation_id: 'RES1' },
  UNLOCK_CONNECTOR: { location_id: 'LOC1', evse_uid: 'E1', connector_id: '1' },
};
const COMMANDS = Object.keys(BODIES);

function command(name: string, fields: Fields = {}, extra: Partial<Sending> = {}): Sent {
  const body = { response_url: own(`${name}/my%20id?x=1`), ...BODIES[name], ...fields };
  return emsp.send({
    method: 'POST',
    module: 'commands',
    interface: 'RECEIVER',
    path: `/${name}`,
    to: CPO,
    body: JSON.stringify(body),
    correlationId: 'COR-C',
    ...extra,
  });
}
const urlIn = (request: ReceivedRequest): string => String((request.json as Fields).response_url);
const post = (url: string, body: unknown = { result: 'ACCEPTED' }, by = cpo, from?: PartyId | null): Sent =>
  by.sendTo(url, {
    method: 'POST',
    to: EMSP,
    body: typeof body === 'string' ? body : JSON.stringify(body),
    ...(from === undefined ? {} : { from }),
  });
const results = (platform = emsp): ReceivedRequest[] =>
  platform.received.filter(({ path }) => path.startsWith('/ocpi/2.2.1/sender/commands/'));

describe.each(COMMANDS)('%s', (name) => {
  test('goes to the named CPO with a URL of the hub; its result comes back to the original one', async () => {
    const answer = await command(name, { x_own: 1 });
    expect([answer.http, answer.status]).toEqual([200, 1000]);
    expect(answer.data).toEqual({ result: 'ACCEPTED', timeout: 30 });
    expect(answer.headers['ocpi-from-party-id']).toBe('BEC');
    const request = lastReceived(cpo);
    expect(request.path).toBe(`/ocpi/2.2.1/receiver/commands/${name}`);
    expect(request.headers).toMatchObject({ 'x-correlation-id': 'COR-C', 'ocpi-from-party-id': 'TNM' });
    expect(request.json).toMatchObject({ ...BODIES[name], x_own: 1 });
    const url = urlIn(request);
    expect(url).toMatch(new RegExp(`^${network.hub.url}/ocpi/2.2.1/sender/commands/[A-Za-z0-9_-]{43}$`));
    expect(url.length).toBeLessThanOrEqual(255);
    const posted = await post(url, '{"result":"ACCEPTED", "x":1.0}');
    expect([posted.http, posted.status]).toEqual([200, 1000]);
    expect(posted.headers).toMatchObject({ 'ocpi-from-party-id': 'TNM', 'ocpi-to-party-id': 'BEC' });
    expect(lastReceived(emsp)).toMatchObject({
      method: 'POST',
      path: `/ocpi/2.2.1/sender/commands/${name}/my%20id`,
      query: { x: '1' },
      body: '{"result":"ACCEPTED", "x":1.0}',
      headers: {
        'ocpi-from-country-code': 'BE',
        'ocpi-from-party-id': 'BEC',
        'ocpi-to-country-code': 'NL',
        'ocpi-to-party-id': 'TNM',
      },
    });
  });

  const required = ['response_url', ...Object.keys(BODIES[name] ?? {})];
  test.each(required)('without %s is 2001 that names it, and does not go out', async (field) => {
    const before = cpo.received.length;
    const answer = await command(name, { [field]: undefined });
    expect([answer.http, answer.status]).toEqual([200, 2001]);
    expect(answer.message).toContain(field);
    expect(cpo.received).toHaveLength(before);
  });

  test('that is no JSON is 400, that is no object 2001', async () => {
    expect((await command(name, {}, { body: '{' })).http).toBe(400);
    expect((await command(name, {}, { body: '' })).http).toBe(400);
    expect((await command(name, {}, { body: '[]' })).status).toBe(2001);
  });
});

describe('a result', () => {
  test('is delivered before the CPO gets its answer, which is the eMSP’s', async () => {
    await command('START_SESSION');
    emsp.behaviour = (request) =>
      request.module === 'commands' ? { status_code: 2000, status_message: 'too late' } : undefined;
    const before = results().length;
    const answer = await post(urlIn(lastReceived(cpo)));
    expect([answer.status, answer.message]).toEqual([2000, 'too late']);
    expect(results()).toHaveLength(before + 1);
  });

  test('may come before the answer to its command', async () => {
    cpo.behaviour = async (request) => {
      if (request.module !== 'commands') return undefined;
      expect((await post(urlIn(request))).status).toBe(1000);
      return undefined;
    };
    const before = results().length;
    expect((await command('START_SESSION')).status).toBe(1000);
    expect(results()).toHaveLength(before + 1);
  });

  test('may come twice: both are delivered', async () => {
    await command('START_SESSION');
    const url = urlIn(lastReceived(cpo));
    const before = results().length;
    expect((await post(url)).status).toBe(1000);
    expect((await post(url, { result: 'CANCELED_RESERVATION' })).status).toBe(1000);
    expect(results()).toHaveLength(before + 2);
  });

  test('of another platform is 404, FROM a party that is not the poster’s 2001', async () => {
    await command('START_SESSION');
    const url = urlIn(lastReceived(cpo));
    const before = results().length;
    expect((await post(url, { result: 'ACCEPTED' }, other)).http).toBe(404);
    expect((await post(url, { result: 'ACCEPTED' }, emsp)).http).toBe(404);
    expect((await post(url, { result: 'ACCEPTED' }, cpo, EMSP2)).status).toBe(2001);
    expect((await post(url, { result: 'ACCEPTED' }, cpo, null)).status).toBe(1000);
    expect(results()).toHaveLength(before + 1);
  });

  test('at a URL that was never handed out is 404, by another method 405', async () => {
    const url = `${network.hub.url}/ocpi/2.2.1/sender/commands/${'A'.repeat(43)}`;
    expect((await post(url)).http).toBe(404);
    expect((await cpo.sendTo(url, { method: 'GET' })).http).toBe(405);
  });

  test('that is none is 2001 or 400 and is not delivered', async () => {
    await command('START_SESSION');
    const url = urlIn(lastReceived(cpo));
    const before = results().length;
    expect((await post(url, { result: 'PERHAPS' })).status).toBe(2001);
    expect((await post(url, {})).status).toBe(2001);
    expect((await post(url, '{')).http).toBe(400);
    expect(results()).toHaveLength(before);
  });

  test('for an eMSP that is out of reach is 4003, that hangs 4002', async () => {
    await command('START_SESSION');
    const url = urlIn(lastReceived(cpo));
    await emsp.down();
    expect((await post(url)).status).toBe(4003);
    await emsp.up();
    emsp.behaviour = (request) => (request.module === 'commands' ? { hang: true } : undefined);
    expect((await post(url)).status).toBe(4002);
  });

  test('that comes after the answered timeout and a margin is 404', async () => {
    cpo.behaviour = (request) =>
      request.module === 'commands' ? { data: { result: 'ACCEPTED', timeout: 0 } } : undefined;
    await command('START_SESSION');
    const url = urlIn(lastReceived(cpo));
    expect((await post(url)).status).toBe(1000);
    const { pool } = network.hub.context.database;
    // the timeout is 0, so it is open for the margin alone; that is stored soon after the answer
    await eventually(async () => {
      const { rows } = await pool.query<{ s: number | null }>(
        `select extract(epoch from min(expires_at) - now())::float8 as s from callback`,
      );
      return (rows[0]?.s ?? 900) <= 60;
    }, 'the answered timeout is stored');
    await pool.query(`update callback set expires_at = expires_at - interval '61 seconds'`);
    expect((await post(url)).http).toBe(404);
  });

  test('of a RESERVE_NOW may come until its expiry_date: a CPO may cancel later', async () => {
    await command('RESERVE_NOW', { reservation_id: 'LATE' });
    const url = urlIn(lastReceived(cpo));
    await network.hub.context.database.pool.query(
      `update callback set expires_at = expires_at - interval '1 day' where expires_at < now() + interval '1 year'`,
    );
    expect((await post(url, { result: 'CANCELED_RESERVATION' })).status).toBe(1000);
  });
});

describe('without a receiver', () => {
  test.each(COMMANDS)('%s finds its CPO by what it names, with TO = hub and without TO', async (name) => {
    if (name === 'CANCEL_RESERVATION') await command('RESERVE_NOW');
    for (const to of [undefined, 'hub'] as const) {
      const answer = await command(name, {}, { to });
      expect([answer.status, answer.headers['ocpi-from-party-id']]).toEqual([1000, 'BEC']);
      expect(lastReceived(cpo).headers['ocpi-to-party-id']).toBe('BEC');
      expect((await post(urlIn(lastReceived(cpo)))).status).toBe(1000);
    }
  });

  test('an unknown location is 2003, an unknown session or reservation 4001', async () => {
    const status = async (name: string, fields: Fields): Promise<unknown> =>
      (await command(name, fields, { to: undefined })).status;
    expect(await status('START_SESSION', { location_id: 'NONE' })).toBe(2003);
    expect(await status('UNLOCK_CONNECTOR', { location_id: 'NONE' })).toBe(2003);
    expect(await status('STOP_SESSION', { session_id: 'NONE' })).toBe(4001);
    expect(await status('CANCEL_RESERVATION', { reservation_id: 'NONE' })).toBe(4001);
  });

  test('a session of another eMSP is not found', async () => {
    const body = { response_url: own('x', other), session_id: 'SES1' };
    const answer = await other.send({
      method: 'POST',
      module: 'commands',
      interface: 'RECEIVER',
      path: '/STOP_SESSION',
      body: JSON.stringify(body),
    });
    expect(answer.status).toBe(4001);
  });

  test('a RESERVE_NOW that was not accepted leaves nothing to cancel', async () => {
    cpo.behaviour = (request) =>
      request.module === 'commands' ? { data: { result: 'REJECTED', timeout: 1 } } : undefined;
    await command('RESERVE_NOW', { reservation_id: 'NO' });
    cpo.behaviour = undefined;
    const answer = await command('CANCEL_RESERVATION', { reservation_id: 'NO' }, { to: undefined });
    expect(answer.status).toBe(4001);
  });

  test('a RESERVE_NOW whose answer was lost can be cancelled, and its result may come until expiry_date', async () => {
    cpo.behaviour = (request) => (request.module === 'commands' ? { hang: true } : undefined);
    expect((await command('RESERVE_NOW', { reservation_id: 'LOST' }, { timeoutMs: 20_000 })).status).toBe(
      4002,
    );
    const url = urlIn(lastReceived(cpo));
    cpo.behaviour = undefined;
    const answer = await command('CANCEL_RESERVATION', { reservation_id: 'LOST' }, { to: undefined });
    expect([answer.status, answer.headers['ocpi-from-party-id']]).toEqual([1000, 'BEC']);
    await network.hub.context.database.pool.query(
      `update callback set expires_at = expires_at - interval '1 day' where expires_at < now() + interval '1 year'`,
    );
    expect((await post(url, { result: 'CANCELED_RESERVATION' })).status).toBe(1000);
  });

  test('a location id of two CPOs is 4001 that names both, and neither is asked', async () => {
    const second = await network.join({ parties: [party('CPO', 'FR', 'SEC')] });
    const fields = { country_code: 'FR', party_id: 'SEC' };
    await push(
      second,
      { method: 'PUT', module: 'locations', path: '/FR/SEC/LOC2' },
      location('LOC2', { fields }),
    );
    await push(cpo, { method: 'PUT', module: 'locations', path: '/BE/BEC/LOC2' }, location('LOC2'));
    const before = cpo.received.length + second.received.length;
    const answer = await command('START_SESSION', { location_id: 'LOC2' }, { to: undefined });
    expect(answer.status).toBe(4001);
    expect(answer.message).toMatch(/BE\/BEC.*FR\/SEC|FR\/SEC.*BE\/BEC/);
    expect(cpo.received.length + second.received.length).toBe(before);
  });
});

test('a CPO may not send commands', async () => {
  const body = { response_url: own('x', cpo), ...BODIES.STOP_SESSION };
  const answer = await cpo.send({
    method: 'POST',
    module: 'commands',
    interface: 'RECEIVER',
    path: '/STOP_SESSION',
    to: EMSP,
    body: JSON.stringify(body),
  });
  expect(answer.status).toBe(2001);
});

test('a response_url of 256 characters, or that is no URL, is 2001', async () => {
  const long = own('x'.repeat(256));
  expect((await command('STOP_SESSION', { response_url: long })).status).toBe(2001);
  expect((await command('STOP_SESSION', { response_url: 'ftp://x/y' })).status).toBe(2001);
  expect((await command('STOP_SESSION', { response_url: 7 })).status).toBe(2001);
});

test('an unknown command is 404', async () => {
  expect((await command('DANCE')).http).toBe(404);
});

describe('a platform with several parties', () => {
  const ONE = party('CPO', 'GB', 'ONE');
  const TWO = party('CPO', 'GB', 'TWO');

  test('is sent each command TO the party that it is for, and answers as that one', async () => {
    const platform = await network.join({ parties: [ONE, TWO] });
    const answer = await command('STOP_SESSION', {}, { to: TWO });
    expect([answer.status, answer.headers['ocpi-from-party-id']]).toEqual([1000, 'TWO']);
    expect(lastReceived(platform).headers['ocpi-to-party-id']).toBe('TWO');
    const url = urlIn(lastReceived(platform));
    expect((await post(url, { result: 'ACCEPTED' }, platform, TWO)).status).toBe(1000);
    expect(lastReceived(emsp).headers['ocpi-from-party-id']).toBe('TWO');
    expect((await post(url, { result: 'ACCEPTED' }, platform, null)).status).toBe(1000);
    expect(lastReceived(emsp).headers['ocpi-from-party-id']).toBe('TWO');
  });
});

test('a command keeps its bytes but for its response_url, that of an inner object too', async () => {
  const text = (url: string): string =>
    ` {"response_url" : "${url}" ,\n "session_id":"SES1", "x":[ 1.50 ,{ "response_url":"keep" } ], "u":"\\u00e4" } `;
  expect((await command('STOP_SESSION', {}, { body: text(own('bytes')) })).status).toBe(1000);
  expect(lastReceived(cpo).body).toBe(text(urlIn(lastReceived(cpo))));
});
