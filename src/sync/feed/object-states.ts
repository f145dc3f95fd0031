import { LRUCache } from 'lru-cache';
import type { FeedStore, StateRow } from '../../store/feed/feed-store';

const BATCH = 200;
/** Heads whose states are kept. */
const CACHED = 4000;

interface Asked {
  head_id: string;
  evse: string | null;
  resolve(state: StateRow | undefined): void;
  reject(reason: unknown): void;
}

interface Known {
  /** performance.now() when it was asked for. */
  at: number;
  minVersion: number;
  state: Promise<StateRow | undefined>;
}

/** The states of one object that were read, whole and by EVSE. */
interface Head {
  /** The highest version that anyone was given: nobody gets an older one after it. */
  version: number;
  states: Map<string, Known>;
}

export interface StateQuestion {
  head_id: string;
  /** null: the whole object. */
  evse: string | null;
  /** The state as of this version or later. */
  version: number;
  /** performance.now(): nothing that was read before. Another worker may have sent what is newer than that. */
  since: number;
}

/**
 * Reads each state once for all receivers of the process: what is asked for within one turn of the event loop goes
 * into one statement, and a state is used again by everyone whose change it covers. Of one object it never gives an
 * older state after a newer one, whole or in part, so that no receiver sees it go back.
 */
export class ObjectStates {
  private asked: Asked[] = [];
  private readonly heads = new LRUCache<string, Head>({ max: CACHED });

  constructor(private readonly store: FeedStore) {}

  read({ head_id, evse, version, since }: StateQuestion): Promise<StateRow | undefined> {
    const head = this.headOf(head_id);
    const hit = head.states.get(evse ?? '');
    if (hit && hit.minVersion >= Math.max(version, head.version) && hit.at >= since) return hit.state;
    const known: Known = {
      at: performance.now(),
      minVersion: Math.max(version, head.version),
      state: this.ask(head_id, evse),
    };
    head.states.set(evse ?? '', known);
    known.state.then(
      (row) => this.given(head, known, row?.version ?? 0),
      () => head.states.get(evse ?? '') === known && head.states.delete(evse ?? ''),
    );
    return known.state;
  }

  private given(head: Head, known: Known, version: number): void {
    known.minVersion = Math.max(known.minVersion, version);
    head.version = Math.max(head.version, version);
  }

  private headOf(head_id: string): Head {
    const known = this.heads.get(head_id);
    if (known) return known;
    const head: Head = { version: 0, states: new Map() };
    this.heads.set(head_id, head);
    return head;
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
