import { ClientInfoPosition } from '../../src/sync/hubclientinfo/client-info-position';

const at = (place: number, version: number): { place: number; version: number } => ({ place, version });

test('what is older than the position is known; the rest comes in the order of its versions', () => {
  const known = new ClientInfoPosition(5);
  const entries = [at(1, 3), at(2, 9), at(3, 7), at(4, 5)];
  expect(known.next(entries, 9)).toEqual(at(3, 7));
  expect(known.position).toBe(6);
  known.done(at(3, 7));
  expect(known.next(entries, 9)).toEqual(at(2, 9));
  expect(known.position).toBe(8);
  known.done(at(2, 9));
  expect(known.next(entries, 10)).toBeUndefined();
  expect(known.position).toBe(10);
});

test('one that fails holds the position, not the others, and comes again', () => {
  const known = new ClientInfoPosition(0);
  const entries = [at(1, 1), at(2, 2), at(3, 3)];
  known.failed(at(1, 1));
  for (const place of [2, 3]) {
    const next = known.next(entries, 3);
    expect(next?.place).toBe(place);
    if (next) known.done(next);
  }
  expect(known.position).toBe(0);
  expect(known.next(entries, 3)).toEqual(at(1, 1));
  known.done(at(1, 1));
  expect(known.next(entries, 3)).toBeUndefined();
  expect(known.position).toBe(3);
});

test('one that changed again while others were sent comes again', () => {
  const known = new ClientInfoPosition(0);
  known.failed(at(2, 2));
  known.done(at(1, 1));
  expect(known.next([at(1, 3), at(2, 2)], 3)).toEqual(at(1, 3));
});
