import { randomUUID } from 'node:crypto';
import type { SimulatedPlatform } from '../../src/simulator/simulated-platform';
import type { ReceivedRequest } from '../../src/simulator/types';
import { CdrDeliveries } from '../../src/store/cdrs/cdr-deliveries';
import { mayBeThere, ownedBy, siblingUrl } from '../../src/sync/cdrs/find-posted-cdr';
import {
  awaiting,
  cdr,
  eventually,
  inSync,
  location,
  party,
  push,
  startTwo,
  type Joined,
  type Network,
} from '../support/network';

/* CDRs are money: posted once in effect, whatever the answers are. */

let network: Network;
let cpo: SimulatedPlatform;
let emsp: Joined;

beforeEach(async () => {
  ({ network, cpo, emsp } = await startTwo({ FORWARD_TIMEOUT_MS: '500' }));
});
afterEach(() => network.stop());

const post = (id: string): ReturnType<typeof push> =>
  push(cpo, { method: 'POST', module: 'cdrs', path: '' }, cdr(id));

async function ids(state: string): Promise<unknown[]> {
  const { json } = await network.hub.admin('GET', `/deliveries?state=${state}`);
  return (json.items as { object_id: string }[]).map((item) => item.object_id).sort();
}
const reaches = (id: string, state: string): Promise<void> =>
  eventually(async () => (await ids(state)).includes(id), `${id} ${state}`);

const posts = (id: string): number =>
  emsp.received.filter((r) => r.method === 'POST' && r.body.includes(`"${id}"`)).length;

test('a 429 with Retry-After leaves the receiver alone for that long, CDRs and locations alike', async () => {
  let asked = false;
  // the list of its tokens is pulled meanwhile
  const pushes = (p: SimulatedPlatform): ReceivedRequest[] => p.received.filter((r) => r.role === 'RECEIVER');
  emsp.behaviour = ({ role }) => {
    if (asked || role !== 'RECEIVER') return undefined;
    asked = true;
    return { http: 429, headers: { 'Retry-After': '2' }, status_code: 2000 };
  };
  await post('C1');
  await emsp.waitFor((p) => pushes(p).length === 1, awaiting('the first POST'));
  await push(cpo, { method: 'PUT', module: 'locations', path: '/BE/BEC/L1' }, location('L1', { evses: 1 }));
  await emsp.send({ method: 'GET', module: 'locations', interface: 'SENDER', path: '', to: 'hub' });
  await inSync(network.hub);
  const [first, ...rest] = pushes(emsp).map((r) => Number(new Date(r.at)));
  expect(rest).toHaveLength(2);
  for (const at of rest) expect(at - (first ?? 0)).toBeGreaterThanOrEqual(1990);
});

test('a lost answer, then no connection, then a refusal: uncertain, for an admin to look at', async () => {
  const answers = ['hang', 'reset', 'refuse'];
  emsp.behaviour = (r) => {
    if (r.method !== 'POST') return undefined;
    const answer = answers.shift();
    if (answer === 'hang') return { hang: true };
    return answer === 'reset' ? { reset: true } : { http: 200, status_code: 2001 };
  };
  await post('C1');
  await reaches('C1', 'uncertain');
  expect(posts('C1')).toBe(3);
});

test('a lost answer is asked for where earlier ones are; who cannot be asked is not posted to', async () => {
  await post('C1');
  await reaches('C1', 'delivered');
  const gets = [{ http: 503, body: 'busy' }, { reset: true }];
  emsp.behaviour = (r) => {
    if (r.method === 'POST') return { hang: true, handle: true };
    return r.method === 'GET' ? gets.shift() : undefined;
  };
  await post('C2');
  await reaches('C2', 'delivered');
  expect(posts('C2')).toBe(1);
  expect(emsp.received.filter((r) => r.method === 'GET')).toHaveLength(3);
});

test('a lost answer is asked for where only another CPO has CDRs yet', async () => {
  const other = await network.join({ parties: [party('CPO', 'FR', 'OTH')] });
  const theirs = cdr('C1', { country_code: 'FR', party_id: 'OTH' });
  await push(other, { method: 'POST', module: 'cdrs', path: '' }, theirs);
  await reaches('C1', 'delivered');
  emsp.behaviour = (r) => (r.method === 'POST' ? { hang: true, handle: true } : undefined);
  await post('C2');
  await reaches('C2', 'delivered');
  expect(posts('C2')).toBe(1);
});

