import type { SimulatedPlatform } from '../../src/simulator/simulated-platform';
import {
  CPO,
  EMSP,
  inSync,
  location,
  push,
  startNetwork,
  tariff,
  type Fields,
  type Joined,
  type Network,
} from '../support/network';
import { own, pullAgain as again, pulled, pullsOf, type PullAnswer, type PullItem } from '../support/pulls';

/* Objects that a full pull does not see any more. */

let network: Network;
let emsp: Joined;
let cpo: Joined;

beforeEach(async () => {
  network = await startNetwork();
  emsp = await network.join({ parties: [EMSP] });
  cpo = await network.join({
    parties: [CPO],
    before: (platform) => {
      own(platform, 'tariffs', ...['T1', 'T2', 'T3', 'T4'].map((id) => tariff(id)));
      own(platform, 'locations', location('LOC1'), location('LOC2'), location('LOC3'));
    },
  });
  await pulled(network.hub.admin, cpo.partnerId);
  await inSync(network.hub);
});

afterEach(() => network.stop());

const fullPull = (wish: Fields = {}): Promise<Map<string, PullItem>> =>
  again(network.hub.admin, cpo.partnerId, { kind: 'full', ...wish });

const gone = async (): Promise<PullAnswer['gone']> => (await pullsOf(network.hub.admin, cpo.partnerId)).gone;

const tariffsAt = (platform: SimulatedPlatform): string[] =>
  [...platform.stored.keys()].filter((key) => key.startsWith('tariffs/')).sort();

test('a tariff that is gone is removed at the others, a location is reported', async () => {
  cpo.owned.delete('tariffs/BE/BEC/T2');
  cpo.owned.delete('locations/BE/BEC/LOC3');
  const items = await fullPull();
  expect([items.get('tariffs')?.gone, items.get('locations')?.gone]).toEqual([1, 1]);
  await inSync(network.hub);
  expect(tariffsAt(emsp)).toEqual(['tariffs/BE/BEC/T1', 'tariffs/BE/BEC/T3', 'tariffs/BE/BEC/T4']);
  expect(emsp.stored.has('locations/BE/BEC/LOC3')).toBe(true);
  expect(await gone()).toMatchObject([
    { module: 'locations', object_id: 'LOC3', removed: false },
    { module: 'tariffs', object_id: 'T2', removed: true },
  ]);
  const before = emsp.received.length;
  const second = await fullPull();
  expect([second.get('tariffs')?.gone, second.get('locations')?.gone]).toEqual([0, 1]);
  expect(emsp.received).toHaveLength(before);
});

test('a delta finds nothing gone', async () => {
  cpo.owned.delete('tariffs/BE/BEC/T2');
  await again(network.hub.admin, cpo.partnerId, { kind: 'delta' });
  expect(await gone()).toEqual([]);
  expect(tariffsAt(emsp)).toHaveLength(4);
});

test('where more than half would go, nothing is removed until an admin says so', async () => {
  for (const id of ['T1', 'T2', 'T3']) cpo.owned.delete(`tariffs/BE/BEC/${id}`);
  expect((await fullPull()).get('tariffs')).toMatchObject({ gone: 3 });
  expect((await gone()).map((g) => [g.object_id, g.removed])).toEqual([
    ['T1', false],
    ['T2', false],
    ['T3', false],
  ]);
  await inSync(network.hub);
  expect(tariffsAt(emsp)).toHaveLength(4);
  const items = await again(network.hub.admin, cpo.partnerId, { confirm_removals: true });
  expect(items.get('tariffs')).toMatchObject({ kind: 'full', gone: 3, confirm_removals: false });
  await inSync(network.hub);
  expect(tariffsAt(emsp)).toEqual(['tariffs/BE/BEC/T4']);
});

test('nothing is gone from a list that does not hold what X-Total-Count says, or that changed while it was read', async () => {
  cpo.owned.delete('tariffs/BE/BEC/T2');
  cpo.behaviour = (r) => (r.module === 'tariffs' ? { headers: { 'x-total-count': '4' } } : undefined);
  expect((await fullPull({ module: 'tariffs' })).get('tariffs')).toMatchObject({ objects: 3, gone: 0 });
  expect(await gone()).toEqual([]);
});

test('a tariff that is pushed while the list is read is not gone', async () => {
  cpo.owned.delete('tariffs/BE/BEC/T2');
  cpo.behaviour = async (r) => {
    if (r.module !== 'tariffs' || r.method !== 'GET') return undefined;
    await push(
      cpo,
      { method: 'PUT', module: 'tariffs', path: '/BE/BEC/T2' },
      tariff('T2', { currency: 'SEK' }),
    );
    return undefined;
  };
  expect((await fullPull({ module: 'tariffs' })).get('tariffs')).toMatchObject({ objects: 3, gone: 0 });
  await inSync(network.hub);
  expect(emsp.stored.get('tariffs/BE/BEC/T2')).toMatchObject({ currency: 'SEK' });
});

test('a tariff that is deleted while the list is read does not come back', async () => {
  cpo.behaviour = (r) => {
    if (r.module !== 'tariffs' || r.method !== 'GET') return undefined;
    return {
      handle: true,
      until: push(cpo, { method: 'DELETE', module: 'tariffs', path: '/BE/BEC/T3' }),
    };
  };
  await fullPull({ module: 'tariffs' });
  await inSync(network.hub);
  expect(tariffsAt(emsp)).not.toContain('tariffs/BE/BEC/T3');
});
