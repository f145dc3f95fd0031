import { setTimeout as pause } from 'node:timers/promises';
import { asObjects, asText, inParallel, isObject, keyOf, putObjects, type JsonObject } from '../simulator';
import { isUsable } from './expected';
import type { CpoPartner, EmspPartner, Partner } from './partner';

/* What the partners do. */

const STATUSES = ['AVAILABLE', 'CHARGING', 'OUTOFORDER', 'RESERVED'];
const EVERY_MS = 100;

const now = (): string => new Date().toISOString();

/** All that a partner has, tariffs before the locations that name them. */
export async function pushAll(partner: Partner): Promise<void> {
  for (const module of ['tokens', 'tariffs', 'locations'] as const) {
    const objects = partner.objects[module];
    for (const object of objects) partner.expected.put(module, object);
    for (const { answer } of await putObjects(partner.platform, module, objects)) partner.book(answer);
  }
}

/** EVSE status PATCHes of all CPOs, ten a second each, until the deadline (ms since 1970). */
export async function changeStatuses(cpos: CpoPartner[], deadline: number): Promise<void> {
  await inParallel(cpos, cpos.length, async (cpo) => {
    for (let turn = 0; Date.now() < deadline; turn++) {
      await changeStatus(cpo, turn);
      await pause(EVERY_MS);
    }
  });
}

async function changeStatus(cpo: CpoPartner, turn: number): Promise<void> {
  const locations = cpo.objects.locations.filter(
    (item) => isUsable('locations', item) && uidsOf(item).length > 0,
  );
  const location = locations[(turn * 7) % Math.max(locations.length, 1)];
  const uids = location === undefined ? [] : uidsOf(location);
  const uid = uids[turn % Math.max(uids.length, 1)];
  const status = STATUSES[turn % STATUSES.length];
  if (location === undefined || uid === undefined || status === undefined) return;
  const last_updated = now();
  cpo.expected.patchEvse(keyOf('locations', location), uid, { status, last_updated });
  cpo.book((await cpo.platform.setStatus(location, uid, { status, now: last_updated })).answer);
}

function uidsOf(location: JsonObject): string[] {
  return asObjects(location['evses'])
    .map((evse) => asText(evse['uid']))
    .filter((uid) => uid !== '');
}

/** One session of an eMSP's driver at a CPO: start, updates until the deadline, finish, CDR. */
export async function charge(cpo: CpoPartner, emsp: EmspPartner, deadline: number): Promise<void> {
  const location = chargeableLocation(cpo);
  const token = emsp.objects.tokens[0];
  if (token === undefined) throw new Error(`${emsp.name} has no token`);
  const { platform } = cpo;
  let session = await platform.startSession({ id: 'S1', location, token, now: now() });
  let kwh = 0;
  for (; Date.now() < deadline; kwh += 0.25) {
    session = await platform.updateSession(session, { kwh, now: now() });
    cpo.bookSuccess();
    await pause(1000);
  }
  session = await platform.finishSession(session, { kwh, now: now() });
  cpo.expected.put('sessions', session);
  cpo.bookSuccess(2); // start and finish, which throw when they are refused
  const { cdr, answer } = await platform.postCdr(session, location);
  cpo.expected.put('cdrs', cdr);
  cpo.book(answer);
}

/** The first location of a CPO where a session can take place. @throws Error where there is none */
export function chargeableLocation(cpo: CpoPartner): JsonObject {
  const location = cpo.objects.locations.find(isChargeable);
  if (location === undefined) throw new Error(`${cpo.name} has nowhere to charge`);
  return location;
}

/** Its first EVSE can be named in a session. */
function isChargeable(location: JsonObject): boolean {
  const [evse] = asObjects(location['evses']);
  const [connector] = asObjects(evse?.['connectors']);
  const named = isObject(connector) && asText(connector['id']) !== '' && asText(evse?.['uid']) !== '';
  return named && isUsable('locations', location);
}
