import { SimulatedPlatform } from '../../src/simulator/simulated-platform';
import { startHubProcess } from '../support/hub-process';
import { adminOf, joinHub } from '../support/hub-processes';
import {
  awaiting,
  EMSP,
  eventually,
  inSync,
  location,
  push,
  startTwo,
  type Joined,
  type Network,
} from '../support/network';
import { testDatabase } from '../support/test-database';

interface Info {
  party_id: string;
  status: string;
}

let network: Network;
let cpo: Joined;
let emsp: Joined;

async function begin(env: Record<string, string> = {}): Promise<void> {
  ({ network, cpo, emsp } = await startTwo({ ALIVE_CHECK_S: '1', ...env }));
}
afterEach(() => network.stop());

const put = (n: number): ReturnType<typeof push> =>
  push(cpo, { method: 'PUT', module: 'locations', path: `/BE/BEC/L${n}` }, location(`L${n}`, { evses: 1 }));
/** What GET hubclientinfo says of the eMSP. */
async function listed(): Promise<string | undefined> {
  const answer = await cpo.send({ method: 'GET', module: 'hubclientinfo', interface: 'SENDER', from: null });
  return (answer.data as unknown as Info[]).find((info) => info.party_id === 'TNM')?.status;
}
/** The states of the eMSP as they were pushed to the CPO. */
const pushed = (): string[] =>
  cpo.receivedClientInfo
    .map(({ json }) => json as unknown as Info)
    .filter((info) => info.party_id === 'TNM')
    .map((info) => info.status);
const becomes = (status: string): Promise<void> =>
  eventually(async () => (await listed()) === status && pushed().at(-1) === status, `the eMSP ${status}`);
let versionsAsked = 0;
function countChecks(answer: () => object | undefined = () => undefined): void {
  versionsAsked = 0;
  emsp.behaviour = (r) => {
    if (r.module !== 'versions') return undefined;
    versionsAsked++;
    return answer();
  };
}
const viewOf = async (platform: Joined): Promise<Record<string, unknown>> =>
  (await network.hub.admin('GET', `/partners/${platform.partnerId}`)).json;

test('one that is silent and there stays CONNECTED: its versions are asked for with its token', async () => {
  await begin();
  await emsp.send({ method: 'GET', module: 'hubclientinfo', interface: 'SENDER', from: null });
  countChecks();
  await eventually(() => versionsAsked >= 3, 'three alive checks');
  expect(await listed()).toBe('CONNECTED');
  expect(pushed()).toEqual(['CONNECTED']);
  const view = await viewOf(emsp);
  expect(Date.parse(String(view.last_success))).toBeGreaterThan(Date.parse('2026-01-01'));
  expect(Date.parse(String(view.last_heard))).toBeGreaterThan(Date.parse('2026-01-01'));
  expect([view.last_error, view.last_error_at]).toEqual([null, null]);
});

test('one that is silent and gone is OFFLINE, and CONNECTED when it is back, each told once', async () => {
  await begin();
  await emsp.down();
  await becomes('OFFLINE');
  const view = await viewOf(emsp);
  expect((view.parties as Info[]).map((p) => p.status)).toEqual(['OFFLINE']);
  expect(String(view.last_error)).toContain('refused');
  await put(1);
  await emsp.up();
  await becomes('CONNECTED');
  await inSync(network.hub);
  expect(emsp.stored.has('locations/BE/BEC/L1')).toBe(true);
  expect(pushed()).toEqual(['CONNECTED', 'OFFLINE', 'CONNECTED']);
});

test.each([
  ['hangs', (): object => ({ hang: true })],
  ['does not know our token any more', (): object => ({ http: 401, status_code: 2002 })],
  ['is a parking page', (): object => ({ http: 200, body: '<html>for sale</html>' })],
  ['breaks connections', (): object => ({ reset: true })],
])('one that %s is OFFLINE', async (_title, answer) => {
  await begin({ FORWARD_TIMEOUT_MS: '300' });
  countChecks(answer);
  await becomes('OFFLINE');
  countChecks();
  await becomes('CONNECTED');
});

