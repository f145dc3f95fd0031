import {
  asObject,
  asText,
  at,
  generateTokens,
  messageOf,
  nextPeriod,
  ownedLocation,
  putObject,
  sessionFor,
  type JsonObject,
} from '../../simulator';
import type { Cast } from '../cast';
import { chargeableLocation } from '../traffic';
import { nameOf, type Hop } from './journal';
import { asked, expectEqual, expectSuccess, keep, now, setUp, type Scene } from './scene';

/*
 * The story of one charge: all that two partners say to each other through the hub, from the token to the CDR. Each
 * step acts as a partner and names the hops that its message must take. The Teller waits for these hops in the
 * Journal, which records every exchange of every partner. It prints each hop and checks that it was answered with
 * success. A step that fails ends the story, after everything seen of the step has been printed.
 */

const SESSION = 'STORY';
const PROFILE: JsonObject = {
  charging_rate_unit: 'A',
  charging_profile_period: [
    { start_period: 0, limit: 16 },
    { start_period: 900, limit: 10 },
  ],
};

/** Tells the story of one charge. @returns whether every step went as it should; what did not is printed */
export async function tellCharge(cast: Cast, print: (line: string) => void): Promise<boolean> {
  const scene = setUp(cast, print);
  print(`One charge of a driver of ${scene.emsp.name} at ${scene.cpo.name}, hop by hop:`);
  try {
    const token = await pushToken(scene, cast);
    const reference = await authorize(scene, token);
    await start(scene, token, reference);
    const session = await charge(scene, await runSession(scene));
    await settle(scene, await stop(scene, session));
    print(
      'Every hop of every message was answered with success and carried the correlation id of its message.',
    );
    return true;
  } catch (error) {
    print(`The story ends here: ${messageOf(error)}`);
    return false;
  }
}

async function pushToken({ teller, emsp, emspParty, toCpo }: Scene, cast: Cast): Promise<JsonObject> {
  const [generated] = generateTokens({ seed: 99, count: 1, party: emspParty });
  const token: JsonObject = { ...generated, valid: true, whitelist: 'NEVER' };
  const everyCpo = cast.cpos.map((cpo): Hop => ({ who: nameOf(cpo), direction: 'received' }));
  emsp.expected.put('tokens', token);
  const hops = [...toCpo.slice(0, 1), ...everyCpo];
  await teller.step('The eMSP pushes a token; the hub tells every CPO', hops, async () => {
    const { answer } = await putObject(emsp.platform, 'tokens', token);
    emsp.book(answer);
    expectSuccess(answer);
  });
  return token;
}

/** @returns the authorization_reference */
async function authorize(scene: Scene, token: JsonObject): Promise<string> {
  const { teller, cpo, emspParty, toEmsp } = scene;
  const location = { location_id: asText(chargeableLocation(cpo)['id']) };
  return teller.step('The driver holds up the card; the CPO asks the eMSP', toEmsp, async () => {
    const uid = asText(token['uid']);
    const answer = await cpo.platform.authorize(uid, { type: 'RFID', location, to: emspParty });
    expectSuccess(answer);
    expectEqual('allowed', at(answer.data, 'allowed'), 'ALLOWED');
    return asText(at(answer.data, 'authorization_reference'));
  });
}

async function start(scene: Scene, token: JsonObject, authorization_reference: string): Promise<void> {
  const { emsp, cpo, cpoParty } = scene;
  const location = chargeableLocation(cpo);
  const evse = asObject(at(location, 'evses', 0));
  const place = {
    location_id: location['id'],
    evse_uid: evse['uid'],
    connector_id: at(evse, 'connectors', 0, 'id'),
  };
  const fields = { token, ...place, authorization_reference };
  await asked(scene, 'START_SESSION', () => emsp.platform.startSession(fields, { to: cpoParty }));
}

async function runSession({ teller, cpo, emspParty: to, toEmsp }: Scene): Promise<JsonObject> {
  const { platform } = cpo;
  const begin = async () => {
    const request = platform.asked.findLast(({ kind }) => kind === 'START_SESSION');
    if (request === undefined) throw new Error('the CPO was not asked to start a session');
    return sessionFor(platform, request, { id: SESSION, now: now(), to });
  };
  const session = keep(cpo, await teller.step('The CPO puts the session', toEmsp, begin));
  const change = { kwh: 2.5, charging_periods: [nextPeriod(session, 2.5)], to };
  return keep(
    cpo,
    await teller.step('The CPO tells the energy so far', toEmsp, () =>
      platform.updateSession(session, { ...change, now: now() }),
    ),
  );
}

/** What the eMSP may want while the car charges. */
async function charge(scene: Scene, session: JsonObject): Promise<JsonObject> {
  const { teller, cpo, emsp, cpoParty, emspParty, toCpo, toEmsp } = scene;
  await asked(scene, 'a charging profile', () =>
    emsp.platform.setProfile(SESSION, PROFILE, { to: cpoParty }),
  );
  await teller.step('The CPO tells which profile is active now', toEmsp, async () => {
    const profile = { start_date_time: now(), charging_profile: PROFILE };
    expectSuccess(await cpo.platform.putActiveProfile(SESSION, profile, { to: emspParty }));
  });
  await teller.step('The driver prefers green energy', toCpo, async () => {
    const answer = await emsp.platform.setPreferences(SESSION, { profile_type: 'GREEN' }, { to: cpoParty });
    expectSuccess(answer);
    expectEqual('ChargingPreferencesResponse', answer.data, 'ACCEPTED');
  });
  return session;
}

async function stop(scene: Scene, session: JsonObject): Promise<JsonObject> {
  const { teller, cpo, emsp, cpoParty, emspParty: to, toEmsp } = scene;
  await asked(scene, 'STOP_SESSION', () => emsp.platform.stopSession(SESSION, { to: cpoParty }));
  const finish = () => cpo.platform.finishSession(session, { kwh: 2.5, now: now(), to });
  return keep(cpo, await teller.step('The CPO completes the session', toEmsp, finish));
}

async function settle({ teller, cpo, emspParty: to, toEmsp }: Scene, session: JsonObject): Promise<void> {
  const { platform } = cpo;
  const location = ownedLocation(platform, asText(session['location_id']));
  const posted = await teller.step('The CPO posts the CDR', toEmsp, async () => {
    const { cdr, answer } = await platform.postCdr(session, location, to);
    cpo.book(answer);
    expectSuccess(answer);
    return { cdr, url: asText(answer.headers['location']) };
  });
  cpo.expected.put('cdrs', posted.cdr);
  await teller.step('The CPO reads it where the Location of the answer says', toEmsp, async () => {
    const answer = await platform.getCdr(posted.url, to);
    expectSuccess(answer);
    expectEqual('id', at(answer.data, 'id'), posted.cdr['id']);
  });
}
