import { callHub, HandshakePlatform, role } from '../../support/handshake-platform';
import {
  EMSP,
  eventually,
  push,
  startNetwork,
  token,
  type Joined,
  type Network,
} from '../../support/network';

/* Servers that know a path only with a slash at its end, or only without one (policy trailing_slash). */

let network: Network;
let emsp: Joined;
const peers: HandshakePlatform[] = [];
let place = 0;

beforeAll(async () => {
  network = await startNetwork();
  emsp = await network.join({ parties: [EMSP] });
  await push(emsp, { method: 'PUT', module: 'tokens', path: '/NL/TNM/123' }, token('123'));
});

afterAll(async () => {
  await network.stop();
  for (const peer of peers) await peer.stop();
});

/** A CPO with this policy, whose endpoints end so. */
async function cpo(
  trailing_slash: string,
  end: string,
): Promise<{ peer: HandshakePlatform; party_id: string }> {
  const peer = await new HandshakePlatform().start();
  peers.push(peer);
  const party_id = `S${place++}`;
  peer.roles = [role({ country_code: 'NL', party_id })];
  const endpoint = (identifier: string, side: string): object => ({
    identifier,
    role: side,
    url: `${peer.base}/${identifier}${end}`,
  });
  const endpoints = [
    { identifier: 'credentials', role: 'SENDER', url: `${peer.base}/credentials` },
    endpoint('locations', 'SENDER'),
    endpoint('tokens', 'RECEIVER'),
    endpoint('hubclientinfo', 'RECEIVER'),
  ];
  peer.script.set('/2.2.1', () => ({ data: { version: '2.2.1', endpoints } }));
  const { token_a } = await network.hub.partner('P', { policies: { trailing_slash } });
  const url = `${network.hub.url}/ocpi/2.2.1/credentials`;
  const answer = await callHub(url, { method: 'POST', token: token_a, body: peer.credentials() });
  expect(answer.json.status_code).toBe(1000);
  return { peer, party_id };
}

it.each([
  ['always', '', '/locations/?', '/'],
  ['always', '/?key=1', '/locations/?key=1&', '/?key=1'],
  ['never', '/', '/locations?', ''],
  ['never', '/?key=1', '/locations?key=1&', '?key=1'],
  ['keep', '/', '/locations/?', ''],
  ['keep', '', '/locations?', ''],
])(
  '%s with endpoints that end with "%s": lists at "%s", objects with "%s"',
  async (policy, end, list, tail) => {
    const { peer, party_id } = await cpo(policy, end);
    const paths = (method: string): string[] =>
      peer.seen.filter((one) => one.method === method).map(({ path }) => path);
    const lists = (): string[] => paths('GET').filter((path) => path.startsWith('/locations'));
    await eventually(() => lists().length > 0, 'the first pull');
    const to = { country_code: 'NL', party_id };
    await emsp.send({ method: 'GET', module: 'locations', interface: 'SENDER', to, query: { limit: 7 } });
    expect(lists()).toContain(`${list}limit=7`);
    expect(lists().filter((path) => !path.startsWith(list))).toEqual([]);
    await network.hub.partner('planned', { parties: [{ role: 'CPO', country_code: 'FR', party_id }] });
    const wanted = [`/tokens/NL/TNM/123${tail}`, `/hubclientinfo/FR/${party_id}${tail}`];
    await eventually(
      () => wanted.every((path) => paths('PUT').includes(path)),
      `PUT of ${wanted.join(', ')}`,
    );
  },
);
