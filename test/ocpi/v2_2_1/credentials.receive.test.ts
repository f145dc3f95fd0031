import { checkOf } from '../../../src/ocpi/check';
import { Credentials } from '../../../src/ocpi/v2_2_1/credentials/dto';
import { callHub, HandshakePlatform, role, type Answer, type Loose } from '../../support/handshake-platform';
import { startHub, type TestHub } from '../../support/hub';

let hub: TestHub;
const platforms: HandshakePlatform[] = [];
let place = 0;

beforeAll(async () => {
  hub = await startHub({ FORWARD_TIMEOUT_MS: '700' });
});

afterEach(async () => {
  for (const platform of platforms.splice(0)) await platform.stop();
});

afterAll(async () => {
  await hub.stop();
});

async function platform(): Promise<HandshakePlatform> {
  const made = await new HandshakePlatform().start();
  platforms.push(made);
  made.roles = [role({ party_id: freshParty() })];
  return made;
}

const freshParty = (): string => (place++).toString(36).toUpperCase().padStart(3, '0');
const credentials = (): string => `${hub.url}/ocpi/2.2.1/credentials`;
const clientInfoUrl = (): string => `${hub.url}/ocpi/2.2.1/sender/hubclientinfo`;

function send(method: string, token: string, body?: unknown): Promise<Answer> {
  return callHub(credentials(), { method, token, body });
}

async function registered(
  options: { policies?: Record<string, unknown> } = {},
): Promise<{ peer: HandshakePlatform; id: string; a: string; c: string }> {
  const peer = await platform();
  const { id, token_a } = await hub.partner('P', options);
  const answer = await send('POST', token_a, peer.credentials());
  expect(answer.json).toMatchObject({ status_code: 1000 });
  return { peer, id, a: token_a, c: answer.json.data.token };
}

async function used(
  options: { policies?: Record<string, unknown> } = {},
): Promise<{ peer: HandshakePlatform; id: string; a: string; c: string }> {
  const made = await registered(options);
  expect((await send('GET', made.c)).http).toBe(200);
  return made;
}

const partner = async (id: string): Promise<Loose> => (await hub.admin('GET', `/partners/${id}`)).json;
/** The partner without when it called and was reached: that goes on. */
const registrationOf = async (id: string): Promise<Loose> => {
  const { last_heard: _h, last_success: _s, last_error: _e, last_error_at: _a, ...rest } = await partner(id);
  return rest;
};

