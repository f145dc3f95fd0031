import {
  awaiting,
  cdr,
  CPO,
  EMSP,
  EMSP2,
  eventually,
  push,
  session,
  startNetwork,
  type Joined,
  type Network,
} from '../support/network';
import { own, pullsOf } from '../support/pulls';

/* Sessions and CDRs for a party that registers later. */

let network: Network;
let cpo: Joined;

beforeEach(async () => {
  network = await startNetwork();
  cpo = await network.join({ parties: [CPO] });
});
afterEach(() => network.stop());

const OF_NEW = {
  country_code: EMSP2.country_code,
  party_id: EMSP2.party_id,
  uid: 'U',
  type: 'RFID',
  contract_id: 'C',
};
const pullOf = async (): ReturnType<typeof pullsOf> =>
  pullsOf((method, path, body) => network.hub.admin(method, path, body), cpo.partnerId);

async function refusedByPull(module: string, count: number): Promise<void> {
  await eventually(async () => {
    const { items } = await pullOf();
    return items.some((item) => item.module === module && item.state === 'done' && item.refused === count);
  }, `${count} of ${module} refused`);
}

test('what was pulled before its eMSP was there reaches it when it registers', async () => {
  own(cpo, 'cdrs', cdr('C1', { cdr_token: OF_NEW, last_updated: new Date().toISOString() }));
  own(cpo, 'sessions', session('S1', { cdr_token: OF_NEW, last_updated: new Date().toISOString() }));
  await network.hub.admin('POST', `/partners/${cpo.partnerId}/pull`, { kind: 'full' });
  await refusedByPull('cdrs', 1);
  await refusedByPull('sessions', 1);
  await network.join({ parties: [EMSP] });
  const late = await network.join({ parties: [EMSP2] });
  await late.waitFor((p) => p.stored.size === 2, awaiting('the session and the CDR'));
  expect([...late.stored.keys()].sort()).toEqual(['cdrs/BE/BEC/C1', 'sessions/BE/BEC/S1']);
});

test('what was pushed before its eMSP was there, and refused, is asked for in the list of its sender', async () => {
  const answer = await push(
    cpo,
    { method: 'POST', module: 'cdrs', path: '' },
    cdr('C2', { cdr_token: OF_NEW }),
  );
  expect(answer.status).toBe(4001);
  own(cpo, 'cdrs', cdr('C2', { cdr_token: OF_NEW, last_updated: new Date().toISOString() }));
  const late = await network.join({ parties: [EMSP2] });
  await late.waitFor((p) => p.stored.has('cdrs/BE/BEC/C2'), awaiting('the CDR'));
});

test('a party that nobody named causes no pull', async () => {
  await network.hub.admin('POST', `/partners/${cpo.partnerId}/pull`, { kind: 'full' });
  await refusedByPull('cdrs', 0);
  const before = (await pullOf()).items.map((item) => item.started_at);
  await network.join({ parties: [EMSP2] });
  expect((await pullOf()).items.map((item) => item.started_at)).toEqual(before);
});
