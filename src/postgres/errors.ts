/** Why the embedded PostgreSQL can't serve: who is in the way, or what this machine lacks. */
export type EmbeddedProblem =
  'anotherHub' | 'noServerUser' | 'foreignData' | 'noRuntime' | 'initFailed' | 'startFailed';

/** The way out that always works, said where the machine is what stops us. */
export const OUTSIDE_DATABASE = 'Set DATABASE_URL to use a PostgreSQL of your own (15 or newer).';

/** An error for the operator: its message stands by itself and names what to do. */
export class EmbeddedError extends Error {
  constructor(
    readonly problem: EmbeddedProblem,
    message: string,
  ) {
    super(message);
    this.name = 'EmbeddedError';
  }
}

/** The refusal of a second hub on the same data. */
export function anotherHub(dataDir: string): EmbeddedError {
  return new EmbeddedError(
    'anotherHub',
    `another hub runs on ${dataDir}: stop it first, or set another DATA_DIR`,
  );
}
