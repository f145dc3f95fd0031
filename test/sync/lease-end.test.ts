import { SimulatedPlatform } from '../../src/simulator/simulated-platform';
import type { Exchange, ReceivedRequest } from '../../src/simulator/types';
import { databaseProxy, type DatabaseProxy } from '../support/database-proxy';
import { startHub, type TestHub } from '../support/hub';
import { awaiting, cdr, CPO, EMSP, eventually, location, push, type Fields } from '../support/network';
import { testDatabase, type TestConnection } from '../support/test-database';

/*
 * A lease that ends while a push is under way. Only the lease can end that push here: no receiver answers it, and
 * FORWARD_TIMEOUT_MS is far away.
 */

const SETTINGS = { FORWARD_TIMEOUT_MS: '600000' };
/** The database is the one that the test connects to, whatever its URL. */
const worker = { ...SETTINGS, MODE: 'worker', DATABASE_URL: 'postgresql://test/hub' };
const api = { ...worker, MODE: 'api' };

let connection: TestConnection;
let proxy: DatabaseProxy;
let hubs: TestHub[];
let cpo: SimulatedPlatform;
let emsp: SimulatedPlatform;
/** Answers of the eMSP; without HTTP status where the hub did not wait for it. */
let answered: Exchange[];
let release: () => void;

beforeEach(async () => {
  ({ connection } = await testDatabase());
  proxy = await databaseProxy(connection);
  hubs = [];
  cpo = await new SimulatedPlatform({ parties: [CPO] }).start();
  emsp = await new SimulatedPlatform({ parties: [EMSP] }).start();
  answered = [];
  release = () => undefined;
  emsp.observe = (exchange) => void (exchange.direction === 'received' && answered.push(exchange));
});

afterEach(async () => {
  release();
  await proxy.restore();
  await Promise.all(hubs.map((hub) => hub.stop()));
  await Promise.all([cpo.stop(), emsp.stop(), proxy.close()]);
});

async function start(env: Record<string, string>, on: TestHub['connection'] = connection): Promise<TestHub> {
  const hub = await startHub(env, on);
  hubs.push(hub);
  return hub;
}

async function join(hub: TestHub, platform: SimulatedPlatform): Promise<void> {
  const { token_a } = await hub.partner(platform.name);
  await platform.register(hub.versionsUrl, token_a);
}

const put = (name: string): ReturnType<typeof push> => {
  const body = location('L1', { evses: 1, fields: { name } });
  return push(cpo, { method: 'PUT', module: 'locations', path: '/BE/BEC/L1' }, body);
};
const arrives = (name: string): Promise<void> =>
  emsp.waitFor(
    (p) => (p.stored.get('locations/BE/BEC/L1') as Fields | undefined)?.name === name,
    awaiting(name),
  );

const isPut = (name: string) => (r: ReceivedRequest) => r.method === 'PUT' && r.body.includes(name);
const isPost = (r: ReceivedRequest): boolean => r.method === 'POST';

/** The next request of each kind is not answered until one of its kind comes again, which is answered. */
function holdNext(...kinds: ((request: ReceivedRequest) => boolean)[]): void {
  const until = new Promise<void>((resolve) => (release = resolve));
  const held = new Set<unknown>();
  emsp.behaviour = (request) => {
    const kind = kinds.find((isOfKind) => isOfKind(request));
    if (!kind) return undefined;
    const override = held.has(kind) ? undefined : { until, status_code: 1000 };
    if (held.has(kind)) release();
    held.add(kind);
    return override;
  };
}

/** Sorted HTTP statuses of the eMSP’s answers to a method; undefined, at the end: the hub had cut off the request. */
const statuses = (method: string): (number | undefined)[] =>
  answered
    .filter((exchange) => exchange.method === method)
    .map(({ http }) => http)
    .sort();

interface FeedItem {
  name: string;
  state: string;
  last_error: string | null;
  receivers: { worker: string | null }[];
}

async function feedOf(hub: TestHub): Promise<FeedItem | undefined> {
  const { json } = await hub.admin('GET', '/feed');
  return (json.items as FeedItem[]).find(({ name }) => name === emsp.name);
}
const workerOf = async (hub: TestHub): Promise<string | null | undefined> =>
  (await feedOf(hub))?.receivers[0]?.worker;

test('a worker that cannot renew its lease cuts off its push before the next holder pushes the object', async () => {
  const front = await start(api);
  await start(worker, { url: proxy.url });
  await join(front, cpo);
  await join(front, emsp);
  await put('v1');
  await arrives('v1');
  const first = await workerOf(front);
  await start(worker);
  holdNext(isPut('v2'));
  await put('v2');
  await emsp.waitFor((p) => p.received.some(isPut('v2')), { timeoutMs: 5000, what: 'a push under way' });
  proxy.hang();
  await arrives('v2');
  await emsp.waitFor(() => statuses('PUT').length === 3, { timeoutMs: 5000, what: 'answers' });
  expect(statuses('PUT')).toEqual([200, 201, undefined]);
  await eventually(async () => (await feedOf(front))?.state === 'IN_SYNC', 'nothing waits');
  expect((await feedOf(front))?.last_error).toBeNull();
  expect([null, undefined, first]).not.toContain(await workerOf(front));
});

test('a worker that the database has given up cuts off its pushes and goes on under another lease', async () => {
  const hub = await start(SETTINGS);
  await join(hub, cpo);
  await join(hub, emsp);
  await put('v1');
  await arrives('v1');
  const first = await workerOf(hub);
  holdNext(isPut('v2'), isPost);
  await put('v2');
  await push(cpo, { method: 'POST', module: 'cdrs', path: '' }, cdr('C1'));
  const underWay = (p: SimulatedPlatform): boolean => p.received.some(isPut('v2')) && p.received.some(isPost);
  await emsp.waitFor(underWay, { timeoutMs: 5000, what: 'pushes under way' });
  await hub.context.database.pool.query('delete from worker');
  await arrives('v2');
  await emsp.waitFor((p) => p.stored.has('cdrs/BE/BEC/C1'), awaiting('the CDR'));
  const all = (): boolean => statuses('PUT').length === 3 && statuses('POST').length === 2;
  await emsp.waitFor(all, { timeoutMs: 5000, what: 'answers' });
  expect(statuses('PUT')).toEqual([200, 201, undefined]);
  expect(statuses('POST')).toEqual([201, undefined]);
  await eventually(async () => (await feedOf(hub))?.state === 'IN_SYNC', 'nothing waits');
  expect((await feedOf(hub))?.last_error).toBeNull();
  expect([null, undefined, first]).not.toContain(await workerOf(hub));
});
