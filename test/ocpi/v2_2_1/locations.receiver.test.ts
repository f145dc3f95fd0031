import type { SimulatedPlatform } from '../../../src/simulator/simulated-platform';
import { describeWithData, filesOf, readData } from '../../support/data';
import {
  connector,
  EMSP,
  evse,
  location,
  party,
  push,
  startTwo,
  type Fields,
  type Joined,
  type Network,
} from '../../support/network';

let network: Network;
let cpo: Joined;
let emsp: SimulatedPlatform;

beforeAll(async () => {
  ({ network, cpo, emsp } = await startTwo());
});
afterAll(() => network.stop());

const LATER = '2026-06-01T00:00:00Z';
const put = (at: string, body: Fields): ReturnType<typeof push> =>
  push(cpo, { method: 'PUT', module: 'locations', path: `/BE/BEC/${at}` }, body);
const patch = (at: string, body: Fields): ReturnType<typeof push> =>
  push(cpo, { method: 'PATCH', module: 'locations', path: `/BE/BEC/${at}` }, body);
const get = (at: string): ReturnType<typeof push> =>
  cpo.send({ method: 'GET', module: 'locations', interface: 'RECEIVER', path: `/BE/BEC/${at}`, to: 'hub' });
const raw = (at: string, body: string, headers: Record<string, string> = {}): ReturnType<typeof push> =>
  cpo.send({
    method: 'PUT',
    module: 'locations',
    interface: 'RECEIVER',
    path: `/BE/BEC/${at}`,
    to: 'hub',
    body,
    headers,
  });

test.each([
  ['GET', 'NONE', 'unknown location: NONE'],
  ['GET', 'NONE/E1/1', 'unknown location: NONE'],
  ['PATCH', 'NONE/E1', 'unknown location: NONE'],
  ['GET', 'KNOWN/E9', 'unknown EVSE: E9 of location KNOWN'],
  ['GET', 'KNOWN/E9/1', 'unknown EVSE: E9 of location KNOWN'],
  ['PATCH', 'KNOWN/E9', 'unknown EVSE: E9 of location KNOWN'],
  ['PUT', 'KNOWN/E9/1', 'unknown EVSE: E9 of location KNOWN'],
  ['GET', 'KNOWN/E1/9', 'unknown connector: 9 of EVSE E1 of location KNOWN'],
  ['PATCH', 'KNOWN/E1/9', 'unknown connector: 9 of EVSE E1 of location KNOWN'],
] as const)('%s of %s names what is not there: %s', async (method, at, message) => {
  await put('KNOWN', location('KNOWN'));
  const body = { ...(method === 'PUT' ? connector('1') : {}), last_updated: LATER };
  const {
    http,
    status,
    message: told,
  } = method === 'GET'
    ? await get(at)
    : await push(cpo, { method, module: 'locations', path: `/BE/BEC/${at}` }, body);
  expect([http, status, told]).toEqual([404, 2003, message]);
});

test('a location with many faults is told twenty of them at once', async () => {
  const evses = Array.from({ length: 23 }, (_, i) => evse(`E${i}`, { status: 'Available' }));
  const { status, message } = await put('P0', location('P0', { fields: { evses } }));
  expect(status).toBe(2001);
  expect(message).toContain('$.evses[19].status: must be one of AVAILABLE');
  expect(message).not.toContain('$.evses[20]');
  expect(message).toMatch(/; and 3 more$/);
});

