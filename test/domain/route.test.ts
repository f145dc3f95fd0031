import { route, type Operation, type Outcome, type To } from '../../src/domain/relay/route';
import type { InterfaceRole } from '../../src/domain/partner';

type Line = [Operation, InterfaceRole, 'one' | 'all', Record<To, Outcome>];

/** The whole table of semantics 20 to 31. */
const TABLE: Line[] = [
  ['list', 'SENDER', 'all', { nobody: 'list', hub: 'list', party: 'relay' }],
  ['list', 'SENDER', 'one', { nobody: 'list', hub: 'list', party: 'relay' }],
  ['get', 'SENDER', 'all', { nobody: 'findReceiver', hub: 'read', party: 'relay' }],
  ['get', 'RECEIVER', 'all', { nobody: 'read', hub: 'read', party: 'relay' }],
  ['get', 'RECEIVER', 'one', { nobody: 'read', hub: 'read', party: 'relay' }],
  ['push', 'RECEIVER', 'all', { nobody: 'receive', hub: 'receive', party: 'relay' }],
  ['push', 'RECEIVER', 'one', { nobody: 'findReceiver', hub: 'receive', party: 'relayAndKeep' }],
  ['request', 'SENDER', 'all', { nobody: 'findReceiver', hub: 'findReceiver', party: 'relay' }],
  ['request', 'SENDER', 'one', { nobody: 'findReceiver', hub: 'findReceiver', party: 'relay' }],
  ['request', 'RECEIVER', 'all', { nobody: 'findReceiver', hub: 'findReceiver', party: 'relay' }],
];

const cases = TABLE.flatMap(([operation, side, concerns, outcomes]) =>
  Object.entries(outcomes).map(([to, outcome]) => ({ operation, side, concerns, to: to as To, outcome })),
);

test.each(cases)('$operation on $side, concerning $concerns, TO $to: $outcome', (line) => {
  const question = {
    interface: line.side,
    operation: line.operation,
    to: line.to,
    concernsOne: line.concerns === 'one',
  };
  expect(route(question)).toBe(line.outcome);
});
