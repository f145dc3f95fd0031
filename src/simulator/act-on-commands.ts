import type { AsyncRequest } from './async-request';
import { nextPeriod, ownedLocation, payerOf, sessionFor } from './charging';
import type { SimulatedCpo } from './cpo';
import { asText, at, messageOf, type JsonObject } from './json';
import { objectsOf, sameId } from './store';

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
export function actOnCommands(cpo: SimulatedCpo, acting: Acting): () => void {
  const timers = new Map<string, NodeJS.Timeout>();
  const failed = (error: unknown): void => acting.say(messageOf(error));
  cpo.asynchronous.onAccepted = (asked) => {
    if (asked.kind === 'START_SESSION') void start(cpo, asked, { ...acting, timers }).catch(failed);
    if (asked.kind === 'STOP_SESSION') void stop(cpo, asked, { ...acting, timers }).catch(failed);
  };
  return () => timers.forEach((timer) => clearInterval(timer));
}

type Running = Acting & { timers: Map<string, NodeJS.Timeout> };

const now = (): string => new Date().toISOString();

async function start(
  cpo: SimulatedCpo,
  asked: AsyncRequest,
  { everyMs, say, timers }: Running,
): Promise<void> {
  const session = await sessionFor(cpo, asked, { now: now() });
  const id = asText(session['id']);
  say(`session ${id} has started`);
  const update = () => progress(cpo, id).catch((error: unknown) => say(messageOf(error)));
  timers.set(
    id,
    setInterval(() => void update(), everyMs),
  );
}

async function progress(cpo: SimulatedCpo, id: string): Promise<JsonObject | undefined> {
  const session = sessionById(cpo, id);
  if (session === undefined || session['status'] !== 'ACTIVE') return session;
  const kwh = Math.round((Number(session['kwh']) + 0.25) * 100) / 100;
  const charging_periods = [nextPeriod(session, kwh)];
  return cpo.updateSession(session, { kwh, charging_periods, now: now(), to: payerOf(session) });
}

async function stop(cpo: SimulatedCpo, asked: AsyncRequest, { say, timers }: Running): Promise<void> {
  const id = asText(at(asked.request.json, 'session_id'));
  const session = await progress(cpo, id);
  if (session === undefined) return;
  clearInterval(timers.get(asText(session['id'])));
  const to = payerOf(session);
  const finished = await cpo.finishSession(session, { kwh: Number(session['kwh']), now: now(), to });
  const location = ownedLocation(cpo, asText(session['location_id']));
  const { cdr, answer } = await cpo.postCdr(finished, location, to);
  say(
    `session ${id} has ended; ${asText(cdr['id'])}: HTTP ${answer.http} at ${answer.headers['location'] ?? ''}`,
  );
}

function sessionById(cpo: SimulatedCpo, id: string): JsonObject | undefined {
  return objectsOf(cpo.owned, 'sessions').find((session) => sameId(asText(session['id']), id));
}