describe('POST credentials', () => {
  it('registers a platform and gives it a token C that it can use', async () => {
    const { peer, id, c } = await registered();
    expect(c).toMatch(/^[\x21-\x7e]{43,64}$/);
    expect(peer.seen.map(({ method, path }) => `${method} ${path}`)).toEqual(['GET /versions', 'GET /2.2.1']);
    const own = Buffer.from(peer.token).toString('base64');
    expect(peer.seen.every(({ headers }) => headers.authorization === `Token ${own}`)).toBe(true);
    expect(await partner(id)).toMatchObject({
      state: 'REGISTERED',
      version: '2.2.1',
      parties: [{ status: 'CONNECTED' }],
    });
    expect((await callHub(clientInfoUrl(), { token: c })).http).toBe(200);
  });

  it('answers with the credentials of the hub, of the single role HUB', async () => {
    const { token_a } = await hub.partner('P');
    const answer = await send('POST', token_a, (await platform()).credentials());
    expect(answer.json.data).toMatchObject({
      url: hub.versionsUrl,
      roles: [{ role: 'HUB', country_code: 'NL', party_id: 'HUB', business_details: { name: 'OCPI Hub' } }],
    });
  });

  it('says in them what the operator set of website and logo, as the definitions want it', async () => {
    const [HUB_WEBSITE, HUB_LOGO] = ['https://hub.example.com', 'https://hub.example.com/logo.jpg'];
    const other = await startHub({ HUB_WEBSITE, HUB_LOGO });
    const { token_a } = await other.partner('P');
    const { json } = await callHub(`${other.url}/ocpi/2.2.1/credentials`, { token: token_a });
    await other.stop();
    expect(json.data.roles[0].business_details).toEqual({
      name: 'OCPI Hub',
      website: HUB_WEBSITE,
      logo: { url: HUB_LOGO, category: 'NETWORK', type: 'jpeg' },
    });
    expect(checkOf(Credentials)(json.data)).toEqual([]);
  });

  it('keeps endpoints as they came, without unknown identifiers', async () => {
    const { peer, id } = await registered();
    expect((await partner(id)).endpoints).toEqual([
      { identifier: 'credentials', role: 'SENDER', url: `${peer.base}/credentials` },
      { identifier: 'tokens', role: 'RECEIVER', url: `${peer.base}/tokens/` },
    ]);
  });

  it('lets token A start over until token C is used, and not after', async () => {
    const { peer, a, c } = await registered();
    const again = await send('POST', a, peer.credentials());
    expect(again.json.status_code).toBe(1000);
    expect((await send('GET', c)).http).toBe(401);
    expect((await send('GET', again.json.data.token)).http).toBe(200);
    expect((await send('POST', a, peer.credentials())).http).toBe(401);
  });

  it('answers 405 to a registered platform, whatever the body', async () => {
    const { c } = await used();
    const answer = await send('POST', c, 'no json');
    expect(answer.http).toBe(405);
    expect(answer.json.status_code).toBeGreaterThanOrEqual(2000);
  });

  it.each<[string, (peer: HandshakePlatform) => void]>([
    ['cannot be reached', (peer) => void peer.stop()],
    [
      'answers versions with 401',
      (peer) => peer.script.set('/versions', () => ({ http: 401, body: { status_code: 2001 } })),
    ],
    [
      'answers versions with 1000 under 404',
      (peer) => peer.script.set('/versions', () => ({ http: 404, body: { status_code: 1000, data: [] } })),
    ],
    ['answers versions with no JSON', (peer) => peer.script.set('/versions', () => ({ body: '<html>' }))],
    ['answers versions with an object', (peer) => peer.script.set('/versions', () => ({ data: {} }))],
    [
      'redirects versions',
      (peer) =>
        peer.script.set('/versions', () => ({ http: 302, headers: { Location: '/elsewhere' }, body: '' })),
    ],
    ['never answers details', (peer) => peer.script.set('/2.2.1', () => 'hang')],
    ['resets details', (peer) => peer.script.set('/2.2.1', () => 'reset')],
    [
      'answers details without endpoints',
      (peer) => peer.script.set('/2.2.1', () => ({ data: { version: '2.2.1' } })),
    ],
  ])('answers 3001 when the platform %s, and token A lives on', async (_what, spoil) => {
    const peer = await platform();
    const { id, token_a } = await hub.partner('P');
    const body = peer.credentials();
    spoil(peer);
    const answer = await send('POST', token_a, body);
    expect([answer.http, answer.json.status_code]).toEqual([200, 3001]);
    expect(answer.json).not.toHaveProperty('data');
    expect(await partner(id)).toMatchObject({ state: 'PENDING', parties: [], endpoints: [] });
    const whole = await platform();
    expect((await send('POST', token_a, whole.credentials())).json.status_code).toBe(1000);
  });

  it('answers 3002 when the platform does not offer this version', async () => {
    const peer = await platform();
    peer.script.set('/versions', () => ({ data: [{ version: '2.1.1', url: `${peer.base}/2.1.1` }] }));
    const { id, token_a } = await hub.partner('P');
    const answer = await send('POST', token_a, peer.credentials());
    expect([answer.http, answer.json.status_code]).toEqual([200, 3002]);
    expect((await partner(id)).state).toBe('PENDING');
  });

  it('answers 3002 when the details are of another version than their URL was given for', async () => {
    const peer = await platform();
    const endpoints = ['credentials', 'tokens'].map((identifier) => ({
      identifier,
      role: 'SENDER',
      url: `${peer.base}/${identifier}`,
    }));
    peer.script.set('/2.2.1', () => ({ data: { version: '2.1.1', endpoints } }));
    const { id, token_a } = await hub.partner('P');
    const answer = await send('POST', token_a, peer.credentials());
    expect([answer.http, answer.json.status_code]).toEqual([200, 3002]);
    expect((await partner(id)).state).toBe('PENDING');
  });

  it.each([
    ['credentials', ['tokens']],
    ['any module', ['credentials']],
    ['all', []],
  ])('answers 3003 when %s is missing', async (_what, left) => {
    const peer = await platform();
    const endpoints = left.map((identifier) => ({
      identifier,
      role: 'SENDER',
      url: `${peer.base}/${identifier}`,
    }));
    peer.script.set('/2.2.1', () => ({ data: { version: '2.2.1', endpoints } }));
    const { token_a } = await hub.partner('P');
    const answer = await send('POST', token_a, peer.credentials());
    expect([answer.http, answer.json.status_code]).toEqual([200, 3003]);
  });

  it.each([
    ['7', /\$/],
    ['null', /\$/],
    ['[]', /\$/],
    ['{}', /\$\.(token|url|roles)/],
    ['{"token":"a b","url":"http://x/","roles":[]}', /\$\.(token|roles)/],
  ])('answers 2001 to the object %s and names path and rule', async (body, path) => {
    const { token_a } = await hub.partner('P');
    const answer = await send('POST', token_a, body);
    expect([answer.http, answer.json.status_code]).toEqual([200, 2001]);
    expect(answer.json.status_message).toMatch(path);
  });

  it.each(['{', '', 'token'])('answers 400 to the body %p', async (body) => {
    const { token_a } = await hub.partner('P');
    const answer = await send('POST', token_a, body);
    expect([answer.http, answer.json.status_code]).toEqual([400, 2001]);
  });

  it('names the role that breaks a rule', async () => {
    const peer = await platform();
    const { token_a } = await hub.partner('P');
    const roles = [role({ party_id: freshParty() }), role({ party_id: 'TOOLONG' })];
    const answer = await send('POST', token_a, peer.credentials({ roles }));
    expect(answer.json.status_code).toBe(2001);
    expect(answer.json.status_message).toContain('$.roles[1].party_id');
  });

  it('refuses a role twice, in another case too', async () => {
    const peer = await platform();
    const { token_a } = await hub.partner('P');
    const roles = [role({ party_id: 'dbl' }), role({ party_id: 'DBL' })];
    const answer = await send('POST', token_a, peer.credentials({ roles }));
    expect(answer.json).toMatchObject({
      status_code: 2001,
      status_message: expect.stringContaining('unique'),
    });
  });

  it('takes one party with several roles', async () => {
    const peer = await platform();
    const { id, token_a } = await hub.partner('P');
    const roles = [role({ party_id: 'TWO' }), role({ party_id: 'TWO', role: 'EMSP' })];
    expect((await send('POST', token_a, peer.credentials({ roles }))).json.status_code).toBe(1000);
    expect((await partner(id)).parties).toMatchObject([{ party_id: 'TWO', roles: ['CPO', 'EMSP'] }]);
  });

  it("refuses the hub's own party", async () => {
    const peer = await platform();
    const { token_a } = await hub.partner('P');
    const answer = await send(
      'POST',
      token_a,
      peer.credentials({ roles: [role({ country_code: 'nl', party_id: 'hub' })] }),
    );
    expect(answer.json.status_code).toBe(2001);
  });

  it('refuses a party of another platform and leaves its owner untouched', async () => {
    const { peer: owner, id } = await used();
    const peer = await platform();
    const { token_a } = await hub.partner('Q');
    const answer = await send('POST', token_a, peer.credentials({ roles: owner.roles }));
    expect(answer.json.status_code).toBe(2001);
    expect((await partner(id)).parties).toMatchObject([{ status: 'CONNECTED' }]);
  });

  it('keeps a party PLANNED that an admin named and the platform did not', async () => {
    const peer = await platform();
    const named = { role: 'EMSP', country_code: 'NL', party_id: 'PLN' };
    const { id, token_a } = await hub.partner('P', { parties: [named] });
    await send('POST', token_a, peer.credentials());
    expect((await partner(id)).parties).toMatchObject([
      { party_id: 'PLN', status: 'PLANNED' },
      { status: 'CONNECTED' },
    ]);
  });

  it('lets one of two POSTs at once win, whole', async () => {
    const peer = await platform();
    const { id, token_a } = await hub.partner('P');
    const answers = await Promise.all([1, 2, 3].map(() => send('POST', token_a, peer.credentials())));
    const won = answers.filter((answer) => answer.json.status_code === 1000);
    expect(won).toHaveLength(1);
    expect(answers.filter((answer) => answer.json.status_code === 3000)).toHaveLength(2);
    expect((await send('GET', won[0]!.json.data.token)).http).toBe(200);
    expect((await partner(id)).parties).toHaveLength(1);
  });

  it('gives a party that two platforms claim at once to one of them', async () => {
    const [first, second] = [await platform(), await platform()];
    const roles = [role({ party_id: 'ONE' })];
    const [p, q] = [await hub.partner('P'), await hub.partner('Q')];
    const answers = await Promise.all([
      send('POST', p.token_a, first.credentials({ roles })),
      send('POST', q.token_a, second.credentials({ roles })),
    ]);
    expect(answers.map((answer) => answer.json.status_code).sort()).toEqual([1000, 2001]);
  });

  it('takes a lenient platform with faults that do not matter, and counts them', async () => {
    const peer = await platform();
    const { id, token_a } = await hub.partner('P', { policies: { validation: 'lenient' } });
    const roles = [role({ party_id: freshParty(), business_details: { name: 'x'.repeat(101) } })];
    expect((await send('POST', token_a, peer.credentials({ roles }))).json.status_code).toBe(1000);
    const { items } = (await hub.admin('GET', `/partners/${id}/findings`)).json as { items: Loose[] };
    expect(items).toMatchObject([
      { module: 'credentials', path: '$.roles[*].business_details.name', count: 1 },
    ]);
  });

  const rolesOf = async (id: string): Promise<unknown> =>
    ((await partner(id)).parties as Loose[]).map(({ roles, party_id }) => [roles, party_id]);

  it.each<[string, (party_id: string) => Record<string, unknown>, string[]]>([
    ['a token of 65 characters', () => ({ token: 't'.repeat(65) }), ['CPO']],
    ['a role in small letters', (party_id) => ({ roles: [role({ party_id, role: 'cpo' })] }), ['CPO']],
    ['a role by another name', (party_id) => ({ roles: [role({ party_id, role: 'MSP' })] }), ['EMSP']],
    [
      'a role that OCPI 2.2.1 does not know beside one that it does',
      (party_id) => ({ roles: [role({ party_id }), role({ party_id, role: 'PTP' })] }),
      ['CPO'],
    ],
    [
      'a country of three letters',
      (party_id) => ({ roles: [role({ party_id, country_code: 'NLD' })] }),
      ['CPO'],
    ],
  ])('takes a lenient platform with %s, with a finding', async (_what, fields, roles) => {
    const peer = await platform();
    const { id, token_a } = await hub.partner('P', { policies: { validation: 'lenient' } });
    const party_id = freshParty();
    const given = fields(party_id);
    if (typeof given.token === 'string') peer.token = given.token;
    const body = peer.credentials({ roles: [role({ party_id })], ...given });
    expect((await send('POST', token_a, body)).json.status_code).toBe(1000);
    expect(await rolesOf(id)).toEqual([[roles, party_id]]);
    const { items } = (await hub.admin('GET', `/partners/${id}/findings`)).json as { items: Loose[] };
    expect(items.length).toBeGreaterThan(0);
  });

  it.each(['strict', 'lenient'])(
    'takes a %s platform with a token that can be guessed, with a finding',
    async (validation) => {
      const peer = await platform();
      peer.token = 'seven77';
      const { id, token_a } = await hub.partner('P', { policies: { validation } });
      expect((await send('POST', token_a, peer.credentials())).json.status_code).toBe(1000);
      const { items } = (await hub.admin('GET', `/partners/${id}/findings`)).json as { items: Loose[] };
      const rule = 'should have at least 8 characters: others may guess it';
      expect(items).toMatchObject([{ module: 'credentials', path: '$.token', rule, count: 1 }]);
      expect(JSON.stringify(items)).not.toContain(peer.token);
      expect(peer.seen.length).toBeGreaterThan(0);
    },
  );

  it('has no finding where the token of the platform has eight characters', async () => {
    const peer = await platform();
    peer.token = 'eight888';
    const { id, token_a } = await hub.partner('P', {});
    expect((await send('POST', token_a, peer.credentials())).json.status_code).toBe(1000);
    expect((await hub.admin('GET', `/partners/${id}/findings`)).json).toEqual({ items: [] });
  });

  it('names the roles of a lenient platform that has none which it can use', async () => {
    const peer = await platform();
    const { token_a } = await hub.partner('P', { policies: { validation: 'lenient' } });
    const roles = [role({ party_id: freshParty(), role: 'PTP' })];
    const { json } = await send('POST', token_a, peer.credentials({ roles }));
    expect([json.status_code, json.status_message]).toEqual([
      2001,
      '$.roles: must hold a role that OCPI 2.2.1 knows, of a party; given: "PTP"',
    ]);
  });

  it('names what it ignored of version details, and understands letter case of a lenient platform', async () => {
    const details = (peer: HandshakePlatform): void =>
      void peer.script.set('/2.2.1', () => ({
        data: {
          version: '2.2.1',
          endpoints: [
            { identifier: 'credentials', role: 'SENDER', url: `${peer.base}/credentials` },
            { identifier: 'Locations', role: 'SENDER', url: `${peer.base}/locations` },
            { identifier: 'tokens', role: 'CPO', url: `${peer.base}/tokens` },
          ],
        },
      }));
    const strict = await platform();
    details(strict);
    const first = await hub.partner('P');
    const roles = [role({ party_id: freshParty() })];
    const { json } = await send('POST', first.token_a, strict.credentials({ roles }));
    expect(json.status_code).toBe(3003);
    expect(json.status_message).toContain('"Locations" is no module of 2.2.1');
    expect(json.status_message).toContain('tokens: role "CPO" is neither SENDER nor RECEIVER');
    const lenient = await platform();
    details(lenient);
    const second = await hub.partner('P', { policies: { validation: 'lenient' } });
    const body = lenient.credentials({ roles: [role({ party_id: freshParty() })] });
    expect((await send('POST', second.token_a, body)).json.status_code).toBe(1000);
    expect((await partner(second.id)).endpoints).toContainEqual(
      expect.objectContaining({ identifier: 'locations', role: 'SENDER' }),
    );
  });

  it('sends a plain token where the policy says so', async () => {
    const { peer } = await registered({ policies: { token_encoding: 'plain' } });
    expect(peer.seen[0]?.headers.authorization).toBe(`Token ${peer.token}`);
  });
});