describe('PUT of a location', () => {
  test('answers 201 when new, 200 when updated, without data, with FROM = hub and TO = the sender', async () => {
    const made = await put('P1', location('P1'));
    const updated = await put('P1', location('P1', { last_updated: LATER }));
    expect([made.http, made.status, made.data, updated.http]).toEqual([201, 1000, undefined, 200]);
    expect(made.headers).toMatchObject({
      'ocpi-from-party-id': 'HUB',
      'ocpi-to-party-id': 'BEC',
      'content-type': 'application/json',
    });
    expect((await get('P1')).data).toEqual(location('P1', { last_updated: LATER }));
  });

  test('replaces it whole: optionals and EVSEs that are left out are gone', async () => {
    await put('P2', location('P2', { evses: 3, fields: { name: 'Old', facilities: ['HOTEL'] } }));
    await put('P2', location('P2', { evses: 1, last_updated: LATER }));
    expect((await get('P2')).data).toEqual(location('P2', { evses: 1, last_updated: LATER }));
  });

  test('that is older is acknowledged, and the newer copy stays; an equal one is taken', async () => {
    await put('P3', location('P3', { last_updated: LATER, fields: { name: 'new' } }));
    const stale = await put('P3', location('P3', { fields: { name: 'old' } }));
    expect([stale.http, stale.status]).toEqual([200, 1000]);
    expect((await get('P3')).data).toMatchObject({ name: 'new' });
    await put('P3', location('P3', { last_updated: LATER, fields: { name: 'equal' } }));
    expect((await get('P3')).data).toMatchObject({ name: 'equal' });
  });

  test('is compared by its own last_updated, not by what EVSEs raised; an EVSE older than ours leaves ours', async () => {
    await put('P4', location('P4'));
    await patch('P4/E1', { status: 'CHARGING', last_updated: LATER });
    const edit = await put(
      'P4',
      location('P4', { last_updated: '2026-05-01T00:00:00Z', fields: { name: 'edited' } }),
    );
    expect(edit.http).toBe(200);
    const stored = (await get('P4')).data as { name: string; last_updated: string; evses: Fields[] };
    expect(stored.name).toBe('edited');
    expect(stored.last_updated).toBe(LATER);
    expect(stored.evses[0]).toMatchObject({ uid: 'E1', status: 'CHARGING' });
  });

  test.each([
    ['not JSON', '{"id":', 400, 2001],
    ['empty', '', 400, 2001],
    ['a number', '7', 200, 2001],
    ['null', 'null', 200, 2001],
    ['a list', '[]', 200, 2001],
  ])('whose body is %s is refused', async (_name, body, http, status) => {
    const answer = await raw('X1', body);
    expect([answer.http, answer.status]).toEqual([http, status]);
  });

  test.each([
    ['a required field missing', { address: undefined }, '$.address'],
    ['an enum in lower case', { evses: [evse('E1', { status: 'available' })] }, '$.evses[0].status'],
    [
      'a connector without max_voltage',
      { evses: [evse('E1'), evse('E2', { connectors: [connector('1', { max_voltage: undefined })] })] },
      '$.evses[1].connectors[0].max_voltage',
    ],
    ['no connector', { evses: [evse('E1', { connectors: [] })] }, '$.evses[0].connectors'],
    ['a uid twice', { evses: [evse('E1'), evse('e1')] }, '$.evses'],
    ['another id than the URL', { id: 'OTHER' }, '$.id'],
    ['another party than the URL', { party_id: 'XXX' }, '$.party_id'],
    ['a DateTime with an offset', { last_updated: '2026-01-01T00:00:00+00:00' }, '$.last_updated'],
    ['an address over 255 characters', { address: 'x'.repeat(256) }, '$.address'],
    ['a time zone that is none', { time_zone: 'Amsterdam' }, '$.time_zone'],
  ])('with %s is refused by path and rule, and nothing is stored', async (_name, fields, where) => {
    const answer = await put('X2', { ...location('X2'), ...fields });
    expect([answer.http, answer.status]).toEqual([200, 2001]);
    expect(answer.message).toContain(`${where}: `);
    expect((await get('X2')).http).toBe(404);
  });

  test('over the body limit is refused with 413, and the connection lives', async () => {
    const answer = await raw('X3', JSON.stringify({ ...location('X3'), blob: 'x'.repeat(1_100_000) }));
    expect(answer.http).toBe(413);
    expect(answer.status).toBeDefined();
  });

  test('is read as JSON whatever its Content-Type, and a byte order mark is dropped', async () => {
    const answer = await raw('P5', `\ufeff${JSON.stringify(location('P5'))}`, {
      'Content-Type': 'text/plain',
    });
    expect(answer.http).toBe(201);
  });

  test('keeps digits, unknown fields and the order in lists', async () => {
    const text = JSON.stringify(location('P6')).replace('{', '{"x_big":12345678901234567890,"x_dec":1.50,');
    await raw('P6', text);
    const stored = (await get('P6')).text;
    expect(stored).toContain('"x_big":12345678901234567890');
    expect(stored).toContain('"x_dec":1.50');
  });

  test('finds an id whatever its case, and keeps it as sent', async () => {
    await put('MiXed', location('MiXed'));
    const again = await put('mixed', location('mixed', { last_updated: LATER }));
    expect(again.http).toBe(200);
    expect((await get('MIXED')).data).toMatchObject({ id: 'mixed' });
  });
});

