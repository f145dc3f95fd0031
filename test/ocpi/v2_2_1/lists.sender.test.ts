import type { SimulatedPlatform } from '../../../src/simulator/simulated-platform';
import {
  evse,
  location,
  party,
  push,
  startTwo,
  tariff,
  type Fields,
  type Network,
} from '../../support/network';

let network: Network;
let cpo: SimulatedPlatform;
let emsp: SimulatedPlatform;

beforeAll(async () => {
  ({ network, cpo, emsp } = await startTwo({ PAGE_LIMIT: '7' }));
  for (let i = 0; i < 25; i++) await put(i);
});
afterAll(() => network.stop());

const name = (i: number): string => `L${String(i).padStart(2, '0')}`;
const day = (i: number): string => `2026-01-${String(i + 1).padStart(2, '0')}T00:00:00Z`;
const put = (i: number, fields: Fields = {}): ReturnType<typeof push> =>
  push(
    cpo,
    { method: 'PUT', module: 'locations', path: `/BE/BEC/${name(i)}` },
    location(name(i), { evses: 1, last_updated: day(i), fields }),
  );
const list = (query: Record<string, string | number> = {}, to?: 'hub'): ReturnType<typeof push> =>
  emsp.send({ method: 'GET', module: 'locations', interface: 'SENDER', query, ...(to ? { to } : {}) });
const ids = (answer: { data: unknown }): string[] => (answer.data as { id: string }[]).map((o) => o.id);

test('a page has PAGE_LIMIT objects where no limit was asked, oldest-created first, with exact headers', async () => {
  const page = await list({}, 'hub');
  expect(ids(page)).toEqual([0, 1, 2, 3, 4, 5, 6].map(name));
  expect(page.headers).toMatchObject({
    'x-total-count': '25',
    'x-limit': '7',
    'ocpi-from-party-id': 'HUB',
    'ocpi-to-party-id': 'TNM',
  });
  expect(page.headers.link).toMatch(/^<http:\/\/.*\/2\.2\.1\/sender\/locations\?.*offset=7.*>; rel="next"$/);
  expect(page.data).toContainEqual(location('L00', { evses: 1, last_updated: day(0) }));
});

test('is the same without TO', async () => {
  expect(ids(await list())).toHaveLength(7);
});

test('following the links brings every object once, and the last page has no Link', async () => {
  const all = await emsp.listAll('locations');
  expect(all.objects.map((o) => o.id)).toEqual(Array.from({ length: 25 }, (_, i) => name(i)));
  const last = await list({ offset: 21 });
  expect([ids(last).length, last.headers.link, last.headers['x-total-count']]).toEqual([4, undefined, '25']);
});

test('dates are inclusive and exclusive, and stand in every Link', async () => {
  const page = await list({ date_from: day(3), date_to: day(13), limit: 6 });
  expect(ids(page)).toEqual([3, 4, 5, 6, 7, 8].map(name));
  expect(page.headers).toMatchObject({ 'x-total-count': '10', 'x-limit': '1000' });
  const next = decodeURIComponent(page.headers.link ?? '');
  expect(next).toContain(`date_from=${day(3)}`);
  expect(next).toContain(`date_to=${day(13)}`);
  const all = await emsp.listAll('locations', { date_from: day(3), date_to: day(13), limit: 6 });
  expect(all.objects.map((o) => o.id)).toEqual(Array.from({ length: 10 }, (_, i) => name(i + 3)));
});

test.each([
  ['limit=0', { limit: 0 }],
  ['a negative limit', { limit: -1 }],
  ['a limit that is no number', { limit: 'ten' }],
  ['half an offset', { offset: '1.5' }],
  ['a negative offset', { offset: -1 }],
  ['a date that is none', { date_from: 'yesterday' }],
  ['a day that no calendar has', { date_to: '2026-02-30T00:00:00Z' }],
])('%s is 2001', async (_name, query) => {
  const answer = await list(query);
  expect([answer.http, answer.status]).toEqual([200, 2001]);
  expect(answer.message).toContain(`${Object.keys(query)[0]}: `);
});