describe('GET credentials', () => {
  it('gives back the token that the request came with', async () => {
    const { c } = await used();
    expect((await send('GET', c)).json.data.token).toBe(c);
    expect((await callHub(credentials(), { authorization: `token ${c}` })).json.data.token).toBe(c);
  });
});

describe('PUT credentials', () => {
  it('fetches the endpoints again and gives a new token; the old one dies when that is used', async () => {
    const { peer, id, c } = await used();
    const endpoints = [
      ...peer.endpoints(),
      { identifier: 'cdrs', role: 'RECEIVER', url: `${peer.base}/cdrs` },
    ];
    peer.script.set('/2.2.1', () => ({ data: { version: '2.2.1', endpoints } }));
    peer.token = 'another-token-of-the-platform';
    const answer = await send('PUT', c, peer.credentials());
    expect(answer.json.status_code).toBe(1000);
    const fresh = answer.json.data.token;
    expect(fresh).not.toBe(c);
    expect(peer.seen.at(-1)?.headers.authorization).toBe(
      `Token ${Buffer.from(peer.token).toString('base64')}`,
    );
    expect((await partner(id)).endpoints).toHaveLength(3);
    expect((await send('GET', c)).http).toBe(401);
    expect((await send('GET', fresh)).http).toBe(200);
    expect((await send('PUT', c, peer.credentials())).http).toBe(401);
  });

  it('lets the old token PUT again, and nothing else, when the answer was lost', async () => {
    const { peer, c } = await used();
    const lost = (await send('PUT', c, peer.credentials())).json.data.token;
    for (const method of ['GET', 'DELETE']) expect((await send(method, c)).http).toBe(401);
    expect((await send('POST', c, peer.credentials())).http).toBe(401);
    expect((await callHub(hub.versionsUrl, { token: c })).http).toBe(401);
    const again = await send('PUT', c, peer.credentials());
    expect(again.json.status_code).toBe(1000);
    expect((await send('GET', lost)).http).toBe(401);
    expect((await send('GET', again.json.data.token)).http).toBe(200);
  });

  it.each<[number, (peer: HandshakePlatform) => void]>([
    [3001, (peer) => peer.script.set('/versions', () => 'reset')],
    [
      3002,
      (peer) =>
        peer.script.set('/versions', () => ({ data: [{ version: '2.3.0', url: `${peer.base}/2.3.0` }] })),
    ],
    [3003, (peer) => peer.script.set('/2.2.1', () => ({ data: { version: '2.2.1', endpoints: [] } }))],
    [2001, (peer) => (peer.roles = [role({ country_code: 'XXX' })])],
    [2001, (peer) => (peer.roles = [role({ country_code: 'NL', party_id: 'HUB' })])],
  ])('changes nothing when it fails with %i', async (status_code, spoil) => {
    const { peer, id, c } = await used();
    const before = await registrationOf(id);
    const token = peer.token;
    spoil(peer);
    peer.token = 'never-stored';
    const answer = await send('PUT', c, peer.credentials());
    expect([answer.http, answer.json.status_code]).toEqual([200, status_code]);
    expect(await registrationOf(id)).toEqual(before);
    expect(hub.context.registry.partner(id)?.their_token).toBe(token);
    expect((await send('GET', c)).http).toBe(200);
  });

  it('answers 405 to token A without a registration', async () => {
    const { token_a } = await hub.partner('P');
    expect((await send('PUT', token_a, {})).http).toBe(405);
    expect((await send('DELETE', token_a)).http).toBe(405);
  });

  it('suspends a party that the new roles leave out, which stays bound, and takes it back', async () => {
    const { peer, id, c } = await used();
    const [first] = peer.roles;
    const second = role({ role: 'EMSP', party_id: freshParty() });
    peer.roles = [second];
    const { token } = (await send('PUT', c, peer.credentials())).json.data;
    expect((await partner(id)).parties).toMatchObject([{ status: 'SUSPENDED' }, { status: 'CONNECTED' }]);
    const { token_a } = await hub.partner('Q');
    const thief = await platform();
    expect((await send('POST', token_a, thief.credentials({ roles: [first] }))).json.status_code).toBe(2001);
    peer.roles = [first!, second];
    await send('PUT', token, peer.credentials());
    expect((await partner(id)).parties).toMatchObject([{ status: 'CONNECTED' }, { status: 'CONNECTED' }]);
  });

  it('lets one of two PUTs at once win, whose token works', async () => {
    const { peer, c } = await used();
    const answers = await Promise.all([1, 2].map(() => send('PUT', c, peer.credentials())));
    const won = answers.filter((answer) => answer.json.status_code === 1000);
    expect(won).toHaveLength(1);
    expect((await send('GET', won[0]!.json.data.token)).http).toBe(200);
  });

  it('announces only the parties that came new', async () => {
    const { peer, c } = await used();
    const changes = async (): Promise<number> =>
      (await hub.context.database.pool.query(`select count(*)::int as n from change where module = 0`))
        .rows[0].n;
    const before = await changes();
    const { token } = (await send('PUT', c, peer.credentials())).json.data;
    expect(await changes()).toBe(before);
    peer.roles = [...peer.roles, role({ party_id: freshParty() })];
    await send('PUT', token, peer.credentials());
    expect(await changes()).toBe(before + 1);
  });
});

