import { SimulatedPlatform } from '../../src/simulator/simulated-platform';
import { startHubProcess, type HubProcess } from '../support/hub-process';
import { adminOf, joinHub } from '../support/hub-processes';
import { awaiting, cdr, CPO, EMSP, eventually, location, push } from '../support/network';
import { testDatabase, type TestDatabase } from '../support/test-database';

/* Hubs as processes of their own, killed with SIGKILL. */

let database: TestDatabase;
let cpo: SimulatedPlatform;
let emsp: SimulatedPlatform;
const hubs: HubProcess[] = [];

const SETTINGS = { RETRY_MIN_MS: '50', RETRY_MAX_MS: '200', FORWARD_TIMEOUT_MS: '2000' };

async function startOne(env: Record<string, string> = {}): Promise<HubProcess> {
  const hub = await startHubProcess(database, { ...SETTINGS, ...env });
  hubs.push(hub);
  return hub;
}

beforeEach(async () => {
  database = await testDatabase();
  cpo = await new SimulatedPlatform({ parties: [CPO] }).start();
  emsp = await new SimulatedPlatform({ parties: [EMSP] }).start();
});

afterEach(async () => {
  await Promise.all(hubs.splice(0).map((hub) => hub.kill()));
  await Promise.all([cpo.stop(), emsp.stop()]);
});

/** Writes rising versions of 20 locations on 8 connections until it cannot; answers what was acknowledged. */
async function writeUntilItEnds(acked: Map<string, number>, onAck: () => void): Promise<void> {
  let next = 0;
  const one = async (): Promise<void> => {
    for (;;) {
      const n = next++;
      const id = `L${n % 20}`;
      const last_updated = new Date(Date.UTC(2026, 0, 1) + n * 1000).toISOString();
      const body = location(id, { evses: 1, last_updated, fields: { name: String(n) } });
      try {
        const answer = await push(cpo, { method: 'PUT', module: 'locations', path: `/BE/BEC/${id}` }, body);
        if (answer.status !== 1000) return;
      } catch {
        return;
      }
      acked.set(id, Math.max(acked.get(id) ?? -1, n));
      onAck();
    }
  };
  await Promise.all(Array.from({ length: 8 }, one));
}

const nameOf = (object: unknown): number => Number((object as { name?: string } | undefined)?.name ?? -1);

test('kill -9 in the middle of writes: nothing acknowledged is lost, and the receiver is in sync afterwards', async () => {
  const first = await startOne();
  const port = new URL(first.url).port;
  await joinHub(first, cpo);
  await joinHub(first, emsp);
  const acked = new Map<string, number>();
  let count = 0;
  const ended = writeUntilItEnds(acked, () => {
    if (++count === 300) void first.kill();
  });
  await ended;
  await startOne({ PORT: port, PUBLIC_URL: first.url });
  const listed = await emsp.listAll('locations');
  for (const [id, n] of acked) {
    expect(nameOf(listed.objects.find((o) => o.id === id))).toBeGreaterThanOrEqual(n);
  }
  await eventually(
    () =>
      listed.objects.every(
        (o) => nameOf(emsp.stored.get(`locations/BE/BEC/${o.id as string}`)) === nameOf(o),
      ),
    'the receiver in sync',
  );
});

test('a CDR whose answer was lost with the hub reaches its eMSP, once in effect', async () => {
  const first = await startOne();
  const port = new URL(first.url).port;
  await joinHub(first, cpo);
  await joinHub(first, emsp);
  await push(cpo, { method: 'POST', module: 'cdrs', path: '' }, cdr('C1'));
  await emsp.waitFor((p) => p.stored.has('cdrs/BE/BEC/C1'), awaiting('C1'));
  await eventually(
    async () => JSON.stringify(await adminOf(first, 'GET', '/deliveries?state=delivered')).includes('C1'),
    'C1 delivered',
  );
  emsp.behaviour = (r) => (r.method === 'POST' ? { hang: true, handle: true } : undefined);
  await push(cpo, { method: 'POST', module: 'cdrs', path: '' }, cdr('C2'));
  await emsp.waitFor((p) => p.stored.has('cdrs/BE/BEC/C2'), awaiting('C2'));
  await first.kill();
  emsp.behaviour = undefined;
  const second = await startOne({ PORT: port, PUBLIC_URL: first.url });
  await eventually(
    async () => JSON.stringify(await adminOf(second, 'GET', '/deliveries?state=delivered')).includes('C2'),
    'C2 delivered',
  );
  const c2 = emsp.received.filter(
    (r) => r.module === 'cdrs' && (r.body.includes('"C2"') || r.path.endsWith('C2')),
  );
  expect(c2.map((r) => r.method)).toEqual(['POST', 'GET']);
});

test('two workers on one database push everything once; when one is killed the other takes over', async () => {
  const a = await startOne();
  const b = await startOne();
  await joinHub(a, cpo);
  await joinHub(a, emsp);
  const put = (n: number): ReturnType<typeof push> =>
    push(cpo, { method: 'PUT', module: 'locations', path: `/BE/BEC/L${n}` }, location(`L${n}`, { evses: 1 }));
  for (let n = 0; n < 30; n++) await put(n);
  await emsp.waitFor((p) => p.stored.size === 30, awaiting('30 locations'));
  const times = emsp.received.map((r) => r.path);
  expect(times).toHaveLength(new Set(times).size);
  await a.kill();
  const response = await fetch(`${b.url}/ocpi/2.2.1/receiver/locations/BE/BEC/L99`, {
    method: 'PUT',
    headers: { Authorization: `Token ${Buffer.from(cpo.peer.token).toString('base64')}` },
    body: JSON.stringify(location('L99', { evses: 1 })),
  });
  expect(response.status).toBe(201);
  await emsp.waitFor((p) => p.stored.has('locations/BE/BEC/L99'), awaiting('L99 by the other worker'));
});

test('MODE=api serves and MODE=worker pushes', async () => {
  const api = await startOne({ MODE: 'api' });
  const worker = await startOne({ MODE: 'worker' });
  await joinHub(api, cpo);
  await joinHub(api, emsp);
  const body = location('L1', { evses: 1 });
  await push(cpo, { method: 'PUT', module: 'locations', path: '/BE/BEC/L1' }, body);
  await emsp.waitFor((p) => p.stored.size === 1, awaiting('the location'));
  expect((await fetch(`${worker.url}/health/ready`)).status).toBe(200);
  expect((await fetch(`${worker.url}/ocpi/versions`)).status).toBe(404);
});

test('an object that goes through after a restart is no failed delivery any more', async () => {
  const first = await startOne();
  await joinHub(first, cpo);
  await joinHub(first, emsp);
  const failed = async (hub: HubProcess): Promise<unknown[]> =>
    (await adminOf(hub, 'GET', '/deliveries?state=failed')).items as unknown[];
  const put = (last_updated: string): ReturnType<typeof push> =>
    push(
      cpo,
      { method: 'PUT', module: 'locations', path: '/BE/BEC/L1' },
      location('L1', { evses: 1, last_updated }),
    );
  emsp.behaviour = () => ({ http: 200, status_code: 2001 });
  await put('2026-01-01T00:00:00Z');
  await eventually(async () => (await failed(first)).length === 1, 'L1 set aside');
  await first.kill();
  emsp.behaviour = undefined;
  const second = await startOne({ PORT: new URL(first.url).port, PUBLIC_URL: first.url });
  await put('2026-01-02T00:00:00Z');
  await emsp.waitFor((p) => p.stored.size === 1, awaiting('L1'));
  await eventually(async () => (await failed(second)).length === 0, 'nothing failed');
});
