/* What a session and a CDR say about belonging together; each version of OCPI reads it off its own texts. */

/** `invalid`: it will not be billed. */
export type SessionState = 'open' | 'ended' | 'invalid';

export interface SessionFacts {
  state: SessionState;
  /** The folded authorization_reference. */
  reference: string | null;
  /** Literal of an instant; null while it is open. */
  ended_at: string | null;
  kwh: number;
}

export interface CdrFacts {
  /** `s:` and the folded session_id, or `r:` and the folded authorization_reference; null where neither is given. */
  link: string | null;
  credit: boolean;
  ended_at: string | null;
  kwh: number;
}