describe('DELETE credentials', () => {
  it('ends the registration: 401 from then on, parties SUSPENDED, nothing kept', async () => {
    const { id, c } = await used();
    expect((await send('DELETE', c)).json.status_code).toBe(1000);
    expect((await send('GET', c)).http).toBe(401);
    expect(await partner(id)).toMatchObject({
      state: 'UNREGISTERED',
      endpoints: [],
      parties: [{ status: 'SUSPENDED' }],
    });
    expect(hub.context.registry.partner(id)?.their_token).toBeNull();
  });

  it('lets the platform come back with a new token A, CONNECTED again', async () => {
    const { peer, id, c } = await used();
    await send('DELETE', c);
    const { token_a } = (await hub.admin('POST', `/partners/${id}/token_a`)).json as { token_a: string };
    expect((await send('POST', token_a, peer.credentials())).json.status_code).toBe(1000);
    expect(await partner(id)).toMatchObject({ state: 'REGISTERED', parties: [{ status: 'CONNECTED' }] });
  });
});

describe('a refusal leaves a trace', () => {
  const lastError = async (id: string): Promise<string | null> => (await partner(id)).last_error;

  it.each<[string, (peer: HandshakePlatform) => unknown]>([
    ['is no object', () => 7],
    ['is no JSON', () => '{'],
    [
      'names a URL that cannot be reached',
      (peer) => peer.credentials({ url: 'http://127.0.0.1:1/versions' }),
    ],
    ["names the hub's own party", (peer) => peer.credentials({ roles: [role({ party_id: 'HUB' })] })],
  ])('of a POST whose body %s: last_error is what the partner was told', async (_what, bodyOf) => {
    const { id, token_a } = await hub.partner('P');
    const { json } = await send('POST', token_a, bodyOf(await platform()));
    expect(json.status_message).toEqual(expect.any(String));
    expect(await lastError(id)).toBe(`POST credentials: ${json.status_message}`);
  });

  it('of a PUT, and of a POST by who is registered', async () => {
    const { peer, id, c } = await used();
    const { json } = await send('PUT', c, peer.credentials({ roles: [] }));
    expect(await lastError(id)).toBe(`PUT credentials: ${json.status_message}`);
    await send('POST', c, peer.credentials());
    expect(await lastError(id)).toBe('POST credentials: registered already: PUT credentials to change them');
  });

  it('tells why a URL could not be fetched, from where, and what to do; without what its query may hide', async () => {
    const { token_a } = await hub.partner('P');
    const peer = await platform();
    const body = peer.credentials({ url: 'http://127.0.0.1:1/versions?code=HIDDEN' });
    const { status_message } = (await send('POST', token_a, body)).json;
    expect(status_message).toMatch(
      /^versions could not be fetched from http:\/\/127\.0\.0\.1:1\/versions: refused: .*; check that the URL is right and that the hub can reach it$/,
    );
  });
});

