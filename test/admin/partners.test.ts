import { pino } from 'pino';
import { deletePartner } from '../../src/hub/admin/partners';
import { callHub, HandshakePlatform, role, type Loose } from '../support/handshake-platform';
import { startHub, type TestHub } from '../support/hub';

let hub: TestHub;
const peers: HandshakePlatform[] = [];
let place = 0;

beforeAll(async () => {
  hub = await startHub();
});

afterEach(async () => {
  for (const peer of peers.splice(0)) await peer.stop();
});

afterAll(() => hub.stop());

const UNKNOWN = '5b2b1c5e-0000-4000-8000-000000000000';
const freshParty = (): string => (place++).toString(36).toUpperCase().padStart(3, '0');
const partner = async (id: string): Promise<Loose> => (await hub.admin('GET', `/partners/${id}`)).json;
const credentials = (): string => `${hub.url}/ocpi/2.2.1/credentials`;

async function registered(
  roles: object[] = [role({ party_id: freshParty() })],
): Promise<{ id: string; token: string; peer: HandshakePlatform }> {
  const peer = await new HandshakePlatform().start();
  peers.push(peer);
  peer.roles = roles;
  const { id, token_a } = await hub.partner('P');
  const answer = await callHub(credentials(), { method: 'POST', token: token_a, body: peer.credentials() });
  return { id, token: answer.json.data.token, peer };
}

function raw(path: string, init: RequestInit = {}): Promise<Response> {
  return fetch(`${hub.url}/admin/api${path}`, init);
}

describe('the admin API', () => {
  it.each([
    [undefined, 'missing'],
    ['Bearer wrong', 'wrong'],
    ['Token test-admin-token', 'missing'],
    ['Bearer', 'missing'],
    ['Bearer   ', 'missing'],
    ['Basic test-admin-token', 'missing'],
  ])('is closed to the header %p: the token is %s', async (authorization, what) => {
    const answer = await raw('/partners', authorization === undefined ? {} : { headers: { authorization } });
    expect(answer.status).toBe(401);
    expect(answer.headers.get('content-type')).toContain('application/problem+json');
    const title = `the admin token is ${what}`;
    expect(await answer.json()).toMatchObject({ status: 401, title });
  });

  it.each([
    ['GET', '/nothing'],
    ['GET', '/partners/a/b/c/d/e'],
    ['GET', `/partners/${UNKNOWN}`],
    ['PATCH', `/partners/${UNKNOWN}`],
    ['DELETE', `/partners/${UNKNOWN}`],
    ['POST', `/partners/${UNKNOWN}/suspend`],
    ['POST', `/partners/${UNKNOWN}/resume`],
    ['POST', '/partners/no-uuid/resume'],
    ['POST', `/partners/${UNKNOWN}/token_a`],
    ['GET', `/partners/${UNKNOWN}/findings`],
    ['DELETE', `/partners/${UNKNOWN}/parties/NL/ABC`],
  ])('answers %s %s with a 404 problem', async (method, path) => {
    const body = method === 'PATCH' ? {} : undefined;
    expect(await hub.admin(method, path, body)).toMatchObject({ http: 404, json: { status: 404 } });
  });

  it.each([
    ['PUT', '/partners', 'GET, POST'],
    ['PUT', `/partners/${UNKNOWN}`, 'GET, PATCH, DELETE'],
    ['GET', `/partners/${UNKNOWN}/suspend`, 'POST'],
    ['GET', `/partners/${UNKNOWN}/register`, 'POST'],
    ['POST', `/partners/${UNKNOWN}/findings`, 'GET'],
    ['GET', `/partners/${UNKNOWN}/parties/NL/ABC`, 'DELETE'],
  ])('answers %s %s with a 405 problem', async (method, path, allow) => {
    const answer = await raw(path, { method, headers: { authorization: `Bearer ${hub.adminToken}` } });
    expect([answer.status, answer.headers.get('allow')]).toEqual([405, allow]);
    expect(await answer.json()).toMatchObject({ status: 405 });
  });

  it('answers a body that is no JSON with a 400 problem', async () => {
    const headers = { authorization: `Bearer ${hub.adminToken}` };
    const answer = await raw('/partners', { method: 'POST', headers, body: '{' });
    expect(answer.status).toBe(400);
    expect(answer.headers.get('content-type')).toContain('application/problem+json');
  });
});

