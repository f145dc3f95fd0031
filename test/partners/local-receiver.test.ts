import type { TransportRequest } from '../../src/partners/partner-client';
import { LocalReceiver } from '../../src/partners/local-receiver';
import {
  CPO,
  EMSP,
  eventually,
  location,
  push,
  startTwo,
  type Joined,
  type Network,
} from '../support/network';

/* A platform in the hub's own process is reached by relays and pushes as one behind HTTP. */

let network: Network;
let cpo: Joined;
let emsp: Joined;

beforeAll(async () => {
  ({ network, cpo, emsp } = await startTwo());
});
afterAll(() => network.stop());

const ok = (data?: object): { status: number; body: string } => ({
  status: 200,
  body: JSON.stringify({ status_code: 1000, timestamp: new Date().toISOString(), ...(data && { data }) }),
});

test('a local platform gets pushes and relays, and over HTTP nothing', async () => {
  const got: TransportRequest[] = [];
  const before = emsp.received.length;
  const { partnerClient } = network.hub.context;
  const end = partnerClient.answerLocally(emsp.partnerId, async (request) => {
    got.push(request);
    return request.url.includes('/authorize') ? ok({ allowed: 'ALLOWED' }) : ok();
  });
  await push(cpo, { method: 'PUT', module: 'locations', path: '/BE/BEC/LOCAL' }, location('LOCAL'));
  const pushed = (): TransportRequest | undefined => got.find(({ url }) => url.endsWith('/BE/BEC/LOCAL'));
  await eventually(() => pushed() !== undefined, 'the location was pushed');
  expect(pushed()).toMatchObject({ method: 'PUT', headers: { 'OCPI-to-party-id': EMSP.party_id } });
  const answer = await cpo.send({
    method: 'POST',
    module: 'tokens',
    interface: 'SENDER',
    path: '/U1/authorize',
    to: EMSP,
  });
  expect(answer.data).toEqual({ allowed: 'ALLOWED' });
  expect(answer.headers).toMatchObject({ 'ocpi-from-party-id': 'TNM', 'ocpi-to-party-id': CPO.party_id });
  expect(emsp.received).toHaveLength(before);
  end();
  const again = location('LOCAL', { last_updated: '2026-06-01T00:00:00Z' });
  await push(cpo, { method: 'PUT', module: 'locations', path: '/BE/BEC/LOCAL' }, again);
  await eventually(() => emsp.received.length > before, 'the location was pushed over HTTP');
});

describe('one exchange', () => {
  const request = (fields: Partial<TransportRequest> = {}): TransportRequest => ({
    pool: 'p',
    method: 'GET',
    url: 'http://local/x',
    headers: {},
    timeoutMs: 60_000,
    ...fields,
  });
  const silent = new LocalReceiver(() => new Promise(() => undefined));

  test('that is late is a timeout', async () => {
    expect(await silent.send(request({ timeoutMs: 1 }))).toMatchObject({ failure: { kind: 'timeout' } });
  });

  test('whose lease ends, or has ended, is cut off', async () => {
    const lease = new AbortController();
    const permit = { signal: lease.signal, isValid: () => !lease.signal.aborted };
    const underWay = silent.send(request({ permit }));
    lease.abort();
    expect(await underWay).toMatchObject({ failure: { kind: 'aborted' } });
    expect(await silent.send(request({ permit }))).toMatchObject({ failure: { kind: 'aborted' } });
  });

  test('whose platform throws is an HTTP 500, and is observed', async () => {
    const seen: unknown[] = [];
    const broken = new LocalReceiver(
      () => Promise.reject(new Error('broken')),
      (result) => seen.push(result),
    );
    const result = await broken.send(request());
    expect(result).toMatchObject({ ok: true, status: 500 });
    expect(seen).toEqual([result]);
  });
});
