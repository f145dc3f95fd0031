import type { SimulatedPlatform } from '../../../src/simulator/simulated-platform';
import type { Override, PartyId } from '../../../src/simulator/types';
import { CPO, EMSP, location, party, startNetwork, type Joined, type Network } from '../../support/network';

/* Every hub error by a real cause (status_codes, 4xxx; semantics 22, 22b). */

let network: Network;
let cpo: SimulatedPlatform;

beforeAll(async () => {
  network = await startNetwork({ FORWARD_TIMEOUT_MS: '300' });
  cpo = await network.join({ parties: [CPO] });
});
afterAll(() => network.stop());

let made = 0;

/** A receiver of its own for each cause: circuits are kept per receiver. */
function receiver(override?: Override): Promise<Joined> {
  return network
    .join({ parties: [party('EMSP', 'NL', `R${String(made++).padStart(2, '0')}`)] })
    .then((platform) => {
      platform.behaviour = (request) =>
        override && request.headers['ocpi-from-party-id'] === 'BEC' ? override : undefined;
      return platform;
    });
}
const partyOf = (platform: SimulatedPlatform): PartyId => platform.parties[0] ?? EMSP;

const put = (to: PartyId): ReturnType<SimulatedPlatform['send']> =>
  cpo.send({
    method: 'PUT',
    module: 'locations',
    interface: 'RECEIVER',
    path: '/BE/BEC/L1',
    to,
    body: JSON.stringify(location('L1')),
  });

const CAUSES: [string, Override, number][] = [
  ['hangs', { hang: true }, 4002],
  ['drips its answer byte by byte', { drip: 50 }, 4002],
  ['breaks the connection', { reset: true }, 4003],
  ['answers 401 to the hub', { http: 401, status_code: 2001 }, 4003],
  ['answers 502 with a page', { http: 502, body: '<html>Bad gateway</html>' }, 4000],
  ['answers 500 without a body', { http: 500, body: '' }, 4000],
  ['answers 200 with a page', { http: 200, body: '<html></html>' }, 4000],
  ['answers 200 with JSON that is no envelope', { http: 200, body: '{"ok":true}' }, 4000],
  ['answers half a JSON', { http: 200, body: '{"status_code":1000' }, 4000],
  ['redirects', { http: 302, body: '', headers: { location: 'http://127.0.0.1:1/' } }, 4000],
];

test.each(CAUSES)('a receiver that %s', async (_title, override, status) => {
  const to = await receiver(override);
  const answer = await put(partyOf(to));
  expect([answer.http, answer.status]).toEqual([200, status]);
  expect(answer.headers).toMatchObject({
    'ocpi-from-party-id': partyOf(to).party_id,
    'ocpi-to-party-id': 'BEC',
  });
  expect(answer.message).toContain(partyOf(to).party_id);
});

test('a closed port is 4003', async () => {
  const to = await receiver();
  await to.down();
  expect((await put(partyOf(to))).status).toBe(4003);
});

test('an unknown party is 4001', async () => {
  const answer = await put({ country_code: 'XX', party_id: 'YYY' });
  expect([answer.http, answer.status]).toEqual([200, 4001]);
  expect(answer.headers['ocpi-from-party-id']).toBe('YYY');
});

test('a party that an admin named and that never connected is 4003', async () => {
  await network.hub.partner('planned', {
    parties: [{ role: 'EMSP', country_code: 'NL', party_id: 'PLA' }],
  });
  expect((await put({ country_code: 'NL', party_id: 'PLA' })).status).toBe(4003);
});

test('a suspended partner is 4003, and is reached again when it is resumed', async () => {
  const to = await receiver();
  await network.hub.admin('POST', `/partners/${to.partnerId}/suspend`);
  expect((await put(partyOf(to))).status).toBe(4003);
  await network.hub.admin('POST', `/partners/${to.partnerId}/resume`);
  expect((await put(partyOf(to))).http).toBe(201);
});

test('a platform that unregistered is 4003', async () => {
  const to = await receiver();
  await to.unregister();
  expect((await put(partyOf(to))).status).toBe(4003);
});

test('a receiver without the module is 4000', async () => {
  const to = await network.join({
    parties: [party('EMSP', 'NL', 'NOM')],
    offered: [{ identifier: 'tokens', role: 'SENDER' }],
  });
  expect((await put(partyOf(to))).status).toBe(4000);
});

describe('the circuit', () => {
  const fail = async (to: Joined, times: number): Promise<void> => {
    for (let i = 0; i < times; i++) await put(partyOf(to));
  };
  const stateOf = async (to: Joined): Promise<unknown> =>
    (await network.hub.admin('GET', `/partners/${to.partnerId}`)).json.relay;

  test('opens after five transport failures in a row: 4003 at once, and it shows', async () => {
    const to = await receiver({ reset: true });
    await fail(to, 4);
    expect(await stateOf(to)).toMatchObject({ circuit: 'CLOSED' });
    await fail(to, 1);
    expect(await stateOf(to)).toMatchObject({ circuit: 'OPEN', last_error: expect.any(String) as string });
    const before = to.received.length;
    const answer = await put(partyOf(to));
    expect([answer.status, answer.message]).toEqual([4003, expect.stringContaining('out of reach')]);
    expect(to.received).toHaveLength(before);
  });

  test('does not open for errors that the receiver answers, whatever they are', async () => {
    const to = await receiver({ http: 500, body: 'oops' });
    await fail(to, 8);
    expect(to.received.filter(({ method }) => method === 'PUT')).toHaveLength(8);
    expect(await stateOf(to)).toMatchObject({ circuit: 'CLOSED' });
  });

  test('does not hold back other receivers', async () => {
    const dead = await receiver({ hang: true });
    const alive = await receiver();
    const hanging = Array.from({ length: 40 }, () => put(partyOf(dead)));
    expect((await put(partyOf(alive))).http).toBe(201);
    const statuses = new Set((await Promise.all(hanging)).map(({ status }) => status));
    expect([...statuses].every((status) => status === 4002 || status === 4003)).toBe(true);
  });
});
