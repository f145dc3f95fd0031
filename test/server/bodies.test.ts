import zlib from 'node:zlib';
import { BytesUnderWay } from '../../src/server/bytes-under-way';
import {
  cdr,
  EMSP,
  eventually,
  location,
  session,
  startTwo,
  type Joined,
  type Network,
} from '../support/network';

/* Bodies as platforms send them: large, packed, in another charset, or saying nothing. */

let network: Network;
let cpo: Joined;
let emsp: Joined;

beforeAll(async () => {
  ({ network, cpo, emsp } = await startTwo());
});
afterAll(() => network.stop());

interface Sent {
  http: number;
  json: { status_code: number; status_message?: string };
}

/** A request of the CPO as fetch sends it: bytes and headers as they are. */
async function send(
  method: string,
  path: string,
  request: { body: string | Buffer; headers?: Record<string, string> },
): Promise<Sent> {
  const token = Buffer.from(cpo.peer.token).toString('base64');
  const response = await fetch(`${network.hub.url}/ocpi/2.2.1/receiver/${path}`, {
    method,
    headers: {
      Authorization: `Token ${token}`,
      'OCPI-to-country-code': 'NL',
      'OCPI-to-party-id': 'HUB',
      ...request.headers,
    },
    body: request.body,
  });
  return { http: response.status, json: (await response.json()) as Sent['json'] };
}

const meterValues = (megabytes: number): object[] =>
  Array.from({ length: megabytes * 250 }, (_, i) => ({
    nature: `n${i}`,
    plain_data: 'p'.repeat(400),
    signed_data: 's'.repeat(3500),
  }));
const signed = (megabytes: number): Record<string, unknown> => ({
  signed_data: { encoding_method: 'OCMF', signed_values: meterValues(megabytes) },
});

test('a CDR with hours of signed meter values is taken, and reaches its eMSP whole', async () => {
  const large = JSON.stringify(cdr('LARGE', signed(4)));
  expect((await send('POST', 'cdrs', { body: large })).json.status_code).toBe(1000);
  await eventually(() => emsp.stored.has('cdrs/BE/BEC/LARGE'), 'the CDR was pushed');
  expect(JSON.stringify(emsp.stored.get('cdrs/BE/BEC/LARGE'))).toHaveLength(large.length);
});

test('sessions and CDRs are bounded too, and other modules keep BODY_LIMIT', async () => {
  const over = JSON.stringify(session('OVER', { remark: 'x'.repeat(17 * 1024 * 1024) }));
  expect((await send('PUT', 'sessions/BE/BEC/OVER', { body: over })).http).toBe(413);
  const wide = JSON.stringify(location('WIDE', { fields: { remark: 'x'.repeat(1024 * 1024) } }));
  expect((await send('PUT', 'locations/BE/BEC/WIDE', { body: wide })).http).toBe(413);
});

test('bodies of all connections are bounded together, the large ones first', () => {
  const bytes = new BytesUnderWay({ all: 100, large: 60 });
  const [small, large] = [bytes.weigh(), bytes.weigh()];
  expect([small.add(50, false), large.add(20, true), small.add(50, false), small.add(1, false)]).toEqual([
    true,
    false,
    true,
    false,
  ]);
  small.release();
  expect([bytes.bytes, large.add(60, true)]).toEqual([0, true]);
});

test('a packed body is refused by name', async () => {
  const body = zlib.gzipSync(JSON.stringify(location('ZIP')));
  const sent = await send('PUT', 'locations/BE/BEC/ZIP', { body, headers: { 'Content-Encoding': 'gzip' } });
  expect(sent).toMatchObject({ http: 415, json: { status_code: 2001 } });
  expect(sent.json.status_message).toContain('gzip');
});

describe('a body in another charset', () => {
  const street = 'Avenue de la Libération';
  const body = (id: string): Buffer =>
    Buffer.from(JSON.stringify(location(id, { fields: { address: street } })), 'latin1');
  const stored = (id: string): string => JSON.stringify(emsp.stored.get(`locations/BE/BEC/${id}`) ?? null);

  test('keeps its letters where it says which, on its way to the receivers too', async () => {
    const headers = { 'Content-Type': 'application/json;charset=ISO-8859-1' };
    expect((await send('PUT', 'locations/BE/BEC/L1', { body: body('L1'), headers })).http).toBe(201);
    await eventually(() => stored('L1').includes(street), 'the location was pushed');
  });

  test('is refused of a strict partner that does not say it, and guessed of a lenient one', async () => {
    expect((await send('PUT', 'locations/BE/BEC/L2', { body: body('L2') })).http).toBe(400);
    await network.hub.admin('PATCH', `/partners/${cpo.partnerId}`, { validation: 'lenient' });
    expect((await send('PUT', 'locations/BE/BEC/L2', { body: body('L2') })).http).toBe(201);
    await eventually(() => stored('L2').includes(street), 'the location was pushed');
    const { json } = await network.hub.admin('GET', `/partners/${cpo.partnerId}/findings`);
    expect(json.items).toContainEqual(
      expect.objectContaining({ module: 'locations', rule: 'must be UTF-8' }),
    );
    await network.hub.admin('PATCH', `/partners/${cpo.partnerId}`, { validation: 'strict' });
  });
});

test.each(['{}', 'null', '[]'])('an authorize whose body is %s has none', async (body) => {
  emsp.behaviour = ({ path }) => (path.endsWith('/authorize') ? { data: { allowed: 'ALLOWED' } } : undefined);
  const answer = await cpo.send({
    method: 'POST',
    module: 'tokens',
    interface: 'SENDER',
    path: '/U1/authorize',
    to: EMSP,
    body,
  });
  emsp.behaviour = undefined;
  expect([answer.status, answer.data]).toEqual([1000, { allowed: 'ALLOWED' }]);
  expect(emsp.received.at(-1)?.body).toBe('');
});
