import type { AsyncRequest } from '../commands/async-request';
import { asText, at, messageOf, type JsonObject } from '../json';
import { findObject } from '../objects/keys';
import type { SimulatedCpo } from '../simulated-cpo';
import { nextPeriod, ownedLocation, payerOf, sessionFor } from './session';

/*
 * A whole charge, played by both sides. The eMSP's part is `charge-once`: START_SESSION, a pause, STOP_SESSION, then
 * the wait for the CDR. The CPO's part is here. An accepted START_SESSION starts a session, which the CPO updates at
 * intervals. An accepted STOP_SESSION ends the session, and the CPO posts its CDR. `session` holds the single steps,
 * for a caller that plays a charge step by step.
 */

export interface Acting {
  /** How often a session gets a PATCH with its energy. */
  everyMs: number;
  /** Told what happened, and what went wrong. */
  say: (line: string) => void;
}

/**
 * Lets a CPO do what commands ask for: after an accepted START_SESSION a session and its updates, after an accepted
 * STOP_SESSION its end and its CDR, all TO the party that asked. @returns what ends the updates
 */
export function actOnCommands(cpo: SimulatedCpo, { everyMs, say }: Acting): () => void {
  const charges = new Charges(cpo, say);
  const timer = setInterval(() => charges.progressAll(), everyMs).unref(); // it keeps no process alive
  cpo.asynchronous.onAccepted = (asked) => {
    if (asked.kind === 'START_SESSION') charges.start(asked);
    if (asked.kind === 'STOP_SESSION') charges.stop(asText(at(asked.request.json, 'session_id')));
  };
  return () => clearInterval(timer);
}

const now = (): string => new Date().toISOString();
const GROWTH_KWH = 0.25;

/** The sessions of a CPO, one change after the other, so that none overtakes the one before. */
class Charges {
  private last: Promise<void> = Promise.resolve();
  private readonly ongoing = new Set<string>();
  private waiting = 0;

  constructor(
    private readonly cpo: SimulatedCpo,
    private readonly say: (line: string) => void,
  ) {}

  start(asked: AsyncRequest): void {
    this.next(async () => {
      const id = asText((await sessionFor(this.cpo, asked, { now: now() }))['id']);
      this.ongoing.add(id);
      this.say(`session ${id} has started`);
    });
  }

  /** Energy for every ongoing session; none where the round before is still under way. */
  progressAll(): void {
    if (this.waiting > 0) return;
    for (const id of this.ongoing) this.next(async () => void (await this.progress(this.owned(id))));
  }

  stop(id: string): void {
    this.next(async () => {
      const session = await this.progress(this.owned(id));
      this.ongoing.delete(asText(session['id']));
      await this.settle(session);
    });
  }

  private next(change: () => Promise<void>): void {
    this.waiting += 1;
    const failed = (error: unknown): void => this.say(messageOf(error));
    this.last = this.last.then(change).catch(failed);
    void this.last.then(() => (this.waiting -= 1));
  }

  private async progress(session: JsonObject): Promise<JsonObject> {
    const kwh = Math.round((Number(session['kwh']) + GROWTH_KWH) * 100) / 100;
    const charging_periods = [nextPeriod(session, kwh)];
    return this.cpo.updateSession(session, { kwh, charging_periods, now: now(), to: payerOf(session) });
  }

  private async settle(session: JsonObject): Promise<void> {
    const to = payerOf(session);
    const ended = await this.cpo.finishSession(session, { kwh: Number(session['kwh']), now: now(), to });
    const location = ownedLocation(this.cpo, asText(session['location_id']));
    const { cdr, answer } = await this.cpo.postCdr(ended, location, to);
    const where = answer.headers['location'] ?? 'no Location';
    this.say(
      `session ${asText(ended['id'])} has ended; ${asText(cdr['id'])}: HTTP ${answer.http}, ${answer.status}, ${where}`,
    );
  }

  private owned(id: string): JsonObject {
    const session = findObject(this.cpo.owned, 'sessions', id);
    if (session === undefined) throw new Error(`${this.cpo.name} has no session ${id}`);
    return session;
  }
}
