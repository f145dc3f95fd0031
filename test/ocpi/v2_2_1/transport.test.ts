import net from 'node:net';
import { callHub, HandshakePlatform, role, type Answer, type Loose } from '../../support/handshake-platform';
import { startHub, type TestHub } from '../../support/hub';

/* What holds for every request, whatever its module (semantics 1 to 9). */

let hub: TestHub;
let token_a: string;
let token: string;
let peer: HandshakePlatform;
let id: string;

beforeAll(async () => {
  hub = await startHub();
  ({ token_a } = await hub.partner('invited'));
  peer = await new HandshakePlatform().start();
  peer.roles = [role({ party_id: 'CPA' }), role({ party_id: 'EMA', role: 'EMSP' })];
  const partner = await hub.partner('registered');
  id = partner.id;
  const url = `${hub.url}/ocpi/2.2.1/credentials`;
  const made = await callHub(url, { method: 'POST', token: partner.token_a, body: peer.credentials() });
  token = made.json.data.token;
});

afterAll(async () => {
  await hub.stop();
  await peer.stop();
});

const FROM_CPO = { 'OCPI-from-country-code': 'NL', 'OCPI-from-party-id': 'CPA' };
const FROM_EMSP = { 'OCPI-from-country-code': 'NL', 'OCPI-from-party-id': 'EMA' };

function call(method: string, path: string, options: Partial<Parameters<typeof callHub>[1]> = {}) {
  return callHub(`${hub.url}/ocpi/${path}`, { method, token, ...options });
}

const outcome = ({ http, json }: Answer): [number, number] => [http, json.status_code];

/** What the hub answers to these bytes. */
function raw(text: string): Promise<{ http: number; head: string; json: Loose }> {
  const { port } = new URL(hub.url);
  return new Promise((resolve, reject) => {
    let answer = '';
    const socket = net.connect(Number(port), '127.0.0.1', () => socket.write(text));
    socket.on('data', (chunk) => (answer += chunk.toString()));
    socket.on('error', reject);
    socket.on('close', () => {
      const [head = '', body = ''] = answer.split('\r\n\r\n');
      resolve({ http: Number(head.split(' ')[1]), head, json: JSON.parse(body) });
    });
  });
}

describe('token A', () => {
  it.each([
    ['GET', '2.2.1/receiver/hubclientinfo/NL/CPA'],
    ['GET', '2.2.1/nonsense'],
    ['GET', '2.2.1/sender'],
    ['PATCH', '2.2.1/receiver/tariffs/NL/CPA/T1'],
    ['POST', '2.2.1/sender/hubclientinfo'],
  ])('does not open %s %s, not even to say that it is not there', async (method, path) => {
    expect(outcome(await call(method, path, { token: token_a }))).toEqual([401, 2001]);
  });

  it.each([
    ['GET', '2.1.1', 404],
    ['GET', '2.2.1/credentials/x', 404],
    ['PATCH', '2.2.1/credentials', 405],
    ['POST', 'versions', 405],
  ])('is told of versions and credentials: %s %s is %i', async (method, path, http) => {
    expect((await call(method, path, { token: token_a })).http).toBe(http);
  });
});

describe('a path that is not there', () => {
  it.each([
    ['GET', '2.2.1/locations', 'no such endpoint: 2.2.1/locations; see GET /ocpi/2.2.1'],
    [
      'POST',
      '2.2.1/commands/start_session',
      'no such endpoint: 2.2.1/commands/start_session; see GET /ocpi/2.2.1',
    ],
    ['GET', '2.1.1/locations', 'no such endpoint: 2.1.1/locations; see GET /ocpi/versions'],
    [
      'PUT',
      '2.2.1/receiver/locations',
      'no such endpoint: 2.2.1/receiver/locations; it goes on, as ' +
        '2.2.1/receiver/locations/:country_code/:party_id/:location_id; see GET /ocpi/2.2.1',
    ],
  ])('is answered with where to look: %s %s', async (method, path, status_message) => {
    const { http, json } = await call(method, path, { token });
    expect([http, json]).toMatchObject([404, { status_code: 2000, status_message }]);
  });

  it('is repeated up to a bound', async () => {
    const { json } = await call('GET', `2.2.1/${'x'.repeat(5000)}`, { token });
    expect(json.status_message.length).toBeLessThan(300);
  });

  it.each([
    ['POST', '2.2.1/sender/locations', 'GET'],
    ['PUT', '2.2.1/sender/tokens', 'GET'],
  ])('is none where another method is served: %s %s is 405, allowed: %s', async (method, path, allow) => {
    const { http, headers } = await call(method, path, { token });
    expect([http, headers.get('allow')]).toEqual([405, allow]);
  });
});

