import { setTimeout as pause } from 'node:timers/promises';
import type { Outcome } from '../commands/ask';
import { expectSuccess } from '../http/answers';
import { asObjects, asText, at, type JsonObject } from '../json';
import { ownerOf } from '../objects/keys';
import type { SimulatedEmsp } from '../simulated-emsp';

export interface ChargeOnce {
  token: JsonObject;
  /** From the session's first push to STOP_SESSION. */
  forMs: number;
  /** How long each thing that others do may take. */
  limitMs: number;
  say: (line: string) => void;
}

/**
 * One charge of an eMSP's driver at the first EVSE that was pushed to it: START_SESSION, the session, STOP_SESSION,
 * the CDR. @returns the CDR @throws Error where a step is refused or takes too long
 */
export async function chargeOnce(emsp: SimulatedEmsp, charge: ChargeOnce): Promise<JsonObject> {
  const { token, forMs, limitMs, say } = charge;
  const place = () => emsp.holds('locations').find((location) => asObjects(location['evses']).length > 0);
  const location = await first(emsp, place, { limitMs, what: 'location' });
  const to = ownerOf(location);
  const where = { location_id: location['id'], evse_uid: at(location, 'evses', 0, 'uid') };
  say(`START_SESSION: ${await resultOf(await emsp.startSession({ token, ...where }, { to }), limitMs)}`);
  const uid = token['uid'];
  const started = () =>
    emsp
      .holds('sessions')
      .find((item) => at(item, 'cdr_token', 'uid') === uid && item['status'] === 'ACTIVE');
  const session = await first(emsp, started, { limitMs, what: 'session' });
  await pause(forMs);
  const id = asText(session['id']);
  say(`STOP_SESSION: ${await resultOf(await emsp.stopSession(id, { to }), limitMs)}`);
  const billed = () => emsp.holds('cdrs').find((cdr) => cdr['session_id'] === id);
  return first(emsp, billed, { limitMs, what: 'CDR' });
}

async function resultOf(outcome: Outcome, limitMs: number): Promise<string> {
  expectSuccess('command', outcome.answer);
  return outcome.response === 'ACCEPTED'
    ? asText((await outcome.result(limitMs))['result'])
    : outcome.response;
}

async function first(
  emsp: SimulatedEmsp,
  find: () => JsonObject | undefined,
  { limitMs, what }: { limitMs: number; what: string },
): Promise<JsonObject> {
  await emsp.waitFor(() => find() !== undefined, { timeoutMs: limitMs, what });
  const found = find();
  if (found === undefined) throw new Error(`${emsp.name}: the ${what} has gone`);
  return found;
}
