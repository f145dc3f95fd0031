import { violationsOf, type History, type Received, type Rule, type Sent } from './history';

/* The checker itself: it finds what is wrong, and nothing where all is well. */

const L1 = 'locations/BE/BEC/L1';
const C1 = 'cdrs/BE/BEC/C1';

const sent = (mark: string | null, outcome: Sent['outcome'] = 'acknowledged', target = L1): Sent => ({
  target,
  mark,
  outcome,
});

const time = (second: number): string => new Date(Date.UTC(2026, 0, 1, 0, 0, second)).toISOString();

function received(
  fields: Partial<Received> & { mark?: string | null; target?: string; second?: number },
): Received {
  const { mark = 'a', target = L1, second = 1, ...rest } = fields;
  return {
    receiver: 'NL/TNM',
    from: 'NL/HUB',
    to: 'NL/TNM',
    owner: 'BE/BEC',
    module: 'locations',
    method: 'PUT',
    at: second * 1000,
    body: '{}',
    taken: true,
    states: [{ target, mark, last_updated: time(second) }],
    ...rest,
  };
}

const post = (fields: Parameters<typeof received>[0] = {}): Received =>
  received({ module: 'cdrs', method: 'POST', target: C1, ...fields });

function broken(history: Partial<History>): Rule[] {
  const whole: History = {
    sent: [],
    received: [],
    held: new Map(),
    disturbances: [],
    hub: 'NL/HUB',
    due: () => ['NL/TNM', 'DE/DEM'],
    ...history,
  };
  return violationsOf(whole).map(({ rule }) => rule);
}

const held = (mark: string, target = L1): Map<string, string> => new Map([[target, mark]]);

describe('acknowledged writes', () => {
  it.each<[string, Sent[], Map<string, string>]>([
    ['the last acknowledged one', [sent('a'), sent('b')], held('b')],
    ['a later one whose answer was lost', [sent('a'), sent('b', 'unknown')], held('b')],
    [
      'the acknowledged one before lost ones',
      [sent('a'), sent('b', 'unknown'), sent('c', 'unknown')],
      held('a'),
    ],
    ['nothing after a deletion', [sent('a'), sent(null)], new Map()],
    ['nothing after a deletion whose answer was lost', [sent('a'), sent(null, 'unknown')], new Map()],
    ['nothing where nothing was acknowledged', [sent('a', 'unknown')], new Map()],
    ['what a lost write made', [sent('a', 'unknown')], held('a')],
  ])('may be held as %s', (_what, writes, marks) => {
    expect(broken({ sent: writes, held: marks })).toEqual([]);
  });

  it.each<[string, Sent[], Map<string, string>]>([
    ['an earlier one is held', [sent('a'), sent('b')], held('a')],
    ['a lost one from before it is held', [sent('a'), sent('b', 'unknown'), sent('c')], held('b')],
    ['nothing is held', [sent('a')], new Map()],
    ['what was deleted is held', [sent('a'), sent(null)], held('a')],
    ['something that nobody sent is held', [sent('a')], held('x')],
    ['one that was never acknowledged turned into another', [sent('a', 'unknown')], held('x')],
  ])('are lost where %s', (_what, writes, marks) => {
    expect(broken({ sent: writes, held: marks })).toEqual(['lost']);
  });

  it('are judged target by target', () => {
    const E1 = `${L1}#E1`;
    const writes = [sent('a'), sent('b', 'acknowledged', E1), sent('c', 'acknowledged', E1)];
    const marks = new Map([...held('a'), ...held('b', E1)]);
    expect(broken({ sent: writes, held: marks })).toEqual(['lost']);
  });

  it('a refused write is a fault of its own', () => {
    expect(broken({ sent: [sent('a'), sent('b', 'refused')], held: held('a') })).toEqual(['refused']);
  });
});

describe('states at receivers', () => {
  const writes = { sent: [sent('a'), sent('b'), sent(null)], held: new Map<string, string>() };

  it('may come in order, repeated, and be deleted', () => {
    const pushes = [received({}), received({}), received({ mark: 'b', second: 2 })];
    const deletion = received({
      states: [{ target: L1, mark: null, last_updated: undefined }],
      method: 'DELETE',
    });
    expect(broken({ ...writes, received: [...pushes, deletion] })).toEqual([]);
  });

  it('are invented where nobody sent them', () => {
    expect(broken({ ...writes, received: [received({ mark: 'x' })] })).toEqual(['invented']);
  });

  it('go backwards where an older one follows, accepted or not', () => {
    const pushes = [received({ mark: 'b', second: 2 }), received({ second: 1, taken: false })];
    expect(broken({ ...writes, received: pushes })).toEqual(['backwards']);
  });

  it('may be ahead at one receiver of what another has', () => {
    const other = received({ receiver: 'DE/DEM', to: 'DE/DEM', second: 1 });
    expect(broken({ ...writes, received: [received({ mark: 'b', second: 2 }), other] })).toEqual([]);
  });
});

describe('CDRs', () => {
  const writes = { sent: [sent('a', 'acknowledged', C1)], held: held('a', C1) };

  it('may be posted again after an answer that was lost', () => {
    expect(broken({ ...writes, received: [post({ taken: false }), post({ second: 2 })] })).toEqual([]);
  });

  it('may be posted again where the hub died before it could write down the acceptance', () => {
    const disturbances = [{ from: 3000, to: 9000 }];
    expect(broken({ ...writes, disturbances, received: [post(), post({ second: 10 })] })).toEqual([]);
  });

  it.each([
    ['in peace', []],
    ['although the hub died long after', [{ from: 60_000, to: 61_000 }]],
    ['although the hub died before', [{ from: 0, to: 500 }]],
  ])('are billed twice where they are posted after an acceptance %s', (_when, disturbances) => {
    const pushes = [post(), post({ second: 100 })];
    expect(broken({ ...writes, disturbances, received: pushes })).toEqual(['billed twice']);
  });

  it('are billed twice where an excuse for the first repetition does not cover the second', () => {
    const pushes = [post(), post({ second: 10 }), post({ second: 30 })];
    const disturbances = [{ from: 1000, to: 2000 }];
    expect(broken({ ...writes, disturbances, received: pushes })).toEqual(['billed twice']);
  });

  it('are billed twice where the content changes', () => {
    const pushes = [post({ taken: false }), post({ second: 2, body: '{"total_energy":2}' })];
    expect(broken({ ...writes, received: pushes })).toEqual(['billed twice']);
  });
});

describe('routing', () => {
  const writes = { sent: [sent('a')], held: held('a') };
  it.each<[string, Partial<Received>]>([
    ['another FROM than the hub', { from: 'BE/BEC' }],
    ['another TO than the receiver', { to: 'DE/DEM' }],
    ['a receiver that it does not concern', { receiver: 'FR/ABC', to: 'FR/ABC' }],
    ['its owner', { receiver: 'BE/BEC', to: 'BE/BEC' }],
  ])('is wrong with %s', (_what, fields) => {
    expect(broken({ ...writes, received: [received(fields)] })).toEqual(['misrouted']);
  });
});
