import { Leases } from '../../src/sync/leases/leases';

/* What a process believes of its leases by its own clocks; a heartbeat holds for four seconds. */

const PARTNER = { partner_id: 'p', abandoned: false };
/** A heartbeat that was asked for so many milliseconds ago, by each clock. */
const heartbeat = (monotonic: number, wall: number): { at: number; wall: number } => ({
  at: performance.now() - monotonic,
  wall: Date.now() - wall,
});

test('without another heartbeat the leases end by themselves, and with them all that is sent under them', async () => {
  const leases = new Leases(() => lapsed(undefined));
  let lapsed: (value: undefined) => void = () => undefined;
  const lapse = new Promise((resolve) => (lapsed = resolve));
  const { holder } = leases;
  leases.renewed(heartbeat(3500, 3500));
  leases.set([PARTNER]);
  const lease = leases.of('p');
  expect([lease?.isValid(), lease?.signal.aborted]).toEqual([true, false]);
  await lapse;
  expect([lease?.isValid(), lease?.signal.aborted]).toEqual([false, true]);
  expect(leases.of('p')).toBeUndefined();
  expect(leases.holder).not.toBe(holder);
});

test.each([
  ['the process was frozen', heartbeat(4001, 0)],
  ['the machine was suspended', heartbeat(0, 4001)],
])('leases are over at once where %s for longer than they last', (_, asked) => {
  const leases = new Leases();
  leases.renewed(asked);
  leases.set([PARTNER]);
  expect([leases.lives, leases.holds('p'), leases.all()]).toEqual([false, false, []]);
  leases.close();
});

test('a platform that another worker leases is cut off, the others are not', () => {
  const leases = new Leases();
  leases.renewed(heartbeat(0, 0));
  leases.set([PARTNER, { partner_id: 'q', abandoned: false }]);
  const [p, q] = [leases.of('p'), leases.of('q')];
  leases.set([{ partner_id: 'q', abandoned: false }]);
  expect([p?.signal.aborted, q?.signal.aborted]).toEqual([true, false]);
  expect([leases.holds('p'), leases.holds('q')]).toEqual([false, true]);
  leases.close();
});

test('a platform of a worker that did not give it back gets nothing at first', () => {
  const leases = new Leases();
  leases.renewed(heartbeat(0, 0));
  leases.set([PARTNER, { partner_id: 'q', abandoned: true }]);
  expect(leases.of('p')?.waitMs).toBe(0);
  expect(leases.of('q')?.waitMs).toBeGreaterThan(0);
  leases.close();
});
