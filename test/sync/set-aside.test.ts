import {
  awaiting,
  EMSP,
  eventually,
  inSync,
  location,
  push,
  startThree,
  type Joined,
  type Network,
} from '../support/network';

/* Whose fault a failure is: the object's, which is set aside, or the receiver's, which is waited for. */

let network: Network;
let cpo: Joined;
let emsp: Joined;
let other: Joined;

beforeEach(async () => {
  ({ network, cpo, emsp, other } = await startThree());
  await inSync(network.hub);
});
afterEach(() => network.stop());

const put = (id: string, last_updated?: string): ReturnType<typeof push> =>
  push(cpo, { method: 'PUT', module: 'locations', path: `/BE/BEC/${id}` }, location(id, { last_updated }));
const pushes = (id: string): number => emsp.received.filter((r) => r.path.endsWith(`/${id}`)).length;

async function failed(): Promise<Record<string, unknown>[]> {
  const { json } = await network.hub.admin('GET', '/deliveries?state=failed');
  return json.items as Record<string, unknown>[];
}

test('an object that one receiver refuses is set aside there, passes elsewhere, and is sent again by an admin', async () => {
  emsp.behaviour = (r) =>
    r.path.endsWith('/BAD') ? { http: 200, status_code: 2001, status_message: 'not this one' } : undefined;
  await put('BAD');
  for (let i = 0; i < 5; i++) await put(`LOC${i}`);
  await inSync(network.hub);
  expect(other.stored.size).toBe(6);
  expect(emsp.stored.size).toBe(5);
  const [bad, ...more] = await failed();
  expect(more).toEqual([]);
  expect(bad).toMatchObject({
    object_id: 'BAD',
    receiver: `${EMSP.country_code}/${EMSP.party_id}`,
    attempts: 1,
  });
  expect(String(bad?.error)).toContain('not this one');
  emsp.behaviour = undefined;
  expect((await network.hub.admin('POST', `/deliveries/${String(bad?.id)}/retry`)).http).toBe(202);
  await emsp.waitFor((p) => p.stored.size === 6, awaiting('BAD after the retry'));
  expect(await failed()).toEqual([]);
});

test('an object that fails three times while others pass is set aside and does not hold back the next', async () => {
  emsp.behaviour = (r) => (r.path.endsWith('/SICK') ? { http: 500, body: 'oops' } : undefined);
  await put('SICK');
  let second = 0;
  await eventually(async () => {
    await put('LOC1', new Date(Date.UTC(2026, 1, 1) + 1000 * second++).toISOString());
    return (await failed()).length === 1;
  }, 'the sick object set aside');
  expect(emsp.stored.has('locations/BE/BEC/LOC1')).toBe(true);
  expect((await failed())[0]).toMatchObject({ object_id: 'SICK', attempts: pushes('SICK') });
});

test('a receiver that goes down is waited for, also by an object that failed before while others passed', async () => {
  let release = (): void => undefined;
  const until = new Promise<void>((resolve) => (release = resolve));
  let isDown = false;
  emsp.behaviour = (r) => {
    if (isDown) return { http: 500, body: 'oops' };
    if (r.path.endsWith('/UNLUCKY')) return { until, http: 500, body: 'oops' };
    isDown ||= pushes('LOC1') === 2; // the first has passed by then
    if (isDown) release();
    return undefined;
  };
  await put('UNLUCKY');
  await put('LOC1', '2026-02-01T00:00:00Z');
  await emsp.waitFor(() => pushes('LOC1') === 1, awaiting('LOC1'));
  await put('LOC1', '2026-02-02T00:00:00Z');
  await emsp.waitFor(() => isDown, awaiting('LOC1 again'));
  await put('LOC2');
  const tried = (): boolean => pushes('UNLUCKY') >= 5 && pushes('LOC2') >= 3;
  await emsp.waitFor(tried, awaiting('pushes while it is down'));
  expect(await failed()).toEqual([]);
  emsp.behaviour = undefined;
  await inSync(network.hub);
  expect([...emsp.stored.keys()].sort()).toEqual(
    ['LOC1', 'LOC2', 'UNLUCKY'].map((id) => `locations/BE/BEC/${id}`),
  );
});