test('a limit over the cap is clamped, an offset past the end is an empty page', async () => {
  const big = await list({ limit: 5000 });
  expect([ids(big).length, big.headers['x-limit'], big.headers.link]).toEqual([25, '1000', undefined]);
  const past = await list({ offset: 999 });
  expect([past.http, past.status, past.data, past.headers['x-total-count']]).toEqual([200, 1000, [], '25']);
});

test('numbers of any length are whole numbers: a limit is clamped, an offset is past the end', async () => {
  const huge = '9'.repeat(30);
  const big = await list({ limit: huge });
  expect([ids(big).length, big.headers['x-limit'], big.headers.link]).toEqual([25, '1000', undefined]);
  const past = await list({ offset: huge });
  expect([past.http, past.status, past.data, past.headers.link]).toEqual([200, 1000, [], undefined]);
});

test('a page can be fetched again and again, and its order does not change when objects do', async () => {
  const first = await list();
  const before = await emsp.sendTo(first.headers.link?.slice(1).split('>')[0] ?? '', { method: 'GET' });
  await put(8, { name: 'changed' });
  const again = await emsp.sendTo(first.headers.link?.slice(1).split('>')[0] ?? '', { method: 'GET' });
  expect(ids(again)).toEqual(ids(before));
});

test('while tariffs are written and deleted, following the links brings each that stays exactly once', async () => {
  const write = (i: number, method: 'PUT' | 'DELETE'): ReturnType<typeof push> =>
    push(
      cpo,
      { method, module: 'tariffs', path: `/BE/BEC/T${i}` },
      method === 'PUT' ? tariff(`T${i}`) : undefined,
    );
  for (let i = 0; i < 60; i++) await write(i, 'PUT');
  const listing = emsp.listAll('tariffs', { limit: 5 });
  for (let i = 0; i < 60; i += 3) await write(i, 'DELETE');
  for (let i = 60; i < 70; i++) await write(i, 'PUT');
  const seen = (await listing).objects.map((o) => o.id as string);
  expect(new Set(seen).size).toBe(seen.length);
  const stayed = Array.from({ length: 60 }, (_, i) => i).filter((i) => i % 3 !== 0);
  expect(seen).toEqual(expect.arrayContaining(stayed.map((i) => `T${i}`)));
  expect(
    (await emsp.send({ method: 'GET', module: 'tariffs', interface: 'SENDER' })).headers['x-total-count'],
  ).toBe('50');
});

test('GET of one location on the Sender interface with TO = hub: the own copy of what the requester may see', async () => {
  await push(
    cpo,
    { method: 'PATCH', module: 'locations', path: '/BE/BEC/L01/E1' },
    { status: 'BLOCKED', last_updated: '2026-03-01T00:00:00Z' },
  );
  const one = (path: string, to?: 'hub'): ReturnType<typeof push> =>
    emsp.send({ method: 'GET', module: 'locations', interface: 'SENDER', path, ...(to ? { to } : {}) });
  expect((await one('/L01', 'hub')).data).toMatchObject({ id: 'L01', last_updated: '2026-03-01T00:00:00Z' });
  expect((await one('/l01/e1', 'hub')).data).toEqual(
    evse('E1', { status: 'BLOCKED', last_updated: '2026-03-01T00:00:00Z' }),
  );
  const missing = await one('/NONE', 'hub');
  expect([missing.http, missing.status]).toEqual([404, 2003]);
});

test('a CPO sees its own locations, not those of another; a party of a platform with two must say who it is', async () => {
  const second = await network.join({ parties: [party('CPO', 'FR', 'ONE'), party('CPO', 'FR', 'TWO')] });
  expect((await cpo.listAll('locations')).objects).toHaveLength(25);
  expect((await second.listAll('locations')).objects).toEqual([]);
  const unsaid = await second.send({ method: 'GET', module: 'locations', interface: 'SENDER', from: null });
  expect(unsaid.status).toBe(2001);
});

test('a slash before the query is ignored', async () => {
  expect(
    (
      await emsp.send({
        method: 'GET',
        module: 'locations',
        interface: 'SENDER',
        path: '/',
        query: { limit: 2 },
      })
    ).status,
  ).toBe(1000);
});
