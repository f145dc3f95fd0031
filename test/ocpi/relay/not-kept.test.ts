import { cdr, EMSP, session, startTwo, type Fields, type Joined, type Network } from '../../support/network';

/* What a receiver accepted and the hub cannot keep: an admin sees it, and settles which copy the hub has. */

let network: Network;
let cpo: Joined;

beforeEach(async () => {
  const two = await startTwo();
  ({ network, cpo } = two);
  two.emsp.behaviour = ({ method }) => (method === 'POST' ? { http: 201, status_code: 1000 } : undefined);
});
afterEach(() => network.stop());

const post = async (fields: Fields): Promise<void> => {
  const body = JSON.stringify(cdr('C1', fields));
  const answer = await cpo.send({
    method: 'POST',
    module: 'cdrs',
    interface: 'RECEIVER',
    path: '',
    to: EMSP,
    body,
  });
  expect(answer.status).toBe(1000);
};

async function rows(query = ''): Promise<Fields[]> {
  const { http, json } = await network.hub.admin('GET', `/not-kept${query}`);
  expect(http).toBe(200);
  return json.items as Fields[];
}

const settle = (id: unknown, body: Fields): ReturnType<Network['hub']['admin']> =>
  network.hub.admin('POST', `/not-kept/${String(id)}/settle`, body);

async function ownCdr(): Promise<Fields> {
  const { objects } = await cpo.listAll('cdrs');
  return objects[0] as Fields;
}

test('a CDR of the same id with other content is a row with what differs, once however often it comes', async () => {
  await post({ total_energy: 10 });
  await post({ total_energy: 12 });
  await post({ total_energy: 12 });
  const [row, ...more] = await rows();
  expect(more).toEqual([]);
  expect(row).toMatchObject({
    partner_id: cpo.partnerId,
    module: 'cdrs',
    owner: 'BE/BEC',
    receiver: 'NL/TNM',
    object_id: 'C1',
    rule: '$.id: a CDR with this id and other content was posted before',
    count: 2,
    state: 'not_kept',
    differences: [{ path: '$.total_energy', expected: 10, found: 12 }],
  });
  const { json } = await network.hub.admin('GET', `/partners/${cpo.partnerId}/findings`);
  expect(json.items).toContainEqual(expect.objectContaining({ module: 'cdrs', example_id: 'C1', count: 2 }));
});

test('what breaks the policy of its sender is a row too, and may be taken over', async () => {
  await post({ currency: 'XQX' });
  const [row] = await rows(`?partner=${cpo.partnerId}`);
  expect(row).toMatchObject({ object_id: 'C1', rule: expect.stringContaining('$.currency') as string });
  const { http, json } = await settle(row?.id, { keep: 'offered', reason: 'agreed by phone' });
  expect({ http, json }).toMatchObject({
    http: 200,
    json: { state: 'settled', kept: 'offered', reason: 'agreed by phone', differences: [] },
  });
  expect(await ownCdr()).toMatchObject({ id: 'C1', currency: 'XQX' });
  expect(await rows()).toEqual([]);
  expect(await rows('?state=settled')).toHaveLength(1);
  expect((await settle(row?.id, { keep: 'stored' })).http).toBe(409);
});

test('the copy of the hub stays where an admin says so', async () => {
  await post({ total_energy: 10 });
  await post({ total_energy: 12 });
  const [row] = await rows();
  expect((await settle(row?.id, { keep: 'stored' })).http).toBe(200);
  expect(await ownCdr()).toMatchObject({ total_energy: 10 });
});

test('what a PATCH offers is no whole object: the session of the hub stays as it is', async () => {
  const to = { module: 'sessions', interface: 'RECEIVER', path: '/BE/BEC/S1', to: EMSP } as const;
  const send = (method: 'PUT' | 'PATCH', body: Fields): ReturnType<Joined['send']> =>
    cpo.send({ ...to, method, body: JSON.stringify(body) });
  await send('PUT', session('S1'));
  const patch = { id: 'S1', currency: 'XQX', last_updated: '2026-01-02T00:00:00Z' };
  expect((await send('PATCH', patch)).status).toBe(1000);
  const [row] = await rows();
  expect(row).toMatchObject({ method: 'PATCH', object_id: 'S1' });
  const differing = (row?.differences as Fields[]).map(({ path }) => path);
  expect(differing.sort()).toEqual(['$.currency', '$.last_updated']);
  const { http, json } = await settle(row?.id, { keep: 'offered' });
  expect({ http, json }).toMatchObject({
    http: 409,
    json: { detail: expect.stringContaining('PATCH') as string },
  });
  const { objects } = await cpo.listAll('sessions');
  expect(objects).toMatchObject([session('S1')]);
  expect((await settle(row?.id, { keep: 'stored' })).http).toBe(200);
});

test.each([
  ['1', { keep: 'both' }, 400],
  ['1', {}, 400],
  ['1', { keep: 'stored', resaon: 'x' }, 400],
  ['999', { keep: 'stored' }, 404],
  ['x', { keep: 'stored' }, 404],
])('settling %s with %j is answered %d', async (id, body, http) => {
  expect((await settle(id, body)).http).toBe(http);
});