describe('PUT and PATCH below a location', () => {
  beforeAll(() => put('L', location('L')));

  test('an EVSE is added, and raises last_updated of its location', async () => {
    const added = await put('L/E9', evse('E9', { last_updated: '2026-03-01T00:00:00Z' }));
    expect(added.http).toBe(201);
    const stored = (await get('L')).data as { last_updated: string; evses: Fields[] };
    expect(stored.last_updated).toBe('2026-03-01T00:00:00Z');
    expect(stored.evses.map((e) => e.uid)).toEqual(['E1', 'E2', 'E9']);
  });

  test('a connector raises its EVSE and its location, never lowers them', async () => {
    await put('L/E1/2', connector('2', { last_updated: '2026-04-01T00:00:00Z' }));
    await patch('L/E1/1', { max_amperage: 8, last_updated: '2026-02-01T00:00:00Z' });
    const stored = (await get('L')).data as {
      last_updated: string;
      evses: { last_updated: string; connectors: Fields[] }[];
    };
    expect(stored.last_updated).toBe('2026-04-01T00:00:00Z');
    expect(stored.evses[0]?.last_updated).toBe('2026-04-01T00:00:00Z');
    expect(stored.evses[0]?.connectors.map((c) => [c.id, c.max_amperage])).toEqual([
      ['1', 8],
      ['2', 32],
    ]);
  });

  test('GET of an EVSE and of a connector answers that part', async () => {
    expect((await get('L/E2')).data).toEqual(evse('E2'));
    expect((await get('L/E2/1')).data).toEqual(connector('1'));
    expect((await get('L/E2/99')).http).toBe(404);
  });

  test.each(['NONE/E1', 'NONE/E1/1', 'L/NONE/1'])(
    'PUT under an unknown parent %s: 404 with 2003',
    async (at) => {
      const ids = at.split('/');
      const body = ids.length === 2 ? evse(ids[1] ?? '') : connector(ids[2] ?? '');
      const answer = await put(at, body);
      expect([answer.http, answer.status]).toEqual([404, 2003]);
    },
  );

  test.each(['NONE', 'NONE/E1', 'L/NONE', 'L/E2/99'])(
    'PATCH of unknown %s: 404 with 2003, and nothing is made',
    async (at) => {
      const answer = await patch(at, { last_updated: LATER });
      expect([answer.http, answer.status]).toEqual([404, 2003]);
      expect((await get(at)).http).toBe(404);
    },
  );

  test('an older PATCH of an EVSE is acknowledged and changes nothing', async () => {
    await patch('L/E2', { status: 'CHARGING', last_updated: LATER });
    const stale = await patch('L/E2', { status: 'BLOCKED', last_updated: '2026-05-01T00:00:00Z' });
    expect(stale.http).toBe(200);
    expect((await get('L/E2')).data).toMatchObject({ status: 'CHARGING' });
  });

  test('uid and id must be those of the URL', async () => {
    expect((await put('L/E2', evse('E3'))).status).toBe(2001);
    expect((await put('L/E2/1', connector('7'))).status).toBe(2001);
    expect((await patch('L/E2', { uid: 'E3', last_updated: LATER })).status).toBe(2001);
  });
});

