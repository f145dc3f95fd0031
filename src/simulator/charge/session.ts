import { randomUUID } from 'node:crypto';
import type { AsyncRequest } from '../commands/async-request';
import { generateSession } from '../generate/sessions-and-cdrs';
import { expectSuccess } from '../http/answers';
import { asObject, asText, at, type JsonObject } from '../json';
import { findObject, ownerOf } from '../objects/keys';
import { putObject } from '../objects/push';
import { partyOf } from '../platform/parties';
import type { SimulatedCpo } from '../simulated-cpo';
import type { Recipient } from '../types';

/**
 * PUT of the session that a START_SESSION brings about, by default to the party that asked.
 * @throws Error for an unknown location, or where it is refused
 */
export async function sessionFor(
  cpo: SimulatedCpo,
  asked: AsyncRequest,
  { id = newSessionId(), now, to = partyOf(asked.request, 'from') ?? null }: SessionOptions,
): Promise<JsonObject> {
  const start = asObject(asked.request.json);
  const location = ownedLocation(cpo, asText(start['location_id']));
  const session = generateSession({
    id,
    location,
    party: ownerOf(location),
    token: asObject(start['token']),
    startedAt: now,
    evseUid: start['evse_uid'],
    connectorId: start['connector_id'],
    authMethod: 'COMMAND',
    reference: start['authorization_reference'],
  });
  expectSuccess('PUT session', (await putObject(cpo, 'sessions', session, to)).answer);
  return session;
}

interface SessionOptions {
  id?: string;
  now: string;
  to?: Recipient;
}

/** Four characters short of the 36 that ids may have, for the `CDR-` before the id of its CDR. */
const newSessionId = (): string => randomUUID().replaceAll('-', '');

/** A location that the CPO owns. @throws Error where it does not */
export function ownedLocation(cpo: SimulatedCpo, id: string): JsonObject {
  const location = findObject(cpo.owned, 'locations', id);
  if (location === undefined) throw new Error(`${cpo.name} has no location ${id}`);
  return location;
}

/** The next ChargingPeriod of a session, from its last change on, up to a meter reading in kWh. */
export function nextPeriod(session: JsonObject, kwh: number): JsonObject {
  const volume = Math.round((kwh - Number(session['kwh'])) * 1000) / 1000;
  return { start_date_time: session['last_updated'], dimensions: [{ type: 'ENERGY', volume }] };
}

/** The party whose token a session was started with: the one that its updates and CDR go to. */
export function payerOf(session: JsonObject): Recipient {
  return ownerOf(asObject(at(session, 'cdr_token')));
}
