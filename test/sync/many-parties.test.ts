import type { Party } from '../../src/simulator/types';
import {
  eventually,
  evse,
  inSync,
  location,
  party,
  push,
  startTwo,
  type Joined,
  type Network,
} from '../support/network';

/* A platform of many parties is set up with work in proportion to its parties, and holds up nobody's feed. */

const MANY = 150;
/** Statements per party: registering, leases, positions, a walk, its CDRs, and its share of what runs beside. */
const MOST_PER_PARTY = 40;

const many = (role: 'CPO' | 'EMSP'): Party[] =>
  Array.from({ length: MANY }, (_, i) => party(role, 'FR', String(i).padStart(3, '0')));

const status = (platform: Joined): unknown =>
  (platform.stored.get('locations/BE/BEC/L1') as { evses?: { status: string }[] } | undefined)?.evses?.[0]
    ?.status;

describe.each(['CPO', 'EMSP'] as const)('a platform of many parties, each %s', (role) => {
  let network: Network;
  let cpo: Joined;
  let emsp: Joined;
  let statements = 0;

  beforeAll(async () => {
    ({ network, cpo, emsp } = await startTwo());
    await push(cpo, { method: 'PUT', module: 'locations', path: 'BE/BEC/L1' }, location('L1'));
    await inSync(network.hub);
    network.hub.context.database.pool.on('acquire', () => statements++);
  });
  afterAll(() => network.stop());

  test('is set up with a few statements per party, not with one per pair of parties', async () => {
    await network.join({ parties: many(role) });
    const update = evse('E1', { status: 'CHARGING', last_updated: new Date().toISOString() });
    await push(cpo, { method: 'PUT', module: 'locations', path: 'BE/BEC/L1/E1' }, update);
    await eventually(() => status(emsp) === 'CHARGING', 'the status between the two others');
    await inSync(network.hub);
    expect(statements).toBeGreaterThan(MANY);
    expect(statements).toBeLessThan(MANY * MOST_PER_PARTY);
  });
});
