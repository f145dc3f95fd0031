import type { SimulatedPlatform } from '../../src/simulator/simulated-platform';
import type { ReceivedRequest } from '../../src/simulator/types';
import type { AdminAnswer } from '../support/hub';
import { cdr, eventually, push, startTwo, type Joined, type Network } from '../support/network';

/* An admin sends a CDR again that its eMSP refused, or may have without having said so. */

let network: Network;
let cpo: SimulatedPlatform;
let emsp: Joined;

beforeEach(async () => {
  ({ network, cpo, emsp } = await startTwo({ FORWARD_TIMEOUT_MS: '500' }));
});
afterEach(() => network.stop());

interface Delivery {
  id: string;
  object_id: string;
  error: string | null;
}

const post = (id: string): ReturnType<typeof push> =>
  push(cpo, { method: 'POST', module: 'cdrs', path: '' }, cdr(id));

async function deliveryIn(state: string, id: string): Promise<Delivery | undefined> {
  const { json } = await network.hub.admin('GET', `/deliveries?state=${state}`);
  return (json.items as Delivery[]).find((item) => item.object_id === id);
}
const reaches = (id: string, state: string): Promise<void> =>
  eventually(async () => (await deliveryIn(state, id)) !== undefined, `${id} ${state}`);

async function retry(state: string, id: string): Promise<AdminAnswer> {
  const delivery = await deliveryIn(state, id);
  return network.hub.admin('POST', `/deliveries/${delivery?.id}/retry`);
}

const posts = (id: string): number =>
  emsp.received.filter((r) => isPost(r) && r.body.includes(`"${id}"`)).length;
const gets = (id: string): number =>
  emsp.received.filter((r) => r.method === 'GET' && r.segments.at(-1) === id).length;
const isPost = ({ method }: ReceivedRequest): boolean => method === 'POST';

/** A later CDR is through: what was to go out before it has gone out. */
async function postedInAll(id: string, times: number): Promise<void> {
  await post('LATER');
  await reaches('LATER', 'delivered');
  expect(posts(id)).toBe(times);
}

/** Its answer was lost, then it was refused: the eMSP may have it. */
async function makeUncertain(id: string, lost: { handle: boolean }): Promise<void> {
  const answers = [{ hang: true, handle: lost.handle }, { status_code: 2001 }];
  emsp.behaviour = (request) => {
    if (isPost(request)) return answers.shift();
    return request.module === 'cdrs' ? { http: 404, status_code: 2001 } : undefined; // it does not find the CDR
  };
  await post(id);
  await reaches(id, 'uncertain');
  emsp.behaviour = undefined;
}

test('a refused CDR that an admin sends again is delivered once the eMSP accepts it, and billed once', async () => {
  emsp.behaviour = (request) => (isPost(request) ? { status_code: 2001 } : undefined);
  await post('C1');
  await reaches('C1', 'failed');
  emsp.behaviour = undefined;
  expect(await retry('failed', 'C1')).toMatchObject({ http: 202, json: { state: 'waiting' } });
  await reaches('C1', 'delivered');
  expect(emsp.stored.has('cdrs/BE/BEC/C1')).toBe(true);
  expect(await deliveryIn('failed', 'C1')).toBeUndefined();
  expect((await deliveryIn('delivered', 'C1'))?.error).toBeNull();
  await postedInAll('C1', 2);
});

test('a refused CDR that is sent again and refused again is failed again', async () => {
  emsp.behaviour = (request) => (isPost(request) ? { status_code: 2001 } : undefined);
  await post('C1');
  await reaches('C1', 'failed');
  emsp.behaviour = (request) => (isPost(request) ? { status_code: 2002 } : undefined);
  await retry('failed', 'C1');
  await eventually(
    async () => (await deliveryIn('failed', 'C1'))?.error?.includes('2002') === true,
    'failed',
  );
  expect(emsp.stored.has('cdrs/BE/BEC/C1')).toBe(false);
});

test('an uncertain CDR that an admin sends again is posted again and delivered, and billed once', async () => {
  await makeUncertain('C1', { handle: false });
  expect(await retry('uncertain', 'C1')).toMatchObject({ http: 202 });
  await reaches('C1', 'delivered');
  expect(await deliveryIn('uncertain', 'C1')).toBeUndefined();
  expect(emsp.stored.has('cdrs/BE/BEC/C1')).toBe(true);
  await postedInAll('C1', 3);
});

test('an uncertain CDR that the eMSP shows to have is delivered without another POST', async () => {
  await post('EARLIER'); // its Location shows where others are
  await reaches('EARLIER', 'delivered');
  await makeUncertain('C1', { handle: true });
  const asked = gets('C1');
  await retry('uncertain', 'C1');
  await reaches('C1', 'delivered');
  expect(gets('C1')).toBe(asked + 1);
  await postedInAll('C1', 2);
});

test('an uncertain CDR that is sent again and refused again stays uncertain', async () => {
  await makeUncertain('C1', { handle: false });
  emsp.behaviour = (request) => (isPost(request) ? { status_code: 2002 } : undefined);
  await retry('uncertain', 'C1');
  await eventually(
    async () => (await deliveryIn('uncertain', 'C1'))?.error?.includes('2002') === true,
    'uncertain again',
  );
  expect(await deliveryIn('failed', 'C1')).toBeUndefined();
});

test('a delivered CDR cannot be sent again', async () => {
  await post('C1');
  await reaches('C1', 'delivered');
  expect((await retry('delivered', 'C1')).http).toBe(404);
  await postedInAll('C1', 1);
});
