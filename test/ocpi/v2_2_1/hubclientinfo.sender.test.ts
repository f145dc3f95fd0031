import { callHub, HandshakePlatform, role, type Answer, type Loose } from '../../support/handshake-platform';
import { startHub, type TestHub } from '../../support/hub';

let hub: TestHub;
const peers: HandshakePlatform[] = [];
let token: string;
let first: { id: string; token: string };

async function register(name: string, roles: object[]): Promise<{ id: string; token: string }> {
  const peer = await new HandshakePlatform().start();
  peers.push(peer);
  const { id, token_a } = await hub.partner(name);
  const body = peer.credentials({ roles });
  const answer = await callHub(`${hub.url}/ocpi/2.2.1/credentials`, { method: 'POST', token: token_a, body });
  return { id, token: answer.json.data.token };
}

beforeAll(async () => {
  hub = await startHub({ PAGE_LIMIT: '2' });
  first = await register('first', [
    role({ party_id: 'AAA' }),
    role({ party_id: 'AAA', role: 'EMSP' }),
    role({ party_id: 'BBB', country_code: 'DE' }),
  ]);
  ({ token } = await register('viewer', [role({ party_id: 'OWN', role: 'EMSP' })]));
  await hub.partner('planned', { parties: [{ role: 'NSP', country_code: 'BE', party_id: 'PLN' }] });
});

afterAll(async () => {
  for (const peer of peers) await peer.stop();
  await hub.stop();
});

const url = (query = ''): string => `${hub.url}/ocpi/2.2.1/sender/hubclientinfo${query}`;
const list = (query = ''): Promise<Answer> => callHub(url(query), { token });
const words = ({ country_code, party_id, role: side, status }: Loose): string =>
  `${country_code} ${party_id} ${side} ${status}`;

describe('GET hubclientinfo', () => {
  it('lists one ClientInfo per party and role, without the own ones and the hub', async () => {
    const { json } = await list('?limit=100');
    expect(json.data.map(words)).toEqual([
      'DE BBB CPO CONNECTED',
      'NL AAA CPO CONNECTED',
      'NL AAA EMSP CONNECTED',
      'BE PLN NSP PLANNED',
    ]);
    expect(json.data[0].last_updated).toMatch(/^\d{4}-\d\d-\d\dT\d\d:\d\d:\d\d\.\d{3}Z$/);
  });

  it('is paginated: following the links brings everything once', async () => {
    const seen: string[] = [];
    let next: string | undefined = url();
    let pages = 0;
    while (next) {
      const answer: Answer = await callHub(next, { token });
      expect(answer.headers.get('x-total-count')).toBe('4');
      expect(answer.headers.get('x-limit')).toBe(pages === 0 ? '2' : '1000');
      seen.push(...answer.json.data.map(words));
      next = /<(.*)>; rel="next"/.exec(answer.headers.get('link') ?? '')?.[1];
      pages += 1;
    }
    expect(pages).toBe(2);
    expect(new Set(seen).size).toBe(4);
  });

  it('answers an offset past the end with an empty list', async () => {
    const answer = await list('?offset=99');
    expect(answer.json).toMatchObject({ status_code: 1000, data: [] });
    expect(answer.headers.get('link')).toBeNull();
  });

  it('filters by date: from inclusive, to exclusive', async () => {
    const all = (await list('?limit=100')).json.data as { last_updated: string }[];
    const moment = all.at(-1)!.last_updated;
    expect((await list(`?date_from=${moment}`)).json.data).toHaveLength(1);
    expect((await list(`?date_to=${moment}&limit=100`)).json.data).toHaveLength(3);
  });

  it.each(['limit=0', 'limit=x', 'offset=-1', 'offset=1.5', 'date_from=yesterday'])(
    'answers 2001 to %s',
    async (query) => {
      const answer = await list(`?${query}`);
      expect([answer.http, answer.json.status_code]).toEqual([200, 2001]);
    },
  );

  it('shows a change of state with its time, and it comes up in a list since then', async () => {
    const before = (await list('?limit=100')).json.data as { last_updated: string }[];
    await hub.admin('POST', `/partners/${first.id}/suspend`);
    const since = (await list(`?limit=100&date_from=${before.at(-1)!.last_updated}`)).json.data;
    expect(since.map(words)).toContain('DE BBB CPO SUSPENDED');
    await hub.admin('POST', `/partners/${first.id}/resume`);
    expect((await list('?limit=100')).json.data.map(words)).toContain('DE BBB CPO CONNECTED');
  });

  it('is closed to token A', async () => {
    const { token_a } = await hub.partner('A');
    expect((await callHub(url(), { token: token_a })).http).toBe(401);
  });

  it.each(['POST', 'PUT', 'PATCH', 'DELETE'])('answers 405 to %s', async (method) => {
    expect((await callHub(url(), { method, token })).http).toBe(405);
  });
});