describe('POST /partners', () => {
  it('gives token A and the versions URL, once', async () => {
    const { http, json } = await hub.admin('POST', '/partners', { name: 'Energy Å' });
    expect(http).toBe(201);
    expect(json).toEqual({
      id: expect.stringMatching(/^[0-9a-f-]{36}$/),
      name: 'Energy Å',
      token_a: expect.stringMatching(/^[\x21-\x7e]{43,64}$/),
      versions_url: hub.versionsUrl,
    });
    expect(JSON.stringify(await partner(String(json.id)))).not.toContain(json.token_a);
    expect((await callHub(hub.versionsUrl, { token: String(json.token_a) })).http).toBe(200);
  });

  it('names parties beforehand, PLANNED', async () => {
    const party = { role: 'CPO', country_code: 'FR', party_id: freshParty() };
    const { id } = await hub.partner('P', { parties: [party, { ...party, role: 'EMSP' }] });
    expect(await partner(id)).toMatchObject({
      state: 'PENDING',
      parties: [{ country_code: 'FR', roles: ['CPO', 'EMSP'], status: 'PLANNED' }],
      policies: {
        validation: 'strict',
        token_encoding: 'base64',
        broadcast: 'party',
        authorize_unknown_tokens: false,
        trailing_slash: 'keep',
      },
    });
  });

  it('takes policies with it', async () => {
    const given = { validation: 'lenient', trailing_slash: 'always' };
    const { json } = await hub.admin('POST', '/partners', { name: 'P', ...given });
    expect((await partner(String(json.id))).policies).toMatchObject(given);
  });

  it.each<[unknown, string]>([
    [{}, 'name'],
    [{ name: 'P', trailing_slash: 'sometimes' }, 'trailing_slash'],
    [[], ''],
    [{ name: '' }, 'name'],
    [{ name: 7 }, 'name'],
    [{ name: 'x'.repeat(101) }, 'name'],
    [{ name: 'P', token: 'x' }, 'token'],
    [{ name: 'P', parties: {} }, 'parties'],
    [{ name: 'P', parties: [7] }, 'parties[0]'],
    [{ name: 'P', parties: [{ role: 'cpo', country_code: 'NL', party_id: 'QQQ' }] }, 'parties[0].role'],
    [
      { name: 'P', parties: [{ role: 'CPO', country_code: 'NLD', party_id: 'QQQ' }] },
      'parties[0].country_code',
    ],
    [{ name: 'P', parties: [{ role: 'CPO', country_code: 'NL', party_id: 'QQQQ' }] }, 'parties[0].party_id'],
    [{ name: 'P', parties: [{ role: 'CPO', country_code: 'NL', party_id: 'HUB' }] }, 'parties[0].party_id'],
  ])('refuses %j, naming the field', async (body, field) => {
    const before = hub.context.registry.partners().length;
    const { http, json } = await hub.admin('POST', '/partners', body);
    expect(http).toBe(400);
    expect(json.errors).toContainEqual({ field, rule: expect.any(String) });
    expect(hub.context.registry.partners()).toHaveLength(before);
  });

  it('names every fault at once, a party twice too', async () => {
    const party = { role: 'CPO', country_code: 'NL', party_id: 'qqq' };
    const { json } = await hub.admin('POST', '/partners', {
      parties: [party, { ...party, party_id: 'QQQ' }],
    });
    expect((json.errors as { field: string }[]).map(({ field }) => field)).toEqual(['name', 'parties[1]']);
  });

  it("is a conflict for another platform's party, and makes nothing", async () => {
    const party_id = freshParty();
    await registered([role({ party_id })]);
    const before = hub.context.registry.partners().length;
    const parties = [{ role: 'CPO', country_code: 'NL', party_id }];
    expect((await hub.admin('POST', '/partners', { name: 'Q', parties })).http).toBe(409);
    expect(hub.context.registry.partners()).toHaveLength(before);
  });
});

