import http from 'node:http';
import type { SimulatedPlatform } from '../../../src/simulator/simulated-platform';
import type { Override, ReceivedRequest, Sending } from '../../../src/simulator/types';
import {
  CPO,
  EMSP,
  location,
  EMSP2,
  startThree,
  tariff,
  type Joined,
  type Network,
} from '../../support/network';

let network: Network;
let cpo: Joined;
let emsp: Joined;
let other: Joined;
const SECOND = EMSP2;

beforeAll(async () => {
  ({ network, cpo, emsp, other } = await startThree());
});
afterAll(() => network.stop());
afterEach(() => {
  cpo.behaviour = emsp.behaviour = undefined;
});

const put = (id: string, extra: Partial<Sending> = {}): ReturnType<SimulatedPlatform['send']> =>
  cpo.send({
    method: 'PUT',
    module: 'locations',
    interface: 'RECEIVER',
    path: `/BE/BEC/${id}`,
    to: EMSP,
    body: JSON.stringify(location(id)),
    ...extra,
  });
const last = (platform: SimulatedPlatform): ReceivedRequest => {
  const request = platform.received.at(-1);
  if (!request) throw new Error('nothing was received');
  return request;
};
/** What the eMSP does with relays alone: full pushes after registration are handled as ever. */
const answering = (override: Override): void => {
  emsp.behaviour = (request) => (request.headers['ocpi-from-party-id'] === 'BEC' ? override : undefined);
};

/** A path that clients would tidy up goes out as it is. */
function rawPut(path: string): Promise<number | undefined> {
  const { hostname, port } = new URL(network.hub.url);
  const headers = {
    Authorization: `Token ${Buffer.from(cpo.peer.token).toString('base64')}`,
    'OCPI-to-country-code': 'NL',
    'OCPI-to-party-id': 'TNM',
  };
  return new Promise((resolve, reject) => {
    const outgoing = http.request({ hostname, port, method: 'PUT', path, headers }, (response) => {
      response.resume();
      resolve(response.statusCode);
    });
    outgoing.on('error', reject).end('{}');
  });
}

