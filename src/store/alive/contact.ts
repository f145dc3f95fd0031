/** What was seen of a partner since the last save; moments by performance.now(). */
export interface Contact {
  heardAt: number | undefined;
  successAt: number | undefined;
  /** Failures since the last success, and the first of them. */
  failures: number;
  failingAt: number | undefined;
  error: string | undefined;
  errorAt: number | undefined;
}

export const newContact = (): Contact => ({
  heardAt: undefined,
  successAt: undefined,
  failures: 0,
  failingAt: undefined,
  error: undefined,
  errorAt: undefined,
});

/** Two stretches of time as one: a success in the later one ends the failures of the earlier. */
export function mergeContact(older: Contact, newer: Contact = newContact()): Contact {
  const passed = newer.successAt !== undefined;
  return {
    heardAt: newer.heardAt ?? older.heardAt,
    successAt: newer.successAt ?? older.successAt,
    failures: passed ? newer.failures : older.failures + newer.failures,
    failingAt: passed ? newer.failingAt : (older.failingAt ?? newer.failingAt),
    error: newer.error ?? older.error,
    errorAt: newer.errorAt ?? older.errorAt,
  };
}