describe('PATCH', () => {
  test.each<[string, Fields, string]>([
    ['an EVSE without a uid', { evses: [{ status: 'CHARGING' }] }, '$.evses[0].uid: is required'],
    ['an EVSE that is no object', { evses: [{ uid: '1', status: 'CHARGING' }, 7] }, '$.evses[1]: must be'],
    ['an EVSE twice', { evses: [{ uid: 'a' }, { uid: 'A' }] }, '$.evses: must not have a uid twice'],
    [
      'a connector without an id',
      { evses: [{ uid: '1', connectors: [{ standard: 'CHADEMO' }] }] },
      '$.evses[0].connectors[0].id: is required',
    ],
  ])('of %s is refused, not passed over', async (_what, body, message) => {
    await put('PE', location('PE'));
    const before = (await get('PE')).data;
    const answer = await patch('PE', { ...body, last_updated: LATER });
    expect([answer.http, answer.status]).toEqual([200, 2001]);
    expect(answer.message).toContain(message);
    expect((await get('PE')).data).toEqual(before);
  });

  test('of an EVSE with a connector twice is refused', async () => {
    await put('PC', location('PC'));
    const { evses } = (await get('PC')).data as { evses: { uid: string }[] };
    const body = { connectors: [{ id: '1' }, { id: '1' }], last_updated: LATER };
    const answer = await patch(`PC/${evses[0]?.uid}`, body);
    expect([answer.status, answer.message]).toEqual([
      2001,
      expect.stringContaining('$.connectors: must not have an id twice'),
    ]);
  });

  test('without last_updated is 2001', async () => {
    await put('A1', location('A1'));
    const answer = await patch('A1', { name: 'x' });
    expect([answer.http, answer.status, answer.message]).toEqual([
      200,
      2001,
      expect.stringContaining('$.last_updated'),
    ]);
  });

  test('merges fields, replaces arrays, clears optionals by null, and refuses null on a required one', async () => {
    await put(
      'A2',
      location('A2', {
        fields: {
          name: 'Old',
          facilities: ['HOTEL', 'CAFE'],
          operator: { name: 'Op', website: 'https://op.example' },
        },
      }),
    );
    await patch('A2', { name: null, facilities: ['WIFI'], operator: { name: 'New' }, last_updated: LATER });
    expect((await get('A2')).data).toEqual(
      location('A2', {
        last_updated: LATER,
        fields: {
          facilities: ['WIFI'],
          operator: { name: 'New', website: 'https://op.example' },
          evses: location('A2').evses,
        },
      }),
    );
    const refused = await patch('A2', { city: null, last_updated: LATER });
    expect([refused.status, refused.message]).toEqual([2001, '$.city: is required']);
  });

  test('merges evses by uid and connectors by id; a new one must be whole', async () => {
    await put('A3', location('A3'));
    const body = {
      evses: [{ uid: 'E1', connectors: [{ id: '1', max_amperage: 10 }] }, evse('E7')],
      last_updated: LATER,
    };
    expect((await patch('A3', body)).http).toBe(200);
    const stored = (await get('A3')).data as {
      evses: { uid: string; status: string; connectors: Fields[] }[];
    };
    expect(stored.evses.map((e) => e.uid)).toEqual(['E1', 'E2', 'E7']);
    expect(stored.evses[0]).toMatchObject({
      status: 'AVAILABLE',
      connectors: [connector('1', { max_amperage: 10 })],
    });
    const refused = await patch('A3', { evses: [{ uid: 'E8', status: 'BLOCKED' }], last_updated: LATER });
    expect(refused.status).toBe(2001);
    expect(refused.message).toContain('connectors: is required');
  });
});

describe('who may push', () => {
  test('a party of another platform in the URL: 404, whatever the body', async () => {
    const answer = await cpo.send({
      method: 'PUT',
      module: 'locations',
      interface: 'RECEIVER',
      path: '/NL/TNM/L1',
      to: 'hub',
      body: '{',
    });
    expect(answer.http).toBe(404);
  });

  test('an eMSP: 2001 that names the roles', async () => {
    const answer = await push(
      emsp,
      { method: 'PUT', module: 'locations', path: '/NL/TNM/L1' },
      location('L1'),
    );
    expect([answer.http, answer.status]).toEqual([200, 2001]);
    expect(answer.message).toContain('EMSP');
  });

  test('FROM of another platform and half a header pair: 2001', async () => {
    const foreign = await cpo.send({
      method: 'PUT',
      module: 'locations',
      interface: 'RECEIVER',
      path: '/BE/BEC/L1',
      to: 'hub',
      from: EMSP,
      body: '{}',
    });
    const half = await cpo.send({
      method: 'PUT',
      module: 'locations',
      interface: 'RECEIVER',
      path: '/BE/BEC/L1',
      from: null,
      headers: { 'OCPI-to-party-id': 'HUB' },
      body: '{}',
    });
    expect([foreign.status, half.status]).toEqual([2001, 2001]);
    expect(half.message).toContain('OCPI-to');
  });

  test('FROM may be left out where the platform has one party of a fitting role', async () => {
    const answer = await cpo.send({
      method: 'PUT',
      module: 'locations',
      interface: 'RECEIVER',
      path: '/BE/BEC/F1',
      from: null,
      body: JSON.stringify(location('F1')),
    });
    expect(answer.http).toBe(201);
    expect(answer.headers['ocpi-to-party-id']).toBe('BEC');
  });

  test('a push without TO is a broadcast', async () => {
    const answer = await cpo.send({
      method: 'PUT',
      module: 'locations',
      interface: 'RECEIVER',
      path: '/BE/BEC/B1',
      body: JSON.stringify(location('B1')),
    });
    expect(answer.http).toBe(201);
  });

  test.each(['POST', 'DELETE'] as const)('%s is not allowed: 405', async (method) => {
    const answer = await cpo.send({
      method,
      module: 'locations',
      interface: 'RECEIVER',
      path: '/BE/BEC/L1',
      to: 'hub',
    });
    expect(answer.http).toBe(405);
    expect(answer.headers.allow).toContain('PUT');
  });

  test('a wrong token: 401 with an envelope', async () => {
    const answer = await cpo.send({
      method: 'GET',
      module: 'locations',
      interface: 'RECEIVER',
      path: '/BE/BEC/L1',
      token: 'wrong',
    });
    expect([answer.http, typeof answer.status]).toEqual([401, 'number']);
  });
});