describe('a push to a named party', () => {
  test('goes out byte by byte with TO and FROM unchanged, a new request id and the same correlation id', async () => {
    const body = '{ "id":"L1",  "kwh": 1.10, "x_own":{"a":[1,2]}, "country_code":"BE","party_id":"BEC"}';
    const answer = await put('L1', {
      body,
      requestId: 'REQ-1',
      correlationId: 'COR-1',
      headers: { 'OCPI-to-party-id': 'tnm' },
    });
    expect([answer.http, answer.status]).toEqual([201, 1000]);
    const request = last(emsp);
    expect(request.body).toBe(body);
    expect(request.path).toBe('/ocpi/2.2.1/receiver/locations/BE/BEC/L1');
    expect(request.headers).toMatchObject({
      'ocpi-to-country-code': 'NL',
      'ocpi-to-party-id': 'tnm',
      'ocpi-from-country-code': 'BE',
      'ocpi-from-party-id': 'BEC',
      'x-correlation-id': 'COR-1',
      'content-type': 'application/json',
    });
    expect(request.headers['x-request-id']).not.toBe('REQ-1');
    expect(answer.headers).toMatchObject({
      'x-request-id': 'REQ-1',
      'x-correlation-id': 'COR-1',
      'ocpi-to-country-code': 'BE',
      'ocpi-to-party-id': 'BEC',
      'ocpi-from-country-code': 'NL',
      'ocpi-from-party-id': 'tnm',
    });
  });

  test('is answered with the bytes, HTTP and OCPI status of the receiver', async () => {
    const body = '{"status_code":2099, "status_message":"no","x":1.50,"timestamp":"2026-01-01T00:00:00Z"}';
    answering({ http: 403, body });
    const answer = await put('L1');
    expect([answer.http, answer.status, answer.text]).toEqual([403, 2099, body]);
    answering({ http: 200, status_code: 3001 });
    expect((await put('L1')).status).toBe(3001);
    answering({ http: 500, status_code: 3000 });
    const failed = await put('L1');
    expect([failed.http, failed.status]).toEqual([500, 3000]);
  });

  test('stays between the two: not stored, not listed, pushed to nobody else', async () => {
    await put('L2');
    expect((await other.listAll('locations')).objects).toEqual([]);
    const read = await cpo.send({
      method: 'GET',
      module: 'locations',
      interface: 'RECEIVER',
      path: '/BE/BEC/L2',
      to: 'hub',
    });
    expect(read.http).toBe(404);
    expect(other.received.some(({ path }) => path.endsWith('L2'))).toBe(false);
  });

  test('is judged by its receiver: what is no JSON goes out too', async () => {
    const answer = await put('L3', { body: '{"half":' });
    expect(last(emsp).body).toBe('{"half":');
    expect([answer.http, answer.status]).toEqual([400, 2001]);
  });

  test('as PATCH stays a PATCH, as DELETE of a tariff a DELETE without a body', async () => {
    await put('L4');
    await put('L4', { method: 'PATCH', body: '{"name":"N","last_updated":"2026-02-01T00:00:00Z"}' });
    expect([last(emsp).method, last(emsp).body]).toEqual([
      'PATCH',
      '{"name":"N","last_updated":"2026-02-01T00:00:00Z"}',
    ]);
    const at = { module: 'tariffs', path: '/BE/BEC/T1' };
    await put('T1', { ...at, body: JSON.stringify(tariff('T1')) });
    const gone = await put('T1', { ...at, method: 'DELETE', body: undefined });
    expect([gone.status, last(emsp).method, last(emsp).body]).toEqual([1000, 'DELETE', '']);
  });

  test('that is answered by an empty 2xx is answered 1000', async () => {
    answering({ http: 204, body: '' });
    const answer = await put('L5');
    expect([answer.http, answer.status]).toEqual([200, 1000]);
  });

  test('of a party that is not of the platform is 404, FROM of another platform 2001, neither goes out', async () => {
    const before = emsp.received.length;
    const foreign = await put('L1', { path: '/FR/XXX/L1' });
    expect([foreign.http, foreign.status]).toEqual([404, 2001]);
    expect((await put('L1', { from: SECOND })).status).toBe(2001);
    const half = await put('L1', { to: undefined, headers: { 'OCPI-to-party-id': 'TNM' } });
    expect(half.status).toBe(2001);
    expect(emsp.received).toHaveLength(before);
  });

  test('by an eMSP is refused: locations are a CPO’s', async () => {
    const answer = await emsp.send({
      method: 'PUT',
      module: 'locations',
      interface: 'RECEIVER',
      path: '/NL/TNM/L1',
      to: CPO,
      body: JSON.stringify(location('L1')),
    });
    expect([answer.http, answer.status]).toEqual([200, 2001]);
  });

  test('over the body limit is 413 and does not go out', async () => {
    const before = emsp.received.length;
    const answer = await put('L1', { body: ' '.repeat(1024 * 1024 + 1) });
    expect(answer.http).toBe(413);
    expect(emsp.received).toHaveLength(before);
  });

  test('keeps percent-encoding and unknown query parameters', async () => {
    await put('L1', { path: '/BE/BEC/L%2F1%20x', query: { type: 'a b' } });
    expect(last(emsp).path).toBe('/ocpi/2.2.1/receiver/locations/BE/BEC/L%2F1%20x');
    expect(last(emsp).query).toEqual({ type: 'a b' });
  });

  test('with a dot segment in its URL is 404: it would reach another endpoint of the receiver', async () => {
    const before = emsp.received.length;
    const status = await rawPut('/ocpi/2.2.1/receiver/locations/BE/BEC/%2e%2e');
    expect(status).toBe(404);
    expect(emsp.received).toHaveLength(before);
  });
});

describe('GET of a named party', () => {
  const one = (path: string): ReturnType<SimulatedPlatform['send']> =>
    emsp.send({ method: 'GET', module: 'locations', interface: 'SENDER', path, to: CPO });

  test('of one location, EVSE or connector brings the receiver’s own object', async () => {
    cpo.behaviour = (request) =>
      request.method === 'GET' && request.module === 'locations'
        ? { data: { path: request.path, own: '1.50' } }
        : undefined;
    expect((await one('/LOC1')).data).toEqual({ path: '/ocpi/2.2.1/sender/locations/LOC1', own: '1.50' });
    expect((await one('/LOC1/E1/2')).data).toMatchObject({
      path: '/ocpi/2.2.1/sender/locations/LOC1/E1/2',
    });
  });

  test('of what does not exist relays 404 with its status code', async () => {
    const answer = await one('/NONE');
    expect([answer.http, answer.status]).toEqual([404, 2003]);
  });

  test('on its Receiver interface asks what it has of the sender’s object', async () => {
    await put('L9');
    const answer = await cpo.send({
      method: 'GET',
      module: 'locations',
      interface: 'RECEIVER',
      path: '/BE/BEC/L9',
      to: EMSP,
    });
    expect(answer.data).toMatchObject({ id: 'L9' });
  });
});
