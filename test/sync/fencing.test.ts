import { SimulatedPlatform } from '../../src/simulator/simulated-platform';
import type { HubProcess } from '../support/hub-process';
import { adminOf, hubProcesses, joinHub, workersOf, type HubProcesses } from '../support/hub-processes';
import { awaiting, cdr, CPO, EMSP, eventually, location, push } from '../support/network';

/* Workers that are frozen and woken: what they still hold must not reach anybody. */

let hubs: HubProcesses;
let api: HubProcess;
let cpo: SimulatedPlatform;
let emsp: SimulatedPlatform;

beforeEach(async () => {
  hubs = await hubProcesses();
  api = await hubs.start({ MODE: 'api' });
  cpo = await new SimulatedPlatform({ parties: [CPO] }).start();
  emsp = await new SimulatedPlatform({ parties: [EMSP] }).start();
  await joinHub(api, cpo);
  await joinHub(api, emsp);
});

afterEach(async () => {
  await hubs.end();
  await Promise.all([cpo.stop(), emsp.stop()]);
});

const IDS = Array.from({ length: 12 }, (_, n) => `L${n}`);
const at = (version: number): string => new Date(Date.UTC(2026, 0, version)).toISOString();

async function putAll(version: number): Promise<void> {
  for (const id of IDS) {
    const body = location(id, { evses: 1, last_updated: at(version), fields: { name: `v${version}` } });
    await push(cpo, { method: 'PUT', module: 'locations', path: `/BE/BEC/${id}` }, body);
  }
}

const storedAt = (version: number): boolean =>
  IDS.every((id) => {
    const stored = emsp.stored.get(`locations/BE/BEC/${id}`) as { name?: string } | undefined;
    return stored?.name === `v${version}`;
  });

/** All have this version at the receiver, within what a failover may take. */
const arrives = (version: number): Promise<void> =>
  emsp.waitFor(() => storedAt(version), awaiting(`version ${version}`));

/** A worker, once it leases everything. */
async function workerThatLeases(): Promise<HubProcess> {
  const worker = await hubs.start({ MODE: 'worker' });
  await eventually(async () => (await workersOf(api)).every((holder) => holder !== null), 'leased');
  return worker;
}

/** last_updated of each object in the order in which its pushes arrived. */
function expectNothingWentBack(): void {
  for (const id of IDS) {
    const seen = emsp.received
      .filter((r) => r.method === 'PUT' && r.segments.at(-1) === id)
      .map((r) => String((r.json as { last_updated?: unknown }).last_updated));
    expect(seen).toEqual([...seen].sort());
  }
}

test('a worker that wakes up with an expired lease pushes nothing out of order, and takes over again when it must', async () => {
  const first = await workerThatLeases();
  await putAll(1);
  await arrives(1);
  const second = await hubs.start({ MODE: 'worker' });
  emsp.behaviour = () => ({ hang: true });
  await putAll(2);
  await emsp.waitFor(
    (p) => p.received.some((r) => r.json !== undefined && r.body.includes('v2')),
    awaiting('a push under way'),
  );
  first.freeze();
  emsp.behaviour = undefined;
  await arrives(2);
  await putAll(3);
  await arrives(3);
  const before = await workersOf(api);
  first.wake();
  await putAll(4);
  await arrives(4);
  expect(await workersOf(api)).toEqual(before);
  await second.kill();
  await putAll(5);
  await arrives(5);
  expectNothingWentBack();
});

test('a push that a frozen worker left with a slow receiver, and that is applied late, is made good', async () => {
  const first = await workerThatLeases();
  await putAll(1);
  await arrives(1);
  await hubs.start({ MODE: 'worker' });
  let release = (): void => undefined;
  const until = new Promise<void>((resolve) => (release = resolve));
  emsp.behaviour = (r) => (r.body.includes('v2') ? { until, handle: true } : undefined);
  await putAll(2);
  await emsp.waitFor((p) => p.received.some((r) => r.body.includes('v2')), awaiting('a push under way'));
  first.freeze();
  await putAll(3);
  await arrives(3);
  release();
  await emsp.waitFor(() => !storedAt(3), awaiting('the late one'));
  first.wake();
  await arrives(3);
});

test('a CDR whose POST a frozen worker has under way is posted once in effect', async () => {
  const post = (id: string): ReturnType<typeof push> =>
    push(cpo, { method: 'POST', module: 'cdrs', path: '' }, cdr(id));
  const delivered = async (id: string): Promise<boolean> =>
    JSON.stringify(await adminOf(api, 'GET', '/deliveries?state=delivered')).includes(`"${id}"`);
  const first = await workerThatLeases();
  await post('C1');
  await eventually(() => delivered('C1'), 'C1 delivered');
  await hubs.start({ MODE: 'worker' });
  emsp.behaviour = (r) => (r.method === 'POST' ? { hang: true, handle: true } : undefined);
  await post('C2');
  await emsp.waitFor((p) => p.stored.has('cdrs/BE/BEC/C2'), awaiting('C2'));
  first.freeze();
  emsp.behaviour = undefined;
  await post('C3');
  await eventually(() => delivered('C3'), 'C3 delivered by the other worker');
  first.wake();
  await post('C4');
  await eventually(() => delivered('C4'), 'C4 delivered');
  expect(await delivered('C2')).toBe(true);
  const posts = emsp.received.filter((r) => r.method === 'POST').map((r) => (r.json as { id: string }).id);
  expect(posts).toEqual(['C1', 'C2', 'C3', 'C4']);
});
