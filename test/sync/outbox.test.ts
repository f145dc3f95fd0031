import type { Change } from '../../src/store/feed/feed-store';
import type { Walk } from '../../src/sync/feed/pending-object';
import { Outbox } from '../../src/sync/feed/outbox';
import { foldParts } from '../../src/sync/feed/push-request';

function change(number: number, head_id: string, part: string | null = null): Change & { head_id: string } {
  return {
    xid: 1,
    number,
    head_id,
    part,
    version: number,
    owner: 1,
    receiver: null,
    module: 1,
    correlation_id: `c${number}`,
    counterpart: null,
  };
}

function add(outbox: Outbox, one: Change & { head_id: string }): void {
  outbox.add(one);
  outbox.read = { xid: one.xid, number: one.number };
}

test('the position moves over the contiguous finished prefix only', () => {
  const outbox = new Outbox({ xid: 1, number: 0 });
  for (const [n, head] of [
    [1, 'a'],
    [2, 'b'],
    [3, 'c'],
  ] as const)
    add(outbox, change(n, head));
  const [a, b, c] = [outbox.take(), outbox.take(), outbox.take()];
  if (!a || !b || !c) throw new Error('three entries were expected');
  outbox.done(b);
  outbox.done(c);
  expect(outbox.position()).toEqual({ xid: 1, number: 0 });
  outbox.done(a);
  expect(outbox.position()).toEqual({ xid: 1, number: 3 });
});

test('rapid changes of an object fold into one push, with the last correlation id', () => {
  const outbox = new Outbox({ xid: 1, number: 0 });
  for (let n = 1; n <= 50; n++) add(outbox, change(n, 'a', 'EVSE1'));
  const entry = outbox.take();
  expect(entry?.correlation_id).toBe('c50');
  expect(outbox.take()).toBeUndefined();
});

test('a change of an object in flight waits until that push has ended', () => {
  const outbox = new Outbox({ xid: 1, number: 0 });
  add(outbox, change(1, 'a'));
  const first = outbox.take();
  add(outbox, change(2, 'a'));
  expect(outbox.take()).toBeUndefined();
  if (first) outbox.done(first);
  expect(outbox.take()?.version).toBe(2);
});

test('what is given back keeps its first place and takes what came meanwhile', () => {
  const outbox = new Outbox({ xid: 1, number: 0 });
  add(outbox, change(1, 'a', 'E1'));
  const first = outbox.take();
  add(outbox, change(2, 'a', 'E2'));
  if (first) outbox.giveBack(first);
  const again = outbox.take();
  expect([...(again?.parts ?? [])]).toEqual(['E1', 'E2']);
  expect(outbox.position()).toEqual({ xid: 1, number: 0 });
});

const scan = (): Walk => ({
  owners: undefined,
  begun: false,
  after: '0',
  outstanding: 0,
  pageEnd: '0',
  last: false,
  before: undefined,
  correlation_id: 'full push',
});
const head = (version: number): { head_id: string; module: number; owner: number; version: number } => ({
  head_id: 'a',
  module: 1,
  owner: 1,
  version,
});
function send(outbox: Outbox): void {
  const entry = outbox.take();
  if (!entry) throw new Error('an entry was expected');
  outbox.done(entry);
}

test('an object that comes by the feed and by a full push goes out once, whichever is first', () => {
  const feedFirst = new Outbox({ xid: 1, number: 0 });
  add(feedFirst, change(3, 'a'));
  send(feedFirst);
  feedFirst.addWalked(scan(), head(3));
  expect(feedFirst.size).toBe(0);
  const scanFirst = new Outbox({ xid: 1, number: 0 });
  scanFirst.addWalked(scan(), head(3));
  const flying = scanFirst.take();
  add(scanFirst, change(3, 'a'));
  expect(scanFirst.size).toBe(1);
  if (flying) scanFirst.done(flying);
  add(scanFirst, change(3, 'a', 'E1'));
  expect(scanFirst.size).toBe(0);
});

test('a later version, and what an admin sends again, go out whatever was delivered', () => {
  const outbox = new Outbox({ xid: 1, number: 0 });
  add(outbox, change(3, 'a'));
  send(outbox);
  outbox.add({ ...change(3, 'a'), receiver: 7 });
  send(outbox);
  add(outbox, change(4, 'a', 'E1'));
  send(outbox);
  outbox.addWalked(scan(), head(4));
  expect(outbox.size).toBe(1);
});

test('a push that is given back is still owed, though a change folded into it', () => {
  const outbox = new Outbox({ xid: 1, number: 0 });
  outbox.addWalked(scan(), head(3));
  const flying = outbox.take();
  add(outbox, change(3, 'a'));
  if (flying) outbox.giveBack(flying);
  expect(outbox.take()?.whole).toBe(true);
});

test.each([
  [['E1'], [{ evse: 'E1', connector: undefined }]],
  [['E1\n1'], [{ evse: 'E1', connector: '1' }]],
  [['E1\n1', 'E1\n2'], [{ evse: 'E1', connector: undefined }]],
  [['E1\n1', 'E1'], [{ evse: 'E1', connector: undefined }]],
  [['E1', 'E1\n1'], [{ evse: 'E1', connector: undefined }]],
])('parts %j are pushed as %j', (parts, expected) => {
  expect(foldParts(new Set(parts))).toEqual(expected);
});

test('a receiver that is behind gets an object once, however much the log still has to say of it', () => {
  const outbox = new Outbox({ xid: 1, number: 0 });
  add(outbox, change(1, 'a'));
  const entry = outbox.take();
  if (!entry) throw new Error('an entry was expected');
  add(outbox, change(2, 'a', 'E1')); // while it is in flight
  entry.sent = 9;
  outbox.done(entry);
  for (let n = 3; n <= 9; n++) add(outbox, change(n, 'a', `E${n}`));
  expect(outbox.take()).toBeUndefined();
  expect(outbox.position()).toEqual({ xid: 1, number: 9 });
  add(outbox, change(10, 'a', 'E1'));
  expect(outbox.take()?.version).toBe(10);
});

test('what an admin sends again goes out, also where that state was sent meanwhile', () => {
  const outbox = new Outbox({ xid: 1, number: 0 });
  add(outbox, change(1, 'a'));
  const entry = outbox.take();
  if (!entry) throw new Error('an entry was expected');
  add(outbox, { ...change(2, 'a'), receiver: 1 });
  entry.sent = 9;
  outbox.done(entry);
  expect(outbox.take()?.insisted).toBe(true);
});

test('of an object that went out in parts, later changes still go out', () => {
  const outbox = new Outbox({ xid: 1, number: 0 });
  add(outbox, change(1, 'a', 'E1'));
  const entry = outbox.take();
  if (entry) outbox.done(entry);
  add(outbox, change(2, 'a', 'E2'));
  expect([...(outbox.take()?.parts ?? [])]).toEqual(['E2']);
});
