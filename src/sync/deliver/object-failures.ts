import type { ReceiverAnswer } from '../../domain/push-verdict';

/*
 * Whose fault it is that an object fails (timeout or 5xx): its own where others pass, the receiver's where nothing
 * does. Time is cut into rounds by the receiver's successes. While it is down there are none, so that an outage is one
 * round, however often an object is tried in it: a round counts once, and only when a success has closed it. Pure.
 */

/** Failures of an object while others pass, after which it is the object; in a row, after which it is the receiver. */
export const TRIES = 3;

/** The failures of one object at one receiver. */
export interface ObjectFailures {
  attempts: number;
  /** Rounds in which it failed, the last of them included. */
  rounds: number;
  /** The receiver's successes by then: the round of the last failure. */
  round: number;
  /** Of the last one. */
  reason: string;
  told?: ReceiverAnswer | undefined;
}

/** One more failure. `successes`: how often the receiver took something by now. */
export function withFailure(
  known: ObjectFailures | undefined,
  { successes, ...last }: { successes: number } & Pick<ObjectFailures, 'reason' | 'told'>,
): ObjectFailures {
  const { attempts, rounds, round } = known ?? { attempts: 0, rounds: 0, round: undefined };
  const isSameRound = round === successes;
  return { attempts: attempts + 1, rounds: isSameRound ? rounds : rounds + 1, round: successes, ...last };
}

/** Has the object failed three times while others passed? Its own successes end its failures, they need no say. */
export function isItsFault(failures: ObjectFailures, successes: number): boolean {
  const closed = failures.round < successes ? failures.rounds : failures.rounds - 1;
  return closed >= TRIES;
}