test('a CDR that fails does not hold back the others', async () => {
  emsp.behaviour = (r) => (r.body.includes('"C1"') ? { http: 500, body: 'broken' } : undefined);
  await post('C1');
  await post('C2');
  await post('C3');
  await reaches('C2', 'delivered');
  await reaches('C3', 'delivered');
  emsp.behaviour = undefined;
  await reaches('C1', 'delivered');
});

test('of two workers that read the same delivery one makes the attempt', async () => {
  emsp.behaviour = () => ({ http: 401, status_code: 2001 });
  await post('C1');
  await emsp.waitFor((p) => p.received.length > 0, awaiting('a POST'));
  const { pool } = network.hub.context.database;
  const { rows } = await pool.query<{ holder: string; receiver: number }>(
    `select l.holder, d.receiver from cdr_delivery d join party y on y.number = d.receiver
       join lease l on l.partner_id = y.partner_id`,
  );
  const { holder = '', receiver = 0 } = rows[0] ?? {};
  const deliveries = new CdrDeliveries(pool);
  await network.hub.context.syncWorker?.stop(); // the deliveries are ours alone now
  await pool.query(`insert into worker values ($1, 'infinity')`, [holder]);
  const [delivery] = await deliveries.open(receiver, 1);
  if (!delivery) throw new Error('no delivery');
  expect(await deliveries.intend(delivery, randomUUID())).toBeUndefined();
  const attempts = await Promise.all([1, 2, 3].map(() => deliveries.intend(delivery, holder)));
  expect(attempts.filter((attempt) => attempt !== undefined)).toHaveLength(1);
  const late = { id: delivery.id, attempts: delivery.attempts };
  await deliveries.ended(late, { state: 'failed', error: 'an attempt that is over', told: undefined });
  expect(await ids('posting')).toEqual(['C1']);
});

test.each([
  ['refused: connect ECONNREFUSED 127.0.0.1:1', false],
  ['dns: getaddrinfo ENOTFOUND nowhere', false],
  ['refused: read EHOSTUNREACH', true],
  ['reset: the connection broke', true],
  ['tls: bad record mac', true],
  ['timeout: no answer within 10 ms', true],
])('after "%s" the receiver may have it: %s', (failure, expected) => {
  expect(mayBeThere({ answered: false, kind: 'unreachable', failure })).toBe(expected);
});

test.each([
  ['https://x/cdrs/BE/BEC/C1', 'C1', 'https://x/cdrs/BE/BEC/C%202'],
  ['https://x/cdrs/C1?v=1', 'C1', 'https://x/cdrs/C%202?v=1'],
  ['https://x/cdrs?country=BE&id=C1', 'C1', 'https://x/cdrs?country=BE&id=C%202'],
  ['https://x/cdrs/cdr-C1.json', 'C1', 'https://x/cdrs/cdr-C%202.json'],
  ['https://x/cdrs/BE:C1', 'BE:C1', 'https://x/cdrs/C%202'],
  ['https://x/C1/cdrs/C1', 'C1', 'https://x/C1/cdrs/C%202'],
  ['https://x/cdrs/4711', 'C1', undefined],
  ['https://x/cdrs/C12', 'C1', undefined],
  ['https://c1/cdrs/4711', 'c1', undefined],
])('the place of another CDR after %s (%s) is %s', (example, id, expected) => {
  expect(siblingUrl(example, id, 'C 2')).toBe(expected);
});

test.each([
  ['https://x/cdrs/BE/BEC/C1', 'https://x/cdrs/NL/ABC/C1'],
  ['https://x/BE/BEC/cdrs/BE/BEC/C1', 'https://x/BE/BEC/cdrs/NL/ABC/C1'],
  ['https://x/cdrs/C1', 'https://x/cdrs/C1'],
])('%s of another CPO is %s', (url, expected) => {
  const [from, to] = [
    { country_code: 'BE', party_id: 'BEC' },
    { country_code: 'NL', party_id: 'ABC' },
  ];
  expect(ownedBy(url, from, to)).toBe(expected);
});
