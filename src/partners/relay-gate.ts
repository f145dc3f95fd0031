import {
  BrokenCircuitError,
  circuitBreaker,
  CircuitState,
  ConsecutiveBreaker,
  handleWhenResult,
  type CircuitBreakerPolicy,
} from 'cockatiel';
import type { FailureKind, TransportResult } from './transport/transport-types';

/*
 * What stands between relays and one receiver: so many requests at once, and a circuit breaker, so that a dead
 * receiver costs its senders nothing but an answer (semantics 22b). Transport failures alone count; whatever the
 * receiver answered, it is there. Open, or OFFLINE, one request at a time is let through every few seconds to try.
 */

export interface RelayGateOptions {
  /** Transport failures in a row that open the circuit. */
  failures: number;
  /** Milliseconds between two tries while it is open. */
  tryAfterMs: number;
  /** Requests under way to one receiver. */
  atOnce: number;
}

const RELAY_GATE: RelayGateOptions = { failures: 5, tryAfterMs: 3000, atOnce: 256 };

export interface CircuitReport {
  circuit: 'CLOSED' | 'OPEN' | 'TRYING';
  last_error: string | null;
}

interface Receiver {
  breaker: CircuitBreakerPolicy;
  /** Requests to it, of them those that try an OFFLINE one. */
  underWay: number;
  tries: number;
  /** Milliseconds since 1970. */
  triedAt: number;
  lastError: string | null;
}

const OF_TRANSPORT: readonly FailureKind[] = ['timeout', 'refused', 'dns', 'tls', 'reset'];

const isTransportFailure = (result: unknown): boolean =>
  typeof result === 'object' &&
  result !== null &&
  'failure' in result &&
  OF_TRANSPORT.some((kind) => (result as Extract<TransportResult, { ok: false }>).failure.kind === kind);

const STATES: Record<CircuitState, CircuitReport['circuit']> = {
  [CircuitState.Closed]: 'CLOSED',
  [CircuitState.Open]: 'OPEN',
  [CircuitState.Isolated]: 'OPEN',
  [CircuitState.HalfOpen]: 'TRYING',
};

/** The gates of all receivers, by partner id. */
export class RelayGate {
  private readonly receivers = new Map<string, Receiver>();

  constructor(private readonly options: RelayGateOptions = RELAY_GATE) {}

  /** Sends, or says why not: the circuit is open, or too much is under way. */
  async pass(
    partner: { id: string; offline: boolean },
    send: () => Promise<TransportResult>,
  ): Promise<TransportResult | 'open' | 'full'> {
    const receiver = this.of(partner.id);
    const { state } = receiver.breaker;
    const offline = partner.offline && state === CircuitState.Closed;
    if (state === CircuitState.HalfOpen || (offline && !this.mayTry(receiver))) return 'open';
    if (receiver.underWay >= this.options.atOnce) return 'full';
    receiver.underWay++;
    if (offline) receiver.tries++;
    try {
      const result = await receiver.breaker.execute(send);
      receiver.lastError = result.ok ? null : result.failure.detail;
      return result;
    } catch (error) {
      if (error instanceof BrokenCircuitError) return 'open';
      throw error;
    } finally {
      receiver.underWay--;
      if (offline) receiver.tries--;
    }
  }

  report(partner: string): CircuitReport {
    const receiver = this.receivers.get(partner);
    if (!receiver) return { circuit: 'CLOSED', last_error: null };
    return { circuit: STATES[receiver.breaker.state], last_error: receiver.lastError };
  }

  /** One request at a time, every few seconds. */
  private mayTry(receiver: Receiver): boolean {
    if (receiver.tries > 0 || Date.now() - receiver.triedAt < this.options.tryAfterMs) return false;
    receiver.triedAt = Date.now();
    return true;
  }

  private of(partner: string): Receiver {
    let receiver = this.receivers.get(partner);
    if (!receiver) this.receivers.set(partner, (receiver = this.open()));
    return receiver;
  }

  private open(): Receiver {
    const { failures, tryAfterMs } = this.options;
    const breaker = circuitBreaker(handleWhenResult(isTransportFailure), {
      halfOpenAfter: tryAfterMs,
      breaker: new ConsecutiveBreaker(failures),
    });
    return { breaker, underWay: 0, tries: 0, triedAt: 0, lastError: null };
  }
}
