import {
  bulkhead,
  BulkheadRejectedError,
  BrokenCircuitError,
  circuitBreaker,
  CircuitState,
  ConsecutiveBreaker,
  handleWhenResult,
  wrap,
  type CircuitBreakerPolicy,
  type IPolicy,
} from 'cockatiel';
import type { FailureKind, TransportResult } from './types';

/*
 * What stands between relays and one receiver: so many requests at once, and a circuit breaker, so that a dead
 * receiver costs its senders nothing but an answer (HUB-SEMANTICS 22b). Transport failures alone count; whatever the
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

export const RELAY_GATE: RelayGateOptions = { failures: 5, tryAfterMs: 3000, atOnce: 256 };

export interface CircuitReport {
  circuit: 'CLOSED' | 'OPEN' | 'TRYING';
  last_error: string | null;
}

interface Receiver {
  breaker: CircuitBreakerPolicy;
  policy: IPolicy;
  lastError: string | null;
  triedAt: number;
  trying: boolean;
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
    if (receiver.breaker.state === CircuitState.HalfOpen) return 'open';
    if (partner.offline && receiver.breaker.state === CircuitState.Closed) return this.try(receiver, send);
    return this.through(receiver, send);
  }

  report(partner: string): CircuitReport {
    const receiver = this.receivers.get(partner);
    if (!receiver) return { circuit: 'CLOSED', last_error: null };
    return { circuit: STATES[receiver.breaker.state], last_error: receiver.lastError };
  }

  private async try(
    receiver: Receiver,
    send: () => Promise<TransportResult>,
  ): Promise<TransportResult | 'open' | 'full'> {
    if (receiver.trying || Date.now() - receiver.triedAt < this.options.tryAfterMs) return 'open';
    receiver.trying = true;
    receiver.triedAt = Date.now();
    try {
      return await this.through(receiver, send);
    } finally {
      receiver.trying = false;
    }
  }

  private async through(
    receiver: Receiver,
    send: () => Promise<TransportResult>,
  ): Promise<TransportResult | 'open' | 'full'> {
    try {
      const result = await receiver.policy.execute(send);
      receiver.lastError = result.ok ? null : result.failure.detail;
      return result;
    } catch (error) {
      if (error instanceof BrokenCircuitError) return 'open';
      if (error instanceof BulkheadRejectedError) return 'full';
      throw error;
    }
  }

  private of(partner: string): Receiver {
    let receiver = this.receivers.get(partner);
    if (!receiver) this.receivers.set(partner, (receiver = this.open()));
    return receiver;
  }

  private open(): Receiver {
    const { failures, tryAfterMs, atOnce } = this.options;
    const breaker = circuitBreaker(handleWhenResult(isTransportFailure), {
      halfOpenAfter: tryAfterMs,
      breaker: new ConsecutiveBreaker(failures),
    });
    const policy = wrap(bulkhead(atOnce), breaker);
    return { breaker, policy, lastError: null, triedAt: 0, trying: false };
  }
}
