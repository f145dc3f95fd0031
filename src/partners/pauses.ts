import { retryDelay } from '../domain/retry';

/*
 * A partner that is down is left alone for a growing while. A call from it ends the wait, once a second at most.
 * What it asked for itself (Retry-After) holds to its end.
 */

export interface Pause {
  failuresInRow: number;
  /** Milliseconds since 1970; 0: not paused. */
  pausedUntil: number;
  /** It asked to be left alone until then: neither its own calls nor what still passes end that. */
  notBefore: number;
}

const WAKE_SPACING_MS = 1000;

export class Pauses {
  private readonly states = new Map<string, Pause & { wokenAt: number }>();

  constructor(private readonly bounds: { minMs: number; maxMs: number }) {}

  of(partner: string): Pause & { wokenAt: number } {
    let state = this.states.get(partner);
    if (!state) {
      state = { failuresInRow: 0, pausedUntil: 0, notBefore: 0, wokenAt: 0 };
      this.states.set(partner, state);
    }
    return state;
  }

  isPaused(partner: string, now: number = Date.now()): boolean {
    return this.of(partner).pausedUntil > now;
  }

  /** For how many more milliseconds it is left alone. */
  pauseMs(partner: string): number {
    return Math.max(0, this.of(partner).pausedUntil - Date.now());
  }

  succeeded(partner: string): void {
    const state = this.of(partner);
    state.failuresInRow = 0;
    state.pausedUntil = state.notBefore > Date.now() ? state.notBefore : 0;
  }

  /**
   * The partner is down: pauses it and answers for how many milliseconds. A failure during a pause adds nothing, but
   * what it asks for itself (Retry-After, `atLeastMs`) does.
   */
  failed(partner: string, atLeastMs = 0): number {
    const state = this.of(partner);
    const now = Date.now();
    if (atLeastMs > 0) state.notBefore = Math.max(state.notBefore, now + atLeastMs);
    if (state.pausedUntil <= now) {
      state.failuresInRow++;
      state.pausedUntil = now + retryDelay(state.failuresInRow, this.bounds, Math.random());
    }
    state.pausedUntil = Math.max(state.pausedUntil, state.notBefore);
    return state.pausedUntil - now;
  }

  /** The partner called us: it is there. True where that ended a pause. */
  heardFrom(partner: string): boolean {
    const state = this.states.get(partner);
    const now = Date.now();
    if (!state || state.pausedUntil <= now || state.notBefore > now) return false;
    if (now - state.wokenAt < WAKE_SPACING_MS) return false;
    state.wokenAt = now;
    state.pausedUntil = 0;
    return true;
  }
}
