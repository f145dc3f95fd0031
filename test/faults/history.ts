/*
 * What happened in a run, and what must never happen in any: pure. A load writes down what it sent and what it was told
 * (`sent`), each receiver what it got (`received`), and in the end the hub is asked for what it holds (`held`).
 *
 * A target is an object, `locations/BE/BEC/L1`, or an EVSE of one, `locations/BE/BEC/L1#E1`. A mark tells one state of
 * a target from all its others; null: deleted.
 */

export type Outcome =
  /** The hub said that it has it. */
  | 'acknowledged'
  /** The hub said that it will not have it. */
  | 'refused'
  /** No answer, or the hub's own fault: it may have it or not. */
  | 'unknown';

/** A write, in the order in which its target's only writer made it. */
export interface Sent {
  target: string;
  mark: string | null;
  outcome: Outcome;
}

/** A state that a push brought. */
export interface State {
  target: string;
  mark: string | null;
  /** DateTime; undefined for a deletion. */
  last_updated: string | undefined;
}

/** A push, in the order of arrival at its receiver. */
export interface Received {
  /** Parties as `CC/PARTY`: who got it, the routing headers, and the owner that the object or its URL names. */
  receiver: string;
  from: string;
  to: string;
  owner: string;
  module: string;
  method: string;
  /** Milliseconds since 1970. */
  at: number;
  states: readonly State[];
  body: string;
  /** The receiver has it and answered so: the hub can know. */
  taken: boolean;
}

/** From when to when (ms since 1970) a process of the hub or its database was dead or frozen. */
export interface Disturbance {
  from: number;
  to: number;
}

export interface History {
  sent: readonly Sent[];
  received: readonly Received[];
  /** Marks by target as the hub lists them in the end; a target that is not there is deleted or was never made. */
  held: ReadonlyMap<string, string>;
  disturbances: readonly Disturbance[];
  /** Who is due to get a target's pushes. */
  due: (target: string) => readonly string[];
  hub: string;
}

export type Rule = 'lost' | 'refused' | 'invented' | 'backwards' | 'billed twice' | 'misrouted';

export interface Violation {
  rule: Rule;
  what: string;
}

type Check = (history: History) => string[];

/** How long the hub may take to write down that a CDR was accepted; killed within it, it may have to ask again. */
const RECORDING_MS = 5000;

const CHECKS: Record<Rule, Check> = {
  lost: lostWrites,
  refused: ({ sent }) => sent.filter((s) => s.outcome === 'refused').map((s) => `${s.target} ${s.mark}`),
  invented: inventedStates,
  backwards: backwardSteps,
  'billed twice': doubleBills,
  misrouted: misroutedPushes,
};

/** Everything that should not have happened; empty where all is well. */
export function violationsOf(history: History): Violation[] {
  return Object.entries(CHECKS).flatMap(([rule, check]) =>
    check(history).map((what) => ({ rule: rule as Rule, what })),
  );
}

function groupBy<T>(items: readonly T[], keyOf: (item: T) => string): Map<string, T[]> {
  const groups = new Map<string, T[]>();
  for (const item of items) {
    const group = groups.get(keyOf(item));
    if (group) group.push(item);
    else groups.set(keyOf(item), [item]);
  }
  return groups;
}

/** The hub holds the last acknowledged write of each target, or a later one whose outcome is unknown. */
function lostWrites({ sent, held }: History): string[] {
  return [...groupBy(sent, (s) => s.target)].flatMap(([target, writes]) => {
    const last = writes.findLastIndex((write) => write.outcome === 'acknowledged');
    const possible = writes.filter((write, i) => i === last || (i > last && write.outcome === 'unknown'));
    const mark = held.get(target) ?? null;
    if (possible.some((write) => write.mark === mark) || (last < 0 && mark === null)) return [];
    return [
      `${target}: the hub has ${mark}, not ${[...new Set(possible.map((write) => write.mark))].join(' or ')}`,
    ];
  });
}

/** What receivers get was sent by somebody. */
function inventedStates({ sent, received }: History): string[] {
  const known = new Set(sent.map(({ target, mark }) => `${target} ${mark}`));
  const states = received.flatMap((push) => push.states.map((state) => ({ ...state, by: push.receiver })));
  return states
    .filter(({ target, mark }) => !known.has(`${target} ${mark}`))
    .map(({ target, mark, by }) => `${by} got ${target} ${mark}`);
}

/** last_updated of a target never goes back at a receiver. */
function backwardSteps({ received }: History): string[] {
  const latest = new Map<string, string>();
  return received.flatMap(({ receiver, states }) =>
    states.flatMap(({ target, last_updated }) => {
      if (last_updated === undefined) return [];
      const before = latest.get(`${receiver} ${target}`);
      const back = before !== undefined && Date.parse(last_updated) < Date.parse(before);
      if (!back) latest.set(`${receiver} ${target}`, last_updated);
      return back ? [`${receiver} ${target}: ${last_updated} after ${before}`] : [];
    }),
  );
}

/**
 * A CDR has one content at its receiver for ever, and is not posted again after an acceptance that the hub has had the
 * time to write down: RECORDING_MS without a disturbance.
 */
function doubleBills({ received, disturbances }: History): string[] {
  const posts = received.filter((push) => push.module === 'cdrs' && push.method === 'POST');
  const excused = ({ at }: Received): boolean =>
    disturbances.some(({ from, to }) => from <= at + RECORDING_MS && to >= at);
  const groups = groupBy(posts, (post) => `${post.receiver} ${post.states[0]?.target}`);
  return [...groups].flatMap(([cdr, group]) => {
    const bodies = new Set(group.map((post) => post.body));
    const first = group.findIndex((post) => post.taken && !excused(post));
    const again = first < 0 ? 0 : group.length - 1 - first;
    return [
      ...(bodies.size > 1 ? [`${cdr}: ${bodies.size} contents`] : []),
      ...(again > 0 ? [`${cdr}: posted ${again} times after it was accepted`] : []),
    ];
  });
}

/** FROM = hub, TO = the receiver, which is due to get the object and does not own it. */
function misroutedPushes({ received, due, hub }: History): string[] {
  return received.flatMap(({ receiver, from, to, owner, states }) => {
    const target = states[0]?.target ?? '';
    const faults = [
      ...(from === hub ? [] : [`FROM ${from}`]),
      ...(to === receiver ? [] : [`TO ${to}`]),
      ...(owner !== receiver && due(target).includes(receiver) ? [] : ['not for it']),
    ];
    return faults.length === 0 ? [] : [`${receiver} ${target}: ${faults.join(', ')}`];
  });
}