describe('every answer is an envelope', () => {
  it.each(['/favicon.ico', '/OCPI/versions', '/ocpi', '/ocpi?x=1'])(
    'and has the ids: GET %s',
    async (path) => {
      const headers = { 'X-Request-ID': 'r1', 'X-Correlation-ID': 'c1' };
      const { http, json, headers: answered } = await callHub(`${hub.url}${path}`, { token, headers });
      expect(http).toBe(404);
      expect(json).toEqual({
        status_code: 2000,
        status_message: expect.any(String),
        timestamp: expect.stringMatching(/Z$/),
      });
      expect(answered.get('content-type')).toBe('application/json');
      expect([answered.get('x-request-id'), answered.get('x-correlation-id')]).toEqual(['r1', 'c1']);
    },
  );

  it.each([
    ['no HTTP', 'NONSENSE\r\n\r\n', 400],
    ['an unknown method', 'BREW /ocpi/versions HTTP/1.1\r\nHost: hub\r\n\r\n', 400],
    [
      'a length that is no number',
      'PUT /ocpi/2.2.1/credentials HTTP/1.1\r\nHost: hub\r\nContent-Length: x\r\n\r\n',
      400,
    ],
    ['long headers', `GET /ocpi/versions HTTP/1.1\r\nHost: hub\r\nX: ${'x'.repeat(20_000)}\r\n\r\n`, 431],
  ])('also to %s', async (_what, text, status) => {
    const { http, head, json } = await raw(text);
    expect(http).toBe(status);
    expect(head).toMatch(/\r\nContent-Type: application\/json\r\n/i);
    expect(json).toEqual({
      status_code: 2000,
      status_message: expect.any(String),
      timestamp: expect.stringMatching(/Z$/),
    });
  });
});

it('takes a request line with the whole URL, as proxies send it', async () => {
  const authorization = `Authorization: Token ${Buffer.from(token).toString('base64')}`;
  const lines = ['GET http://hub.example/ocpi/versions HTTP/1.1', 'Host: hub', 'Connection: close'];
  const { http, json } = await raw(`${[...lines, authorization].join('\r\n')}\r\n\r\n`);
  expect([http, json.status_code]).toEqual([200, 1000]);
});

it.each(['with a blank', 'x'.repeat(1000), 'a,b;c="d"'])('echoes the ids as they came: %#', async (sent) => {
  const headers = { 'X-Request-ID': sent, 'X-Correlation-ID': sent };
  const { headers: answered } = await call('GET', 'versions', { headers });
  expect([answered.get('x-request-id'), answered.get('x-correlation-id')]).toEqual([sent, sent]);
});

describe('an id with U+0000, which nothing has', () => {
  const body = { last_updated: '2024-01-01T00:00:00Z' };
  it.each([
    ['GET', 'receiver/locations/NL/CPA/a%00b', FROM_CPO, undefined, 404],
    ['PATCH', 'receiver/locations/NL/CPA/a%00b', FROM_CPO, body, 404],
    ['PATCH', 'receiver/tokens/NL/EMA/%00', FROM_EMSP, body, 404],
    ['GET', 'receiver/tokens/NL/EMA/x?type=%00', FROM_EMSP, undefined, 404],
    ['DELETE', 'receiver/tariffs/NL/CPA/%00', FROM_CPO, undefined, 404],
    ['GET', 'receiver/cdrs/NL/CPA/%00', FROM_CPO, undefined, 404],
    ['GET', 'sender/locations/%00', FROM_EMSP, undefined, 404],
    ['POST', 'sender/tokens/%00/authorize', FROM_CPO, undefined, 404],
  ])('%s %s', async (method, path, headers, sent, http) => {
    const answer = await call(method, `2.2.1/${path}`, { headers, body: sent });
    expect(answer.http).toBe(http);
    expect(answer.json.status_code).toBeGreaterThanOrEqual(2000);
    expect(answer.json.status_code).toBeLessThan(3000);
  });

  const profile = { start_date_time: '2024-01-01T00:00:00Z', charging_profile: { charging_rate_unit: 'W' } };

  it.each([
    ['PUT', 'sender/sessions/%00/charging_preferences', FROM_EMSP, { profile_type: 'CHEAP' }],
    ['PATCH', 'receiver/sessions/NL/CPA/%00', FROM_CPO, body],
    ['PUT', 'sender/chargingprofiles/%00', FROM_CPO, profile],
    ['DELETE', 'receiver/chargingprofiles/%00?response_url=http%3A%2F%2Flocalhost%2Fx', FROM_EMSP, undefined],
  ])('%s %s finds no receiver', async (method, path, headers, sent) => {
    const answer = await call(method, `2.2.1/${path}`, { headers, body: sent });
    expect(outcome(answer)).toEqual([200, 4001]);
  });
});

describe('dates in a query', () => {
  const asked = async (date: string) =>
    outcome(await call('GET', `2.2.1/sender/tariffs?date_from=${date}`, { headers: FROM_EMSP }));

  it.each(['2024-02-30T00:00:00Z', '2023-02-29T00:00:00', '2024-05-01T24:00:00Z'])(
    '%s is on no calendar: 2001',
    async (date) => expect(await asked(date)).toEqual([200, 2001]),
  );

  it.each(['2024-05-01T00:00:00%2B00:00', '2024-05-01T00:00:00+02:00'])(
    '%s has an offset: 2001, understood where lenient',
    async (date) => {
      expect(await asked(date)).toEqual([200, 2001]);
      await hub.admin('PATCH', `/partners/${id}`, { validation: 'lenient' });
      expect(await asked(date)).toEqual([200, 1000]);
      await hub.admin('PATCH', `/partners/${id}`, { validation: 'strict' });
    },
  );
});
