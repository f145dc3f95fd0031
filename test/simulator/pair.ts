import {
  asObjects,
  asText,
  generateLocations,
  generateTokens,
  SimulatedCpo,
  SimulatedEmsp,
  SimulatedPlatform,
  type JsonObject,
} from '../../src/simulator';

export const NL_CPO = { role: 'CPO' as const, country_code: 'NL', party_id: 'CPO', name: 'A CPO' };
export const BE_MSP = { role: 'EMSP' as const, country_code: 'BE', party_id: 'MSP', name: 'An eMSP' };

/** A CPO and an eMSP that are registered at each other, with a location and a token. */
export interface Pair {
  cpo: SimulatedCpo;
  emsp: SimulatedEmsp;
  location: JsonObject;
  token: JsonObject;
  /** START_SESSION fields for the location's last EVSE. */
  start: JsonObject;
}

const running: SimulatedPlatform[] = [];

export async function pair(): Promise<Pair> {
  const cpo = await new SimulatedCpo({ parties: [NL_CPO] }).start();
  const emsp = await new SimulatedEmsp({ parties: [BE_MSP] }).start();
  running.push(cpo, emsp);
  const { versionsUrl, tokenA } = cpo.invite();
  await emsp.register(versionsUrl, tokenA);
  const location = generateLocations({ seed: 3, count: 1, party: NL_CPO })[0]!;
  const token: JsonObject = { ...generateTokens({ seed: 1, count: 1, party: BE_MSP })[0]!, valid: true };
  cpo.owned.set('locations/NL/CPO/LOC1', location);
  emsp.owned.set(`tokens/BE/MSP/RFID/${asText(token['uid']).toUpperCase()}`, token);
  const evse = asObjects(location['evses']).at(-1)!;
  const connector_id = asText(asObjects(evse['connectors']).at(-1)!['id']);
  const start = { token, location_id: 'LOC1', evse_uid: evse['uid'], connector_id };
  return { cpo, emsp, location, token, start };
}

/** Ends all platforms that `pair` started. */
export async function stopAll(): Promise<void> {
  await Promise.all(running.splice(0).map((platform) => platform.stop()));
}

/** The ids and parties of a request, as its headers name them. */
export function routingOf(headers: Record<string, string>): Record<string, string | undefined> {
  const side = (name: string) =>
    `${headers[`ocpi-${name}-country-code`]}/${headers[`ocpi-${name}-party-id`]}`;
  return { from: side('from'), to: side('to'), correlation: headers['x-correlation-id'] };
}