test('pushes that fail again and again make it OFFLINE long before it is silent for long, and what passes CONNECTED', async () => {
  await begin({ ALIVE_CHECK_S: '300' });
  await shortDwell();
  await emsp.down();
  await put(1);
  await becomes('OFFLINE');
  await emsp.up();
  await becomes('CONNECTED');
  await emsp.waitFor((p) => p.stored.size === 1, awaiting('the location'));
  expect(pushed()).toEqual(['CONNECTED', 'OFFLINE', 'CONNECTED']);
});

/** As if it had been CONNECTED for a while. */
async function shortDwell(): Promise<void> {
  const { pool } = network.hub.context.database;
  await pool.query(`update party set last_updated = now() - interval '60 seconds'`);
}

test('a call makes it CONNECTED; one that calls and cannot be reached does not toggle', async () => {
  await begin();
  await emsp.down();
  await becomes('OFFLINE');
  const call = (): Promise<unknown> =>
    emsp.send({ method: 'GET', module: 'hubclientinfo', interface: 'SENDER', from: null });
  await call();
  await becomes('CONNECTED');
  const calls = setInterval(() => void call(), 100);
  await put(1); // what fails now shows that calls alone mean little
  await becomes('OFFLINE');
  const heardAt = async (): Promise<number> => Date.parse(String((await viewOf(emsp)).last_heard));
  const before = await heardAt();
  await eventually(async () => (await heardAt()) > before + 3000, 'three seconds of calls');
  clearInterval(calls);
  expect(pushed()).toEqual(['CONNECTED', 'OFFLINE', 'CONNECTED', 'OFFLINE']);
  await emsp.up();
  await becomes('CONNECTED');
});

test('one that fails every other request stays CONNECTED', async () => {
  await begin({ RETRY_MIN_MS: '10', RETRY_MAX_MS: '20' });
  let n = 0;
  emsp.behaviour = () => (n++ % 2 ? { reset: true } : undefined);
  for (let i = 0; i < 100; i++) await put(i);
  await inSync(network.hub);
  await eventually(() => n > 200, 'many requests, alive checks too');
  expect(pushed()).toEqual(['CONNECTED']);
});

test('what a process of MODE=api hears is known to the worker: a call there makes a partner CONNECTED', async () => {
  await begin();
  const database = await testDatabase();
  const env = { ALIVE_CHECK_S: '1' };
  const api = await startHubProcess(database, { ...env, MODE: 'api' });
  const worker = await startHubProcess(database, { ...env, MODE: 'worker' });
  const platform = await new SimulatedPlatform({ parties: [EMSP] }).start();
  const id = await joinHub(api, platform);
  const status = async (): Promise<unknown> => {
    const view = (await adminOf(api, 'GET', `/partners/${id}`)) as { parties: Info[] };
    return view.parties[0]?.status;
  };
  await platform.down();
  await eventually(async () => (await status()) === 'OFFLINE', 'OFFLINE by the worker');
  await platform.send({ method: 'GET', module: 'hubclientinfo', interface: 'SENDER', from: null });
  await eventually(async () => (await status()) === 'CONNECTED', 'CONNECTED by a call');
  await Promise.all([api.kill(), worker.kill(), platform.stop()]);
});

test('a suspended partner is not checked and stays SUSPENDED', async () => {
  await begin();
  await network.hub.admin('POST', `/partners/${emsp.partnerId}/suspend`);
  await becomes('SUSPENDED');
  await emsp.down();
  const asked = cpo.receivedClientInfo.length;
  let rounds = 0;
  cpo.behaviour = (r) => {
    if (r.module === 'versions') rounds++;
    return undefined;
  };
  await eventually(() => rounds >= 3, 'three alive checks of another');
  expect(cpo.receivedClientInfo).toHaveLength(asked);
  expect(await listed()).toBe('SUSPENDED');
});
