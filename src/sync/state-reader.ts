import type { FeedStore, StateRow } from '../store/feed-store';

const BATCH = 200;
const CACHED = 4000;

interface Asked {
  head_id: string;
  evse: string | null;
  resolve(state: StateRow | undefined): void;
  reject(reason: unknown): void;
}

/**
 * Reads each state once for all receivers of the process: what is asked for within one turn of the event loop goes
 * into one statement, and a state is used again by everyone whose change it covers.
 */
export class StateReader {
  private asked: Asked[] = [];
  private readonly cache = new Map<string, { minVersion: number; state: Promise<StateRow | undefined> }>();

  constructor(private readonly store: FeedStore) {}

  /** The state of an object (evse null) or of one EVSE, as of `version` or later. */
  read(head_id: string, evse: string | null, version: number): Promise<StateRow | undefined> {
    const name = `${head_id}/${evse ?? ''}`;
    const hit = this.cache.get(name);
    if (hit && hit.minVersion >= version) return hit.state;
    const state = this.ask(head_id, evse);
    const entry = { minVersion: version, state };
    this.cache.delete(name);
    this.cache.set(name, entry);
    state.then(
      (row) => (entry.minVersion = Math.max(version, row?.version ?? 0)),
      () => this.cache.delete(name),
    );
    for (const oldest of this.cache.keys()) {
      if (this.cache.size <= CACHED) break;
      this.cache.delete(oldest);
    }
    return state;
  }

  private ask(head_id: string, evse: string | null): Promise<StateRow | undefined> {
    return new Promise((resolve, reject) => {
      if (this.asked.length === 0) setImmediate(() => this.flush());
      this.asked.push({ head_id, evse, resolve, reject });
    });
  }

  private flush(): void {
    const asked = this.asked;
    this.asked = [];
    for (let i = 0; i < asked.length; i += BATCH) {
      const batch = asked.slice(i, i + BATCH);
      this.store.states(batch).then(
        (states) => batch.forEach((question, n) => question.resolve(states[n])),
        (error: unknown) => batch.forEach((question) => question.reject(error)),
      );
    }
  }
}