describe('GET /partners', () => {
  it('lists all of them', async () => {
    const { id } = await hub.partner('last');
    const { items } = (await hub.admin('GET', '/partners')).json as { items: Loose[] };
    expect(items.at(-1)).toMatchObject({ id, name: 'last', state: 'PENDING', endpoints: [] });
  });
});

describe('PATCH /partners/:id', () => {
  it('sets the policies that are given', async () => {
    const { id } = await hub.partner('P');
    const given = { validation: 'lenient', broadcast: 'platform' };
    expect((await hub.admin('PATCH', `/partners/${id}`, given)).json.policies).toEqual({
      ...given,
      token_encoding: 'base64',
      authorize_unknown_tokens: false,
      trailing_slash: 'keep',
    });
    await hub.admin('PATCH', `/partners/${id}`, {});
    expect((await partner(id)).policies).toMatchObject(given);
  });

  it.each([
    [{ validation: 'loose' }, 'validation'],
    [{ token_encoding: null }, 'token_encoding'],
    [{ broadcast: true }, 'broadcast'],
    [{ authorize_unknown_tokens: 'yes' }, 'authorize_unknown_tokens'],
    [{ trailing_slash: true }, 'trailing_slash'],
    [{ name: 'new' }, 'name'],
  ])('refuses %j', async (body, field) => {
    const { id } = await hub.partner('P');
    const before = await partner(id);
    const { http, json } = await hub.admin('PATCH', `/partners/${id}`, { ...body });
    expect([http, json.errors]).toEqual([400, [{ field, rule: expect.any(String) }]]);
    expect(await partner(id)).toEqual(before);
  });
});

describe('suspend and resume', () => {
  it('suspends the parties that were connected, and connects them again', async () => {
    const { id } = await registered();
    expect((await hub.admin('POST', `/partners/${id}/suspend`)).json).toMatchObject({
      state: 'SUSPENDED',
      parties: [{ status: 'SUSPENDED' }],
    });
    expect((await hub.admin('POST', `/partners/${id}/resume`)).json).toMatchObject({
      state: 'REGISTERED',
      parties: [{ status: 'CONNECTED' }],
    });
  });

  it('announces who is back', async () => {
    const { id } = await registered();
    const owner = hub.context.registry.partner(id)?.parties[0]?.number;
    const announced = async (): Promise<number> => {
      const sql = 'select count(*)::int as n from change where module = 0 and owner = $1';
      return (await hub.context.database.pool.query<{ n: number }>(sql, [owner])).rows[0]?.n ?? 0;
    };
    const before = await announced();
    await hub.admin('POST', `/partners/${id}/suspend`);
    await hub.admin('POST', `/partners/${id}/resume`);
    await hub.admin('POST', `/partners/${id}/resume`);
    expect(await announced()).toBe(before + 1);
  });

  it('leaves a party suspended that the platform has left out', async () => {
    const [kept, left] = [role({ party_id: freshParty() }), role({ party_id: freshParty() })];
    const { id, token, peer } = await registered([kept, left]);
    await callHub(credentials(), { method: 'PUT', token, body: peer.credentials({ roles: [kept] }) });
    await hub.admin('POST', `/partners/${id}/suspend`);
    await hub.admin('POST', `/partners/${id}/resume`);
    expect((await partner(id)).parties).toMatchObject([{ status: 'CONNECTED' }, { status: 'SUSPENDED' }]);
  });

  it('keeps the parties of a suspended platform suspended through a PUT', async () => {
    const { id, token, peer } = await registered();
    await hub.admin('POST', `/partners/${id}/suspend`);
    const answer = await callHub(credentials(), { method: 'PUT', token, body: peer.credentials() });
    expect(answer.json.status_code).toBe(1000);
    expect(await partner(id)).toMatchObject({ state: 'SUSPENDED', parties: [{ status: 'SUSPENDED' }] });
  });
});