describe('a lenient partner', () => {
  test('stores what breaks the definitions, and its findings are counted by path and rule', async () => {
    const lenient = await network.join({
      parties: [party('CPO', 'FR', 'LEN')],
      policies: { validation: 'lenient' },
    });
    const dirty = {
      ...location('D1'),
      country_code: 'FR',
      party_id: 'LEN',
      address: 'x'.repeat(260),
      time_zone: undefined,
      last_updated: '2026-01-01T00:00:00+01:00',
      evses: [
        evse('E1', { status: 'available' }),
        { ...evse('E2'), uid: null },
        evse('E3', { connectors: [{ ...connector('1'), id: null }, connector('2')] }),
        evse('E1', { status: 'BLOCKED' }),
      ],
    };
    const send = (id: string, body: Fields): ReturnType<typeof push> =>
      push(lenient, { method: 'PUT', module: 'locations', path: `/FR/LEN/${id}` }, body);
    expect((await send('D1', dirty)).http).toBe(201);
    const stored = (
      await lenient.send({ method: 'GET', module: 'locations', interface: 'RECEIVER', path: '/FR/LEN/D1' })
    ).data as { address: string; evses: { uid: string; status: string; connectors: Fields[] }[] };
    expect(stored.address).toHaveLength(260);
    expect(stored.evses.map((e) => [e.uid, e.status, e.connectors.length])).toEqual([
      ['E1', 'BLOCKED', 1],
      ['E3', 'AVAILABLE', 1],
    ]);
    const { json } = await network.hub.admin('GET', `/partners/${lenient.partnerId}/findings`);
    const paths = (json.items as { path: string; module: string; count: number; example_id: string }[]).map(
      (f) => f.path,
    );
    expect(paths).toEqual(
      expect.arrayContaining([
        '$.address',
        '$.time_zone',
        '$.evses[*].status',
        '$.evses[*].uid',
        '$.evses[*].connectors[*].id',
        '$.last_updated',
      ]),
    );
    for (const fields of [
      { id: null },
      { last_updated: 'yesterday' },
      { party_id: 'XXX' },
      { evses: [evse('E\u0007')] },
    ]) {
      expect((await send('D2', { ...dirty, id: 'D2', ...fields })).status).toBe(2001);
    }
  });
});

const EXAMPLES = 'spec/2.2.1-d2';

describeWithData("the specification's examples", () => {
  const example = (name: string): Fields => readData(`${EXAMPLES}/${name}`) as Fields;
  const wholes = filesOf(EXAMPLES).filter((file) => /^location_example/.test(file));

  test.each(wholes)('%s is stored and answered as it was sent', async (name) => {
    const body: Fields = { ...example(name), country_code: 'BE', party_id: 'BEC' };
    const id = String(body.id);
    expect((await put(id, body)).status).toBe(1000);
    expect((await get(id)).data).toEqual(body);
  });

  test('the PATCH examples and the EVSE to add apply to their location', async () => {
    await put(
      '1012',
      location('1012', {
        fields: { evses: [evse('3255', { connectors: [connector('1'), connector('2')] }), evse('3256')] },
      }),
    );
    const names: [string, string][] = [
      ['1012/3255', 'location_patch_example_status.json'],
      ['1012', 'location_patch_example_location.json'],
      ['1012/3255/2', 'location_patch_example_tariff.json'],
      ['1012/3256', 'location_patch_example_remove_evse.json'],
    ];
    for (const [at, name] of names)
      expect((await patch(at, { ...example(name), last_updated: LATER })).status).toBe(1000);
    const stored = (await get('1012')).data as { evses: { status: string }[] };
    expect(stored.evses.map((e) => e.status)).toEqual(['CHARGING', 'REMOVED']);
  });
});
