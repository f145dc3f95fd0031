import type { SimulatedPlatform } from '../../../src/simulator/simulated-platform';
import type { Override, Sending } from '../../../src/simulator/types';
import {
  EMSP,
  party,
  push,
  startThree,
  token,
  type Fields,
  type Joined,
  type Network,
} from '../../support/network';

/* Real-time authorization (mod_tokens, Sender POST; semantics 29, 29a, 41). */

let network: Network;
let cpo: Joined;
let emsp: Joined;
let other: Joined;

beforeAll(async () => {
  ({ network, cpo, emsp, other } = await startThree());
});
afterAll(() => network.stop());
afterEach(() => {
  emsp.behaviour = other.behaviour = undefined;
});

const authorize = (uid: string, extra: Partial<Sending> = {}): ReturnType<SimulatedPlatform['send']> =>
  cpo.send({
    method: 'POST',
    module: 'tokens',
    interface: 'SENDER',
    path: `/${uid}/authorize`,
    ...extra,
  });
const answers = (data: Fields | Override): SimulatedPlatform['behaviour'] => {
  const override = 'allowed' in data ? { data: data as Record<string, string> } : (data as Override);
  return ({ path }) => (path.endsWith('/authorize') ? override : undefined);
};
const own = (platform: SimulatedPlatform, uid: string, fields: Fields = {}): Promise<unknown> => {
  const owner = platform.parties[0] ?? EMSP;
  const { country_code, party_id } = owner;
  const body = token(uid, { country_code, party_id, ...fields });
  const type = typeof fields.type === 'string' ? `?type=${fields.type}` : '';
  return push(
    platform,
    { method: 'PUT', module: 'tokens', path: `/${country_code}/${party_id}/${uid}${type}` },
    body,
  );
};
const asked = (platform: SimulatedPlatform): number =>
  platform.received.filter(({ path }) => path.endsWith('/authorize')).length;

describe('to a named party', () => {
  test('is relayed with body and type, and answered by it', async () => {
    emsp.behaviour = answers({ allowed: 'ALLOWED', authorization_reference: 'REF' });
    const body = '{"location_id":"LOC1","evse_uids":["E1"],"x":1.0}';
    const answer = await authorize('U1', { to: EMSP, body, query: { type: 'APP_USER' } });
    expect(answer.data).toEqual({ allowed: 'ALLOWED', authorization_reference: 'REF' });
    expect(emsp.received.at(-1)).toMatchObject({
      path: '/ocpi/2.2.1/sender/tokens/U1/authorize',
      query: { type: 'APP_USER' },
      body,
    });
  });

  test('without a body goes out without one', async () => {
    emsp.behaviour = answers({ allowed: 'BLOCKED' });
    expect((await authorize('U1', { to: EMSP })).data).toEqual({ allowed: 'BLOCKED' });
    expect(emsp.received.at(-1)?.body).toBe('');
  });

  test('404 with 2004 and 2002 are relayed', async () => {
    const unknown = await authorize('NONE', { to: EMSP });
    expect([unknown.http, unknown.status]).toEqual([404, 2004]);
    emsp.behaviour = answers({ status_code: 2002 });
    const little = await authorize('U1', { to: EMSP });
    expect([little.http, little.status]).toEqual([200, 2002]);
  });

  test('with LocationReferences that break the definition is 2001 and does not go out', async () => {
    const before = asked(emsp);
    for (const body of ['{"evse_uids":["E1"]}', '7', '[1]'])
      expect((await authorize('U1', { to: EMSP, body })).status).toBe(2001);
    expect((await authorize('U1', { to: EMSP, body: '{' })).http).toBe(400);
    expect(asked(emsp)).toBe(before);
  });

  test('by an eMSP is refused', async () => {
    const request = { method: 'POST', module: 'tokens', interface: 'SENDER' } as const;
    const answer = await other.send({ ...request, path: '/U1/authorize', to: EMSP });
    expect(answer.status).toBe(2001);
  });
});

