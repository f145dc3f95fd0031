import {
  awaiting,
  cdr,
  eventually,
  inSync,
  location,
  push,
  startTwo,
  type Joined,
  type Network,
} from '../support/network';

/* Why a delivery failed, which ones did, and another try for one object or for all that match. */

let network: Network;
let cpo: Joined;
let emsp: Joined;

beforeEach(async () => {
  ({ network, cpo, emsp } = await startTwo());
  await inSync(network.hub);
});
afterEach(() => network.stop());

const put = (id: string): ReturnType<typeof push> =>
  push(cpo, { method: 'PUT', module: 'locations', path: `/BE/BEC/${id}` }, location(id));

type Row = Record<string, unknown> & { id: string };

async function list(query: string): Promise<{ items: Row[]; next: string | null }> {
  const { http, json } = await network.hub.admin('GET', `/deliveries?${query}`);
  expect(http).toBe(200);
  return json as unknown as { items: Row[]; next: string | null };
}

const refuseAll = (status_message: string): void => {
  emsp.behaviour = (r) => (r.method === 'GET' ? undefined : { http: 200, status_code: 2001, status_message });
};

/** So many deliveries, once they are there. */
async function failed(query: string, count: number): Promise<Row[]> {
  let items: Row[] = [];
  await eventually(async () => (items = (await list(query)).items).length === count, `${count} of ${query}`);
  return items;
}

/** Locations that the eMSP refuses, as failed deliveries. */
async function refused(...ids: string[]): Promise<Row[]> {
  refuseAll('no thanks');
  for (const id of ids) await put(id);
  return failed('state=failed', ids.length);
}

test('a refused push keeps what the receiver said, with the ids of the request', async () => {
  const [row] = await refused('L1');
  const sent = emsp.received.find((r) => r.path.endsWith('/L1'));
  expect(row).toMatchObject({
    module: 'locations',
    object_id: 'L1',
    http: 200,
    status_code: 2001,
    status_message: 'no thanks',
    request_id: sent?.headers['x-request-id'],
    correlation_id: sent?.headers['x-correlation-id'],
  });
  expect(String(row?.body)).toContain('no thanks');
});

test('a refused CDR keeps what the receiver said too, without the token that it repeats', async () => {
  let token = '';
  emsp.behaviour = ({ method, headers }) => {
    if (method !== 'POST') return undefined;
    token = Buffer.from(String(headers.authorization).replace('Token ', ''), 'base64').toString();
    return { http: 200, status_code: 2001, status_message: `${token} is not welcome` };
  };
  await push(cpo, { method: 'POST', module: 'cdrs', path: '' }, cdr('C1'));
  const items = await failed('state=failed&module=cdrs', 1);
  expect(items[0]).toMatchObject({
    object_id: 'C1',
    status_code: 2001,
    status_message: '*** is not welcome',
  });
  expect(token).not.toBe('');
  expect(JSON.stringify(items)).not.toContain(token);
});

test('deliveries are filtered and paged', async () => {
  const rows = await refused('L1', 'L2', 'L3');
  const partner = String(rows[0]?.partner_id);
  const first = await list('limit=2');
  const second = await list(`limit=2&cursor=${first.next}`);
  const paged = [...first.items, ...second.items].map((row) => row.object_id);
  expect([first.items.length, second.items.length, second.next]).toEqual([2, 1, null]);
  expect(paged.sort()).toEqual(['L1', 'L2', 'L3']);
  expect((await list(`partner=${partner}&module=locations`)).items).toHaveLength(3);
  expect((await list('module=tariffs')).items).toEqual([]);
  expect((await list(`partner=${cpo.partnerId}`)).items).toEqual([]);
  const [at] = rows.map((row) => String(row.at)).sort();
  expect((await list(`to=${at}`)).items).toEqual([]);
  expect((await list(`from=${at}`)).items).toHaveLength(3);
});

test.each([
  ['GET', '/deliveries?partne=x', 'partne'],
  ['GET', '/deliveries?from=yesterday', 'from'],
  ['GET', '/deliveries?limit=0', 'limit'],
  ['GET', '/deliveries?cursor=17', 'cursor'],
  ['GET', '/partners?nam=x', 'nam'],
  ['GET', '/gaps?older=1', 'older'],
])('%s %s is refused by the name of what is wrong', async (method, path, field) => {
  const { http, json } = await network.hub.admin(method, path);
  expect(http).toBe(400);
  expect(json).toMatchObject({ errors: [{ field }] });
});

test('all that match are sent again, and how many is told', async () => {
  const [row] = await refused('L1', 'L2', 'L3');
  const partner = String(row?.partner_id);
  emsp.behaviour = undefined;
  const none = await network.hub.admin('POST', '/deliveries/retry', { partner, module: 'tariffs' });
  expect(none).toMatchObject({ http: 202, json: { retried: 0 } });
  const one = await network.hub.admin('POST', '/deliveries/retry', { partner, ids: [String(row?.id)] });
  expect(one).toMatchObject({ http: 202, json: { retried: 1 } });
  const rest = await network.hub.admin('POST', '/deliveries/retry', { partner });
  expect(rest).toMatchObject({ http: 202, json: { retried: 2 } });
  await emsp.waitFor((p) => p.stored.size === 3, awaiting('three locations'));
  expect((await list('state=failed')).items).toEqual([]);
});

test('one object is pushed again to one partner', async () => {
  await put('L1');
  await put('L2');
  await emsp.waitFor((p) => p.stored.size === 2, awaiting('two locations'));
  await inSync(network.hub);
  const before = emsp.received.length;
  const wish = { module: 'locations', owner: 'BE/BEC', id: 'l1' };
  const { http, json } = await network.hub.admin('POST', `/partners/${emsp.partnerId}/push`, wish);
  expect({ http, json }).toMatchObject({ http: 202, json: { receivers: 1, objects: 1 } });
  await emsp.waitFor((p) => p.received.length > before, awaiting('L1 again'));
  await inSync(network.hub);
  expect(emsp.received.slice(before).map((r) => r.path.split('/').pop())).toEqual(['L1']);
});

test.each([
  [{ smaple: 'all' }, 400],
  [{ id: 'L1' }, 400],
  [{ module: 'locations', id: 'NOPE' }, 404],
  [{ module: 'locations', owner: 'NL/XXX' }, 404],
  [{ module: 'tokens' }, 409],
])('a push of %j is answered %d and begins nothing', async (wish, expected) => {
  const { http } = await network.hub.admin('POST', `/partners/${emsp.partnerId}/push`, wish);
  expect(http).toBe(expected);
});
