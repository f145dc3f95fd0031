import { callHub, HandshakePlatform, role } from '../../support/handshake-platform';
import { startHub, type TestHub } from '../../support/hub';

let hub: TestHub;
let token_a: string;

beforeAll(async () => {
  hub = await startHub();
  ({ token_a } = await hub.partner('P'));
});

afterAll(() => hub.stop());

const MODULES = ['cdrs', 'chargingprofiles', 'commands', 'locations', 'sessions', 'tariffs', 'tokens'];

describe('versions', () => {
  it('is a list with absolute URLs', async () => {
    const { http, json } = await callHub(hub.versionsUrl, { token: token_a });
    expect(http).toBe(200);
    expect(json).toMatchObject({ status_code: 1000, timestamp: expect.stringMatching(/Z$/) });
    expect(json.data).toEqual([{ version: '2.2.1', url: `${hub.url}/ocpi/2.2.1` }]);
  });

  it('ignores a / at the end', async () => {
    expect((await callHub(`${hub.versionsUrl}/`, { token: token_a })).http).toBe(200);
  });

  it.each([undefined, 'Token', 'Token unknown', 'Bearer x', 'Basic x'])(
    'answers 401 with an envelope to %p',
    async (authorization) => {
      const { http, json } = await callHub(
        hub.versionsUrl,
        authorization === undefined ? {} : { authorization },
      );
      expect(http).toBe(401);
      expect(json).toMatchObject({ status_code: expect.any(Number), timestamp: expect.any(String) });
      expect(json).not.toHaveProperty('data');
    },
  );

  it('echoes the ids, or makes them', async () => {
    const headers = { 'X-Request-ID': 'r1', 'x-correlation-id': 'c1' };
    const echoed = await callHub(hub.versionsUrl, { token: token_a, headers });
    expect([echoed.headers.get('x-request-id'), echoed.headers.get('x-correlation-id')]).toEqual([
      'r1',
      'c1',
    ]);
    const made = await callHub(hub.versionsUrl, { headers: {} });
    expect([made.headers.get('x-request-id'), made.headers.get('x-correlation-id')].every(Boolean)).toBe(
      true,
    );
  });

  it.each(['POST', 'PUT', 'PATCH', 'DELETE'])('answers 405 to %s', async (method) => {
    expect((await callHub(hub.versionsUrl, { method, token: token_a })).http).toBe(405);
  });

  it('answers 404 to an unknown version', async () => {
    expect((await callHub(`${hub.url}/ocpi/2.1.1`, { token: token_a })).http).toBe(404);
  });
});

describe('version details', () => {
  it('lists the seven modules with both roles, hubclientinfo as SENDER and credentials once', async () => {
    const { json } = await callHub(`${hub.url}/ocpi/2.2.1`, { token: token_a });
    expect(json.data.version).toBe('2.2.1');
    const list = json.data.endpoints as { identifier: string; role: string; url: string }[];
    const names = list.map(({ identifier, role: side }) => `${identifier} ${side}`).sort();
    const both = MODULES.flatMap((module) => [`${module} RECEIVER`, `${module} SENDER`]);
    expect(names).toEqual([...both, 'credentials SENDER', 'hubclientinfo SENDER'].sort());
    expect(new Set(list.map(({ url }) => url)).size).toBe(list.length);
    expect(list.every(({ url }) => url.startsWith(`${hub.url}/ocpi/2.2.1/`))).toBe(true);
  });

  it('lists only what is served', async () => {
    const peer = await new HandshakePlatform().start();
    peer.roles = [role({ party_id: 'VER' })];
    const { token } = (
      await callHub(`${hub.url}/ocpi/2.2.1/credentials`, {
        method: 'POST',
        token: token_a,
        body: peer.credentials(),
      })
    ).json.data;
    const { json } = await callHub(`${hub.url}/ocpi/2.2.1`, { token });
    for (const { url } of json.data.endpoints as { url: string }[]) {
      expect((await callHub(`${url}/x/y/z/a/b/c/d`, { token })).http).toBe(404);
      expect((await callHub(url, { method: 'OPTIONS', token })).json.status_code).toBeGreaterThan(1999);
    }
    await peer.stop();
  });
});