describe('without a receiver', () => {
  test.each([undefined, 'hub'] as const)('(TO %s) goes to the owner of uid and type', async (to) => {
    await own(emsp, 'K1');
    await own(other, 'K1', { type: 'APP_USER' });
    emsp.behaviour = answers({ allowed: 'ALLOWED' });
    other.behaviour = answers({ allowed: 'NO_CREDIT' });
    const rfid = await authorize('k1', { to });
    expect([rfid.data, rfid.headers['ocpi-from-party-id']]).toEqual([{ allowed: 'ALLOWED' }, 'TNM']);
    expect(emsp.received.at(-1)?.headers['ocpi-to-party-id']).toBe('TNM');
    const app = await authorize('K1', { to, query: { type: 'APP_USER' } });
    expect([app.data, app.headers['ocpi-from-party-id']]).toEqual([{ allowed: 'NO_CREDIT' }, 'DEM']);
  });

  test('of a uid of two eMSPs is 4001, which names both', async () => {
    await own(emsp, 'TWICE');
    await own(other, 'TWICE');
    const before = asked(emsp) + asked(other);
    const answer = await authorize('TWICE');
    expect([answer.http, answer.status]).toEqual([200, 4001]);
    expect(answer.message).toMatch(/NL\/TNM.*DE\/DEM/);
    expect(asked(emsp) + asked(other)).toBe(before);
  });

  test('of a token that no one pushed is 404 with 2004, and asks nobody', async () => {
    const before = asked(emsp) + asked(other);
    const answer = await authorize('NOBODY');
    expect([answer.http, answer.status]).toEqual([404, 2004]);
    expect(asked(emsp) + asked(other)).toBe(before);
  });
});

describe('of a token that no one pushed, with eMSPs that answer for such', () => {
  let silent: SimulatedPlatform;
  beforeAll(async () => {
    silent = await network.join({ parties: [party('EMSP', 'FR', 'SIL')] });
    for (const { partnerId } of [emsp, other])
      await network.hub.admin('PATCH', `/partners/${partnerId}`, { authorize_unknown_tokens: true });
  });

  test('asks those that said so, all at once; the first ALLOWED wins', async () => {
    let answer: (value: unknown) => void = () => undefined;
    const until = new Promise((resolve) => (answer = resolve));
    emsp.behaviour = answers({ until, data: { allowed: 'BLOCKED' } });
    other.behaviour = answers({ allowed: 'ALLOWED' });
    const given = await authorize('X1', { body: '{"location_id":"LOC1"}', correlationId: 'COR-9' });
    answer(undefined);
    expect(given.data).toEqual({ allowed: 'ALLOWED' });
    expect(given.headers).toMatchObject({ 'ocpi-from-party-id': 'DEM', 'ocpi-to-party-id': 'BEC' });
    for (const [platform, to] of [
      [emsp, 'TNM'],
      [other, 'DEM'],
    ] as const)
      expect(platform.received.at(-1)).toMatchObject({
        body: '{"location_id":"LOC1"}',
        headers: { 'ocpi-to-party-id': to, 'ocpi-from-party-id': 'BEC', 'x-correlation-id': 'COR-9' },
      });
    expect(asked(silent)).toBe(0);
  });

  test('else the first that knows the token; one that does not know it, or is dead, does not count', async () => {
    other.behaviour = answers({ allowed: 'EXPIRED' });
    const known = await authorize('X2');
    expect([known.data, known.headers['ocpi-from-party-id']]).toEqual([{ allowed: 'EXPIRED' }, 'DEM']);
    emsp.behaviour = answers({ reset: true });
    expect((await authorize('X2')).data).toEqual({ allowed: 'EXPIRED' });
  });

  test('else it is unknown: 404 with 2004', async () => {
    emsp.behaviour = answers({ reset: true });
    const answer = await authorize('X3');
    expect([answer.http, answer.status]).toEqual([404, 2004]);
  });
});
