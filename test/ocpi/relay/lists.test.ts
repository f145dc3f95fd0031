import type { SimulatedPlatform } from '../../../src/simulator/simulated-platform';
import type { ReceivedRequest } from '../../../src/simulator/types';
import { CPO, EMSP, party, startThree, type Joined, type Network } from '../../support/network';

/* Pages of relayed lists (semantics 24). */

let network: Network;
let cpo: Joined;
let emsp: Joined;
let other: Joined;

beforeAll(async () => {
  ({ network, cpo, emsp, other } = await startThree());
});
afterAll(() => network.stop());
afterEach(() => {
  cpo.behaviour = undefined;
});

const PAGES: Record<string, string[]> = { '0': ['A', 'B'], '2': ['C', 'D'], '4': ['E'] };

/** Five objects, two a page; `link` makes the Link of the page after. */
function serve(link: (offset: number) => string): void {
  cpo.behaviour = (request) => {
    if (request.module !== 'sessions') return undefined;
    const offset = Number(request.query.offset ?? 0);
    const data = (PAGES[String(offset)] ?? []).map((id) => ({ id }));
    const headers: Record<string, string> = { 'X-Total-Count': '5', 'X-Limit': '2' };
    if (offset < 4) headers.Link = link(offset + 2);
    return { data, headers };
  };
}
const own = (offset: number): string =>
  `<http://127.0.0.1:${cpo.port}/ocpi/2.2.1/sender/sessions?date_from=2026-01-01T00%3A00%3A00Z&offset=${offset}&limit=2&x=secret>; rel="next"`;
const first = (): ReturnType<SimulatedPlatform['send']> =>
  emsp.send({
    method: 'GET',
    module: 'sessions',
    interface: 'SENDER',
    to: CPO,
    query: { date_from: '2026-01-01T00:00:00Z', limit: 2 },
  });
const urlOf = (link: string | undefined): string => /<(.*)>; rel="next"/.exec(link ?? '')?.[1] ?? '';
const follow = (url: string, by = emsp): ReturnType<SimulatedPlatform['sendTo']> =>
  by.sendTo(url, { method: 'GET', to: CPO });
const asked = (): ReceivedRequest | undefined => cpo.received.at(-1);

test('Link points back to the hub, total and limit pass through, query and headers go out', async () => {
  serve(own);
  const answer = await first();
  expect(answer.data).toEqual([{ id: 'A' }, { id: 'B' }]);
  expect(answer.headers).toMatchObject({ 'x-total-count': '5', 'x-limit': '2' });
  expect(urlOf(answer.headers.link)).toMatch(new RegExp(`^${network.hub.url}/ocpi/2.2.1/sender/sessions\\?`));
  expect(answer.headers.link).not.toContain('secret');
  expect(asked()).toMatchObject({
    query: { date_from: '2026-01-01T00:00:00Z', limit: '2' },
    headers: { 'ocpi-to-party-id': 'BEC', 'ocpi-from-party-id': 'TNM' },
  });
});

test('the pages behind it bring every object once, and each can be fetched again', async () => {
  serve(own);
  const ids: string[] = [];
  let answer = await first();
  const links: string[] = [];
  for (;;) {
    ids.push(...(answer.data as { id: string }[]).map(({ id }) => id));
    if (answer.headers.link === undefined) break;
    links.push(urlOf(answer.headers.link));
    answer = await follow(urlOf(answer.headers.link));
    expect(answer.headers['ocpi-from-party-id']).toBe('BEC');
  }
  expect(ids).toEqual(['A', 'B', 'C', 'D', 'E']);
  expect(asked()?.query).toMatchObject({ offset: '4', x: 'secret' });
  for (const url of [...links, ...links]) expect((await follow(url)).status).toBe(1000);
});

test('nobody else can fetch it, and nobody can guess one', async () => {
  serve(own);
  const url = urlOf((await first()).headers.link);
  const before = cpo.received.length;
  expect((await follow(url, other)).http).toBe(404);
  expect((await follow(url, cpo)).http).toBe(404);
  expect((await follow(url.replace(/relay=.{5}/, 'relay=AAAAA'))).http).toBe(404);
  expect(cpo.received).toHaveLength(before);
});

test('a Link to another host is asked for where the list was: the token goes nowhere else', async () => {
  serve((offset) => `<http://127.0.0.1:9/elsewhere?offset=${offset}&limit=2>; rel="next"`);
  const answer = await follow(urlOf((await first()).headers.link));
  expect(answer.data).toEqual([{ id: 'C' }, { id: 'D' }]);
  expect(asked()?.path).toBe('/ocpi/2.2.1/sender/sessions');
});

test('a relative Link is followed', async () => {
  serve((offset) => `</ocpi/2.2.1/sender/sessions?offset=${offset}>; rel=next`);
  expect((await follow(urlOf((await first()).headers.link))).data).toEqual([{ id: 'C' }, { id: 'D' }]);
});

test('a page without Link is the last', async () => {
  cpo.behaviour = (request) => (request.module === 'sessions' ? { data: [] } : undefined);
  expect((await first()).headers.link).toBeUndefined();
});

test('a platform of several parties follows a Link without FROM: whose it is stands behind it', async () => {
  const [one, two] = [party('EMSP', 'FR', 'ONE'), party('EMSP', 'FR', 'TWO')];
  const both = await network.join({ parties: [one, two] });
  serve(own);
  const list = { method: 'GET', module: 'sessions', interface: 'SENDER', to: CPO, from: two } as const;
  const url = urlOf((await both.send(list)).headers.link);
  const answer = await both.sendTo(url, { method: 'GET', from: null });
  expect(answer.data).toEqual([{ id: 'C' }, { id: 'D' }]);
  expect(answer.headers).toMatchObject({ 'ocpi-from-party-id': 'BEC', 'ocpi-to-party-id': 'TWO' });
  expect(asked()?.headers['ocpi-from-party-id']).toBe('TWO');
  const before = cpo.received.length;
  const half = { 'OCPI-from-party-id': 'TWO' };
  const refused = [{ from: EMSP }, { from: null, headers: half }];
  for (const from of refused) expect((await both.sendTo(url, { method: 'GET', ...from })).status).toBe(2001);
  expect(cpo.received).toHaveLength(before);
});
