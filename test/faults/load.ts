import { setTimeout as pause } from 'node:timers/promises';
import type { SimulatedPlatform } from '../../src/simulator/simulated-platform';
import type { Answer, PartyId } from '../../src/simulator/types';
import { eventually } from '../support/network';
import type { Outcome, Sent } from './history';
import { locationWrites, newLocations, sessionWrites, tariffWrites, type Write, type Writes } from './writes';

/** Between two writes of one list: the rate of the load. */
const PACE_MS = 25;
/** Far longer than the hub may take, whatever has happened to it. */
const PATIENCE_MS = 30_000;

/** A CPO at work, on several lists of writes at once. */
export class Load {
  /** How often each answer came: `HTTP/status_code`; `none`: no answer. */
  readonly answers = new Map<string, number>();
  private stopping = false;
  private readonly lists: Promise<unknown>[];

  constructor(
    private readonly cpo: SimulatedPlatform,
    /** Where it writes down what it sent. */
    private readonly sent: Sent[],
    emsps: readonly PartyId[],
  ) {
    const lists = [1, 2, 3].map((n) => locationWrites([`L${n}a`, `L${n}b`, `L${n}c`], n));
    lists.push(
      tariffWrites(['T1', 'T2', 'T3'], 4),
      sessionWrites(emsps, 5),
      sessionWrites(emsps.toReversed(), 6),
    );
    this.lists = lists.map((list) => this.work(list));
  }

  /** Many new objects at the same time, as fast as the hub takes them: there is always much under way. */
  rush(): void {
    this.lists.push(...Array.from({ length: 20 }, () => this.work(newLocations(), 1)));
  }

  /** Ends the writes; resolves when the last are answered. */
  async stop(): Promise<void> {
    this.stopping = true;
    await Promise.all(this.lists);
  }

  /** Resolves when so many more writes were acknowledged: the hub works. */
  async acknowledges(more: number): Promise<void> {
    const wanted = this.count('200/1000') + this.count('201/1000') + more;
    const reached = (): boolean => this.count('200/1000') + this.count('201/1000') >= wanted;
    await eventually(reached, `${more} writes acknowledged`);
  }

  /** Resolves when this answer has come so many more times. */
  async answered(answer: string, more: number): Promise<void> {
    const wanted = this.count(answer) + more;
    await eventually(() => this.count(answer) >= wanted, `${more} answers ${answer}`);
  }

  private count(answer: string): number {
    return this.answers.get(answer) ?? 0;
  }

  private async work(writes: Writes, paceMs = PACE_MS): Promise<void> {
    let { value: write } = writes.next();
    while (!this.stopping) {
      const outcome = await this.make(write);
      for (const state of write.states) this.sent.push({ ...state, outcome });
      if (outcome !== 'unknown' || write.insist !== true) write = writes.next().value;
      await pause(paceMs);
    }
  }

  private async make({ method, module, path, body }: Write): Promise<Outcome> {
    const sending = { method, module, path, body, interface: 'RECEIVER', to: 'hub' } as const;
    try {
      const answer = await this.cpo.send({ ...sending, timeoutMs: PATIENCE_MS });
      this.note(`${answer.http}/${answer.status}`);
      return outcomeOf(answer, method);
    } catch {
      this.note('none');
      await this.back();
      return 'unknown';
    }
  }

  private note(answer: string): void {
    this.answers.set(answer, this.count(answer) + 1);
  }

  /** Who is not answered waits until the hub is there again, or the load ends. */
  private async back(): Promise<void> {
    const url = new URL('/health/live', this.cpo.peer.versionsUrl);
    const isLive = async (): Promise<boolean> =>
      this.stopping ||
      fetch(url).then(
        ({ ok }) => ok,
        () => false,
      );
    await eventually(isLive, 'the hub is there again');
  }
}

function outcomeOf({ http, status }: Answer, method: string): Outcome {
  if (status === undefined || (status >= 3000 && status < 4000)) return 'unknown';
  if (method === 'DELETE' && http === 404) return 'acknowledged'; // it was gone already
  return http < 300 && status >= 1000 && status < 2000 ? 'acknowledged' : 'refused';
}
