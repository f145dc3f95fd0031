import {
  cdr,
  connector,
  eventually,
  evse,
  location,
  push,
  session,
  startTwo,
  tariff,
  token,
  type Fields,
  type Joined,
  type Network,
} from '../../support/network';

/* A wrong clock at a partner must not freeze an object, and what was overtaken must not lose what it adds. */

const AHEAD = '2099-01-01T00:00:00Z';
const TRUE = '2026-11-01T00:00:00Z';

let network: Network;
let cpo: Joined;
let emsp: Joined;

beforeAll(async () => {
  ({ network, cpo, emsp } = await startTwo());
});
afterAll(() => network.stop());

const policy = (validation: 'strict' | 'lenient'): Promise<unknown> =>
  Promise.all(
    [cpo, emsp].map(({ partnerId }) => network.hub.admin('PATCH', `/partners/${partnerId}`, { validation })),
  );

interface Case {
  by: () => Joined;
  module: string;
  path: string;
  object: (last_updated: string) => Fields;
}

const of = (module: string, path: string, object: Case['object'], by = (): Joined => cpo): Case => ({
  by,
  module,
  path,
  object,
});

const CASES: [string, Case][] = [
  ['a location', of('locations', '/BE/BEC/L1', (t) => location('L1', { last_updated: t }))],
  ['an EVSE', of('locations', '/BE/BEC/L2/E1', (t) => evse('E1', { last_updated: t }))],
  ['a connector', of('locations', '/BE/BEC/L2/E1/1', (t) => connector('1', { last_updated: t }))],
  ['a tariff', of('tariffs', '/BE/BEC/T1', (t) => tariff('T1', { last_updated: t }))],
  ['a session', of('sessions', '/BE/BEC/S1', (t) => session('S1', { last_updated: t }))],
  [
    'a token',
    of(
      'tokens',
      '/NL/TNM/U1',
      (t) => token('U1', { last_updated: t }),
      () => emsp,
    ),
  ],
];

const put = ({ by, module, path, object }: Case, last_updated: string): ReturnType<typeof push> =>
  push(by(), { method: 'PUT', module, path }, object(last_updated));

async function stored({ by, module, path }: Case): Promise<Fields> {
  const answer = await by().send({ method: 'GET', module, interface: 'RECEIVER', path, to: 'hub' });
  return answer.data as Fields;
}

beforeAll(async () => {
  await push(cpo, { method: 'PUT', module: 'locations', path: '/BE/BEC/L2' }, location('L2'));
});

test.each(CASES)('strict refuses %s that lies ahead of the clock', async (_, one) => {
  await policy('strict');
  const answer = await put(one, AHEAD);
  expect(answer.status).toBe(2001);
  expect(answer.message).toContain('$.last_updated: must not be more than 10 minutes ahead');
});

test.each(CASES)(
  'lenient takes %s that lies ahead, and the next true one takes its place',
  async (_, one) => {
    await policy('lenient');
    expect((await put(one, AHEAD)).status).toBe(1000);
    expect((await stored(one)).last_updated).toBe(AHEAD);
    expect((await put(one, TRUE)).status).toBe(1000);
    expect((await stored(one)).last_updated).toBe(TRUE);
    const older = '2026-10-01T00:00:00Z';
    expect((await put(one, older)).status).toBe(1000);
    expect((await stored(one)).last_updated).toBe(TRUE);
  },
);

test('what an EVSE ahead of the clock raised in its location is lowered again', async () => {
  await policy('lenient');
  const at = (id: string, t: string): ReturnType<typeof push> =>
    push(
      cpo,
      { method: 'PATCH', module: 'locations', path: `/BE/BEC/L3/${id}` },
      {
        status: 'BLOCKED',
        last_updated: t,
      },
    );
  await push(cpo, { method: 'PUT', module: 'locations', path: '/BE/BEC/L3' }, location('L3'));
  await at('E1', AHEAD);
  const shown = async (): Promise<unknown> =>
    (await stored(of('locations', '/BE/BEC/L3', () => ({})))).last_updated;
  expect(await shown()).toBe(AHEAD);
  await at('E1', TRUE);
  expect(await shown()).toBe(TRUE);
});

test('a finding names the level whose clock is wrong', async () => {
  await policy('lenient');
  const evses = [evse('E1', { connectors: [connector('1', { last_updated: AHEAD })] })];
  await push(
    cpo,
    { method: 'PUT', module: 'locations', path: '/BE/BEC/L4' },
    location('L4', { fields: { evses } }),
  );
  await push(cpo, { method: 'POST', module: 'cdrs', path: '' }, cdr('C1', { last_updated: AHEAD }));
  const { json } = await network.hub.admin('GET', `/partners/${cpo.partnerId}/findings`);
  const paths = (json.items as { path: string; rule: string }[])
    .filter(({ rule }) => rule.startsWith('must not be more than 10 minutes ahead'))
    .map(({ path }) => path);
  expect(paths).toEqual(expect.arrayContaining(['$.evses[*].connectors[*].last_updated', '$.last_updated']));
});

describe('a session PATCH that was overtaken', () => {
  const period = (at: string): Fields => ({
    start_date_time: `2026-06-01T${at}:00Z`,
    dimensions: [{ type: 'ENERGY', volume: 1 }],
  });
  const patch = (fields: Fields, at: string): ReturnType<typeof push> =>
    push(
      cpo,
      { method: 'PATCH', module: 'sessions', path: '/BE/BEC/S9' },
      {
        ...fields,
        last_updated: `2026-06-01T${at}:00Z`,
      },
    );

  test('adds its periods in their order, changes nothing else, and its receiver gets them', async () => {
    await policy('strict');
    const first = session('S9', {
      charging_periods: [period('10:00')],
      kwh: 1,
      last_updated: '2026-06-01T10:00:00Z',
    });
    await push(cpo, { method: 'PUT', module: 'sessions', path: '/BE/BEC/S9' }, first);
    await patch({ kwh: 3, charging_periods: [period('10:30')] }, '10:30');
    expect((await patch({ kwh: 2, charging_periods: [period('10:15')] }, '10:15')).status).toBe(1000);
    const kept = await stored(of('sessions', '/BE/BEC/S9', () => ({})));
    expect(kept).toMatchObject({
      kwh: 3,
      last_updated: '2026-06-01T10:30:00Z',
      charging_periods: [period('10:00'), period('10:15'), period('10:30')],
    });
    await eventually(
      () => JSON.stringify(emsp.stored.get('sessions/BE/BEC/S9') ?? {}).includes('10:15'),
      'the session was pushed',
    );
  });

  test('that adds nothing new changes nothing', async () => {
    const before = await stored(of('sessions', '/BE/BEC/S9', () => ({})));
    expect((await patch({ kwh: 2, charging_periods: [period('10:15')] }, '10:15')).status).toBe(1000);
    expect(await stored(of('sessions', '/BE/BEC/S9', () => ({})))).toEqual(before);
  });
});