describe('a token that opens nothing', () => {
  const told = async (authorization: string, url = credentials()): Promise<unknown> => {
    const { http, json } = await callHub(url, { authorization });
    return [http, json.status_code, json.status_message];
  };
  const plain = (token: string): string => `Token ${token}`;
  const base64 = (text: string): string => Buffer.from(text).toString('base64');
  const lastError = async (id: string): Promise<unknown> => (await partner(id)).last_error;
  const UNKNOWN = 'unknown credentials token';
  const USED =
    'this token A was used: the platform is registered; use the credentials token that the hub gave in the handshake';
  const REPLACED = 'this credentials token was replaced: use the one that the hub gave last';
  const ENDED = 'the registration of this token has ended: register again, with a new token A';

  it('is known as a token A that was used, until the registration ends', async () => {
    const { id, a, c } = await used();
    expect(await told(plain(a))).toEqual([401, 2001, USED]);
    expect(await lastError(id)).toBe(`token: ${USED}`);
    await send('DELETE', c);
    expect(await told(plain(a))).toEqual([401, 2001, ENDED]);
    expect(await told(plain(c))).toEqual([401, 2001, ENDED]);
    expect(await lastError(id)).toBe(`token: ${ENDED}`);
  });

  it('is known as a token A that was used though the hour in which it could start over has passed', async () => {
    const { a, id } = await registered();
    const { pool } = hub.context.database;
    await pool.query(
      `update credentials_token set expires_at = now() - interval '1 s' where partner_id = $1 and kind = 'A'`,
      [id],
    );
    await hub.admin('PATCH', `/partners/${id}`, { broadcast: 'platform' }); // memory is read anew
    expect(await told(plain(a))).toEqual([401, 2001, USED]);
  });

  it('is known as a token A for which there is a newer one', async () => {
    const { id, token_a } = await hub.partner('P');
    await hub.admin('POST', `/partners/${id}/token_a`);
    const words = 'this token A was replaced: use the newer one';
    expect(await told(plain(token_a))).toEqual([401, 2001, words]);
    expect(await lastError(id)).toBe(`token: ${words}`);
  });

  it('is known as replaced after a PUT, the last three of a partner', async () => {
    const { peer, id, c } = await used();
    const tokens = [c];
    for (let n = 0; n < 4; n++) {
      const { token } = (await send('PUT', tokens[n]!, peer.credentials())).json.data;
      expect((await send('GET', token)).http).toBe(200);
      tokens.push(token);
    }
    const words = async (token: string): Promise<unknown> => (await callHub(credentials(), { token })).json;
    for (const old of tokens.slice(1, 4))
      expect(await words(old)).toMatchObject({ status_message: REPLACED });
    expect(await words(c)).toMatchObject({ status_message: UNKNOWN });
    const { rows } = await hub.context.database.pool.query(
      'select count(*)::int as n from former_token where partner_id = $1',
      [id],
    );
    expect(rows).toEqual([{ n: 3 }]);
  });

  it('is known as encoded twice', async () => {
    const { id, token_a } = await hub.partner('P');
    const words = 'the token looks Base64-encoded twice: encode it once';
    expect(await told(plain(base64(base64(token_a))))).toEqual([401, 2001, words]);
    expect(await lastError(id)).toBe(`token: ${words}`);
    expect((await callHub(credentials(), { authorization: plain(base64(token_a)) })).http).toBe(200);
  });

  it('opens versions and credentials only, before the registration', async () => {
    const { id, token_a } = await hub.partner('P');
    const words = 'this token opens only versions and credentials: register first';
    expect(await told(plain(token_a), clientInfoUrl())).toEqual([401, 2001, words]);
    expect(await told(plain(token_a), `${hub.url}/ocpi/2.2.1/no/such/path`)).toEqual([401, 2001, words]);
    expect(await lastError(id)).toBe(`token: ${words}`);
  });

  it.each(['Token x', `Token ${'y'.repeat(43)}`, `Token ${Buffer.from('zz').toString('base64')}`])(
    'and is of nobody is unknown: %s',
    async (authorization) => {
      expect(await told(authorization)).toEqual([401, 2001, UNKNOWN]);
    },
  );
});
