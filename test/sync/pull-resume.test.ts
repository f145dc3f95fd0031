import { SimulatedPlatform } from '../../src/simulator/simulated-platform';
import { ADMIN_TOKEN } from '../support/hub';
import { startHubProcess, type HubProcess } from '../support/hub-process';
import { CPO, eventually, location, tariff } from '../support/network';
import { own, pagesAskedOf, pullAgain, pulled, pullsOf, type Ask } from '../support/pulls';
import { testDatabase, type TestDatabase } from '../support/test-database';

/* Workers as processes of their own, killed in the middle of a pull. */

let database: TestDatabase;
let cpo: SimulatedPlatform;
const hubs: HubProcess[] = [];

async function startOne(env: Record<string, string> = {}): Promise<HubProcess> {
  const settings = { RETRY_MIN_MS: '50', RETRY_MAX_MS: '200', FORWARD_TIMEOUT_MS: '2000', ...env };
  const hub = await startHubProcess(database, settings);
  hubs.push(hub);
  return hub;
}

const askOf =
  (hub: HubProcess): Ask =>
  async (method, path, body) => {
    const headers = { Authorization: `Bearer ${ADMIN_TOKEN}`, 'Content-Type': 'application/json' };
    const init = { method, headers, body: body === undefined ? undefined : JSON.stringify(body) };
    const response = await fetch(`${hub.url}/admin/api${path}`, init);
    return { http: response.status, json: await response.json() };
  };

/** Registers the CPO; its partner id. */
async function join(hub: HubProcess): Promise<string> {
  const { json } = await askOf(hub)('POST', '/partners', { name: cpo.name });
  const { id, token_a } = json as { id: string; token_a: string };
  await cpo.register(`${hub.url}/ocpi/versions`, token_a);
  return id;
}

beforeEach(async () => {
  database = await testDatabase();
  cpo = await new SimulatedPlatform({ parties: [CPO], pageLimit: 20 }).start();
  own(cpo, 'locations', ...Array.from({ length: 200 }, (_, i) => location(`LOC${i}`)));
  own(cpo, 'tariffs', ...['T1', 'T2', 'T3'].map((id) => tariff(id)));
});

afterEach(async () => {
  await Promise.all(hubs.splice(0).map((hub) => hub.kill()));
  await cpo.stop();
});

/** Holds back the answer to the page at this offset until `release`; resolves `reached` when it is asked for. */
function holdBack(offset: string): { reached: Promise<void>; release: () => void } {
  let release = (): void => undefined;
  const until = new Promise<void>((resolve) => (release = resolve));
  const reached = new Promise<void>((resolve) => {
    cpo.behaviour = (r) => {
      if (r.module !== 'locations' || r.query.offset !== offset) return undefined;
      resolve();
      return { until };
    };
  });
  return { reached, release: () => release() };
}

const offsets = (): string[] => pagesAskedOf(cpo, 'locations').map((r) => r.query.offset ?? '0');

test('after kill -9 a pull goes on at the page where it stopped, and a tariff that is gone is still found', async () => {
  const first = await startOne();
  const port = new URL(first.url).port;
  const partner = await join(first);
  await pulled(askOf(first), partner);
  const { reached, release } = holdBack('120');
  cpo.owned.delete('locations/BE/BEC/LOC7');
  cpo.receivedPulls.length = 0;
  await askOf(first)('POST', `/partners/${partner}/pull`, { kind: 'full' });
  await reached;
  await eventually(async () => {
    const { items } = await pullsOf(askOf(first), partner);
    return items.some((item) => item.module === 'locations' && item.state === 'running' && item.pages === 6);
  }, 'six pages saved');
  await first.kill();
  cpo.behaviour = undefined;
  release();
  const second = await startOne({ PORT: port, PUBLIC_URL: first.url });
  const items = await pulled(askOf(second), partner);
  expect(offsets()).toEqual(['0', '20', '40', '60', '80', '100', '120', '120', '140', '160', '180']);
  expect(items.get('locations')).toMatchObject({ pages: 10, objects: 199, unchanged: 199, gone: 1 });
});

test('two workers never pull the same list, whoever dies', async () => {
  const api = await startOne({ MODE: 'api' });
  const workers = [await startOne({ MODE: 'worker' }), await startOne({ MODE: 'worker' })];
  const partner = await join(api);
  await pulled(askOf(api), partner);
  expect(offsets()).toHaveLength(10);
  await workers[0]?.kill();
  cpo.receivedPulls.length = 0;
  const items = await pullAgain(askOf(api), partner, { kind: 'full', module: 'locations' });
  expect(items.get('locations')).toMatchObject({ objects: 200, unchanged: 200 });
  expect(offsets()).toHaveLength(10);
});
