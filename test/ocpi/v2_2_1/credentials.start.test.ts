import { callHub, HandshakePlatform, role, type Loose, type Seen } from '../../support/handshake-platform';
import { startHub, type AdminAnswer, type TestHub } from '../../support/hub';

let hub: TestHub;
let peer: HandshakePlatform;
let place = 0;
const TOKEN_A = 'token-a-of-the-platform';

beforeAll(async () => {
  hub = await startHub({ FORWARD_TIMEOUT_MS: '700' });
});

beforeEach(async () => {
  peer = await new HandshakePlatform().start();
  peer.roles = [role({ role: 'EMSP', party_id: (place++).toString(36).toUpperCase().padStart(3, '0') })];
});

afterEach(() => peer.stop());

afterAll(() => hub.stop());

const partner = async (id: string): Promise<Loose> => (await hub.admin('GET', `/partners/${id}`)).json;

function register(id: string, changes: Record<string, unknown> = {}): Promise<AdminAnswer> {
  return hub.admin('POST', `/partners/${id}/register`, {
    versions_url: peer.versionsUrl,
    token_a: TOKEN_A,
    ...changes,
  });
}

const posted = (): Seen | undefined =>
  peer.seen.find(({ method, path }) => method === 'POST' && path === '/credentials');

describe('a handshake that the hub starts', () => {
  it('registers with the partner, with token A at first and its token C from then on', async () => {
    const { id } = await hub.partner('P');
    const answer = await register(id);
    expect(answer).toMatchObject({ http: 200, json: { state: 'REGISTERED', version: '2.2.1' } });
    expect(JSON.stringify(answer.json)).not.toContain(peer.token);
    expect(peer.seen.map(({ method, path }) => `${method} ${path}`)).toEqual([
      'GET /versions',
      'GET /2.2.1',
      'POST /credentials',
    ]);
    const encoded = Buffer.from(TOKEN_A).toString('base64');
    expect(peer.seen.every(({ headers }) => headers.authorization === `Token ${encoded}`)).toBe(true);
    expect(posted()?.body).toMatchObject({ url: hub.versionsUrl, roles: [{ role: 'HUB', party_id: 'HUB' }] });
    expect(hub.context.registry.partner(id)?.their_token).toBe(peer.token);
    const list = await callHub(`${hub.url}/ocpi/2.2.1/sender/hubclientinfo`, { token: posted()?.body.token });
    expect(list.http).toBe(200);
  });

  it('lets the partner use our token B for versions and details before it answers, and for nothing else', async () => {
    const { id } = await hub.partner('P');
    const seen: number[] = [];
    peer.script.set('/credentials', async ({ body }) => {
      for (const path of ['versions', '2.2.1', '2.2.1/credentials', '2.2.1/sender/hubclientinfo']) {
        seen.push((await callHub(`${hub.url}/ocpi/${path}`, { token: body.token })).http);
      }
      return { data: peer.credentials() };
    });
    expect((await register(id)).http).toBe(200);
    expect(seen).toEqual([200, 200, 401, 401]);
  });

  it('takes the highest version that both sides support', async () => {
    const { id } = await hub.partner('P');
    const versions = ['2.3.0', '2.2.1', '2.1.1'].map((version) => ({
      version,
      url: `${peer.base}/${version}`,
    }));
    peer.script.set('/versions', () => ({ data: versions }));
    await register(id);
    expect((await partner(id)).version).toBe('2.2.1');
  });

  it.each<[string, (peer: HandshakePlatform) => void, RegExp]>([
    [
      'versions cannot be fetched',
      (p) => p.script.set('/versions', () => ({ http: 401, body: { status_code: 2001 } })),
      /versions.*401/,
    ],
    ['it has no version of ours', (p) => p.script.set('/versions', () => ({ data: [] })), /version/],
    ['details never come', (p) => p.script.set('/2.2.1', () => 'hang'), /timeout/],
    [
      'credentials are missing',
      (p) => p.script.set('/2.2.1', () => ({ data: { version: '2.2.1', endpoints: [] } })),
      /credentials/,
    ],
    [
      'POST is refused',
      (p) => p.script.set('/credentials', () => ({ body: { status_code: 3001, status_message: 'no way' } })),
      /3001: no way/,
    ],
    [
      'POST is answered 405',
      (p) => p.script.set('/credentials', () => ({ http: 405, body: { status_code: 2000 } })),
      /405/,
    ],
    [
      'POST is answered by a page',
      (p) => p.script.set('/credentials', () => ({ http: 502, body: '<html>' })),
      /502/,
    ],
    ['POST is reset', (p) => p.script.set('/credentials', () => 'reset'), /reset/],
    [
      'the answer is no Credentials',
      (p) => p.script.set('/credentials', () => ({ data: { token: 'x' } })),
      /\$/,
    ],
    ["the answer names the hub's own party", (p) => (p.roles = [role({ party_id: 'HUB' })]), /hub's own/],
  ])('answers 502 with the reason when %s, and changes nothing', async (_what, spoil, reason) => {
    const { id } = await hub.partner('P');
    const before = await partner(id);
    spoil(peer);
    const answer = await register(id);
    expect(answer).toMatchObject({ http: 502, json: { status: 502, detail: expect.stringMatching(reason) } });
    const { last_error, last_error_at, ...after } = await partner(id);
    const { last_error: _none, last_error_at: _never, ...unchanged } = before;
    expect(after).toEqual(unchanged);
    expect([last_error, typeof last_error_at]).toEqual([
      `handshake: ${String(answer.json.detail)}`,
      'string',
    ]);
    const { rows } = await hub.context.database.pool.query(
      'select kind from credentials_token where partner_id = $1',
      [id],
    );
    expect(rows).toEqual([{ kind: 'A' }]);
    const token = posted()?.body.token;
    if (token) expect((await callHub(hub.versionsUrl, { token })).http).toBe(401);
  });

  it('keeps the partner’s own words about a refusal, without tokens, after a restart too', async () => {
    const own = await startHub();
    const { id } = await own.partner('P');
    peer.script.set('/credentials', ({ headers, body }) => ({
      http: 422,
      body: { error: 'business_details.website is missing', got: body.token, by: headers.authorization },
    }));
    await own.admin('POST', `/partners/${id}/register`, { versions_url: peer.versionsUrl, token_a: TOKEN_A });
    const first = (await own.admin('GET', `/partners/${id}`)).json.last_error;
    expect(first).toMatch(/^handshake: POST credentials was refused: HTTP 422 .*website is missing/);
    for (const secret of [posted()?.body.token, TOKEN_A, Buffer.from(TOKEN_A).toString('base64')])
      expect(first).not.toContain(secret);
    await own.stop();
    const again = await startHub({}, own.connection);
    expect((await again.admin('GET', `/partners/${id}`)).json.last_error).toBe(first);
    await again.stop();
  });

  it('leaves tokens out of the words of an envelope too', async () => {
    const { id } = await hub.partner('P');
    const status_message = `what is ${'x'.repeat(170)}${TOKEN_A}?`; // cut within the token
    peer.script.set('/versions', () => ({ http: 401, body: { status_code: 2001, status_message } }));
    const { json } = await register(id);
    expect(json.detail).toContain('x***');
    expect(json.detail).not.toContain(TOKEN_A.slice(0, 10));
    expect((await partner(id)).last_error).toBe(`handshake: ${String(json.detail)}`);
  });

  it('withdraws by DELETE what the partner has stored and the hub cannot', async () => {
    const { id } = await hub.partner('P');
    peer.roles = [role({ party_id: 'HUB' })];
    await register(id);
    const last = peer.seen.at(-1);
    expect(last).toMatchObject({ method: 'DELETE', path: '/credentials' });
    expect(last?.headers.authorization).toBe(`Token ${Buffer.from(peer.token).toString('base64')}`);
  });

  it('can be tried again after a failure', async () => {
    const { id } = await hub.partner('P');
    peer.script.set('/credentials', () => 'reset');
    await register(id);
    peer.script.clear();
    expect((await register(id)).http).toBe(200);
  });

  it('is a conflict for a partner that is registered', async () => {
    const { id } = await hub.partner('P');
    await register(id);
    expect(await register(id)).toMatchObject({
      http: 409,
      json: { detail: expect.stringContaining('registered') },
    });
  });

  it('lets one of two at once win', async () => {
    const { id } = await hub.partner('P');
    const answers = await Promise.all([register(id), register(id)]);
    expect(answers.map((answer) => answer.http).sort()).toEqual([200, 409]);
    expect((await partner(id)).state).toBe('REGISTERED');
  });

  it.each([
    [{ versions_url: 'ftp://x/versions' }, 'versions_url'],
    [{ versions_url: 'http://user:secret@127.0.0.1/versions' }, 'versions_url'],
    [{ versions_url: 7 }, 'versions_url'],
    [{ token_a: 'with space' }, 'token_a'],
    [{ token_a: undefined }, 'token_a'],
    [{ more: 1 }, 'more'],
  ])('refuses the input %j and names field and rule', async (changes, field) => {
    const { id } = await hub.partner('P');
    const answer = await register(id, changes);
    expect(answer).toMatchObject({ http: 400, json: { errors: [{ field, rule: expect.any(String) }] } });
  });

  it('is not found for an unknown partner', async () => {
    expect((await register('5b2b1c5e-0000-4000-8000-000000000000')).http).toBe(404);
    expect((await register('nobody')).http).toBe(404);
  });
});