describe('DELETE', () => {
  it('removes a partner: token dead at once, parties free for another, the platform told', async () => {
    const { id, token, peer } = await registered();
    const { number } = hub.context.registry.partner(id)!.parties[0]!;
    expect((await hub.admin('DELETE', `/partners/${id}`)).http).toBe(204);
    expect((await callHub(hub.versionsUrl, { token })).http).toBe(401);
    expect((await hub.admin('GET', `/partners/${id}`)).http).toBe(404);
    expect(peer.seen.at(-1)).toMatchObject({ method: 'DELETE', path: '/credentials' });
    expect(hub.context.registry.partyByNumber(number)).toMatchObject({ partner: null, status: 'SUSPENDED' });
    const next = await registered(peer.roles);
    expect(hub.context.registry.partner(next.id)?.parties).toMatchObject([{ number, status: 'CONNECTED' }]);
  });

  it('removes a partner that cannot be reached', async () => {
    const { id, peer } = await registered();
    await peer.stop();
    expect((await hub.admin('DELETE', `/partners/${id}`)).http).toBe(204);
  });

  it('releases one party, in any case of letters', async () => {
    const party_id = freshParty();
    const { id } = await registered([role({ party_id }), role({ party_id: freshParty() })]);
    expect((await hub.admin('DELETE', `/partners/${id}/parties/nl/${party_id.toLowerCase()}`)).http).toBe(
      204,
    );
    expect((await partner(id)).parties).toHaveLength(1);
    expect(hub.context.registry.party({ country_code: 'NL', party_id })).toMatchObject({ partner: null });
    expect((await hub.admin('DELETE', `/partners/${id}/parties/NL/${party_id}`)).http).toBe(404);
  });
});

describe('POST /partners/:id/token_a', () => {
  it('gives a partner that is not registered a new token A in the place of the last one', async () => {
    const { id, token_a } = await hub.partner('P');
    const { http, json } = await hub.admin('POST', `/partners/${id}/token_a`);
    expect(http).toBe(201);
    expect((await callHub(hub.versionsUrl, { token: token_a })).http).toBe(401);
    expect((await callHub(hub.versionsUrl, { token: String(json.token_a) })).http).toBe(200);
  });

  it('is a conflict for one that is registered', async () => {
    const { id } = await registered();
    expect((await hub.admin('POST', `/partners/${id}/token_a`)).http).toBe(409);
  });
});

describe('findings', () => {
  it('are counted per module, path and rule, and read at once', async () => {
    const { id } = await hub.partner('P');
    const item = { path: '$.evses[*].uid', rule: 'must be set', example_id: 'L1' };
    hub.context.findings.record(id, 'locations', [item, item, { ...item, rule: 'other', example_id: 'L\0' }]);
    hub.context.findings.record(id, 'locations', [{ ...item, example_id: 'L2' }]);
    const { items } = (await hub.admin('GET', `/partners/${id}/findings`)).json as { items: Loose[] };
    expect(items).toEqual([
      {
        module: 'locations',
        path: item.path,
        rule: item.rule,
        count: 3,
        last_seen: expect.stringMatching(/Z$/),
        example_id: 'L2',
      },
      expect.objectContaining({ rule: 'other', count: 1, example_id: 'L' }),
    ]);
    hub.context.findings.record(id, 'locations', [item]);
    const again = (await hub.admin('GET', `/partners/${id}/findings`)).json as { items: Loose[] };
    expect(again.items[0].count).toBe(4);
  });
});

test.each([
  [200, { status_code: 1000 }, 'removed partner was told'],
  [200, { status_code: 2001 }, 'removed partner could not be told'],
  [500, '', 'removed partner could not be told'],
])('the log says whether a partner that is removed was told: HTTP %i, %j', async (http, body, message) => {
  const { id, peer } = await registered();
  peer.script.set('/credentials', ({ method }) => (method === 'DELETE' ? { http, body } : { data: {} }));
  const lines: Loose[] = [];
  const log = pino({ level: 'info' }, { write: (line: string) => void lines.push(JSON.parse(line)) });
  await deletePartner({ ...hub.context, log }, id, 'c1');
  expect(lines).toMatchObject([{ partner: id, msg: message }]);
});
