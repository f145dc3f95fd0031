import { Pauses } from '../../src/partners/pauses';

const health = (): Pauses => new Pauses({ minMs: 10, maxMs: 100 });

test('who asks to be left alone is, though it calls or something still passes', () => {
  const states = health();
  expect(states.failed('p', 60_000)).toBeGreaterThanOrEqual(60_000);
  expect(states.heardFrom('p')).toBe(false);
  states.succeeded('p');
  expect(states.isPaused('p', Date.now() + 59_000)).toBe(true);
});

test('of several wishes the longest counts', () => {
  const states = health();
  states.failed('p', 60_000);
  expect(states.failed('p', 5000)).toBeGreaterThan(50_000);
  expect(states.failed('p', 90_000)).toBeGreaterThan(80_000);
});

test('a pause that nobody asked for ends with a call or a success', () => {
  const states = health();
  states.failed('p');
  expect(states.heardFrom('p')).toBe(true);
  states.failed('p');
  states.succeeded('p');
  expect(states.isPaused('p')).toBe(false);
});
