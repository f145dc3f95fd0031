import { startHub, type TestHub } from '../support/hub';

/* GET /metrics: what Prometheus reads of the process. */

let hub: TestHub;
afterEach(() => hub.stop());

const COMMENT = /^# (HELP|TYPE) \w+ .+$/;
const SAMPLE = /^\w+(\{\w+="[^"]*"(,\w+="[^"]*")*\})? (-?[\d.e+-]+|NaN)$/i;

/** The value of a metric without labels. */
const valueOf = (text: string, name: string): number =>
  Number(new RegExp(`^${name} (\\S+)$`, 'm').exec(text)?.[1]);

test('metrics are answered without a token, in the text format of Prometheus', async () => {
  hub = await startHub();
  const response = await fetch(`${hub.url}/metrics`);
  expect(response.status).toBe(200);
  expect(response.headers.get('content-type')).toBe('text/plain; charset=utf-8');
  const lines = (await response.text()).trim().split('\n');
  const others = lines.filter((line) => line !== '' && !COMMENT.test(line) && !SAMPLE.test(line));
  expect(others).toEqual([]);
});

test('metrics say what the process needs, at the moment of the question', async () => {
  hub = await startHub();
  const read = async (): Promise<string> => (await fetch(`${hub.url}/metrics`)).text();
  const first = await read();
  expect(valueOf(first, 'process_resident_memory_bytes')).toBeGreaterThan(1_000_000);
  expect(valueOf(first, 'process_start_time_seconds')).toBeLessThanOrEqual(Date.now() / 1000);
  expect(first).toMatch(/^nodejs_eventloop_lag_p99_seconds /m);
  expect(first).toMatch(/^nodejs_heap_size_used_bytes \d+$/m);
  const later = valueOf(await read(), 'process_cpu_seconds_total');
  expect(later).toBeGreaterThan(valueOf(first, 'process_cpu_seconds_total'));
});

test('a process that only pushes answers them too', async () => {
  hub = await startHub({ MODE: 'worker', DATABASE_URL: 'postgresql://elsewhere/hub' });
  expect((await fetch(`${hub.url}/metrics`)).status).toBe(200);
  expect((await fetch(`${hub.url}/ocpi/versions`)).status).toBe(404);
});

test.each(['/metrics', '/health/live', '/health/ready'])('%s is read alone', async (path) => {
  hub = await startHub();
  for (const method of ['POST', 'PUT', 'PATCH', 'DELETE', 'OPTIONS']) {
    const response = await fetch(hub.url + path, { method });
    expect([method, response.status, response.headers.get('allow')]).toEqual([method, 405, 'GET, HEAD']);
    expect(await response.json()).toMatchObject({ status_code: 2000 });
  }
  expect((await fetch(hub.url + path, { method: 'HEAD' })).status).toBe(200);
});
