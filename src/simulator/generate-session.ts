import { asObject, asObjects, asText, at, type JsonObject } from './json';
import type { PartyId } from './types';

/** What a session is made of: the place (a generated or real location with an EVSE), and the driver's token. */
export interface SessionOf {
  id: string;
  party: PartyId;
  location: JsonObject;
  token: JsonObject;
  /** DateTime; also the first last_updated. */
  startedAt: string;
}

/** A session that has just started (mod_sessions). */
export function generateSession({ id, party, location, token, startedAt }: SessionOf): JsonObject {
  const evse = asObject(at(location, 'evses', 0));
  return {
    country_code: party.country_code,
    party_id: party.party_id,
    id,
    start_date_time: startedAt,
    kwh: 0,
    cdr_token: cdrToken(token),
    auth_method: 'WHITELIST',
    location_id: asText(location['id']),
    evse_uid: asText(evse['uid']),
    connector_id: asText(at(evse, 'connectors', 0, 'id')),
    currency: 'EUR',
    status: 'ACTIVE',
    last_updated: startedAt,
  };
}

function cdrToken({ country_code, party_id, uid, type, contract_id }: JsonObject): JsonObject {
  return { country_code, party_id, uid, type, contract_id };
}

/** The CDR of a finished session (mod_cdrs): its energy in kWh, its time in hours, at 0.40 a kWh. */
export function generateCdr(session: JsonObject, location: JsonObject): JsonObject {
  const { country_code, party_id, start_date_time, end_date_time, cdr_token, auth_method, currency } =
    session;
  const kwh = Number(session['kwh']);
  const total_time = (Date.parse(asText(end_date_time)) - Date.parse(asText(start_date_time))) / 3_600_000;
  return {
    ...{ country_code, party_id, id: `CDR-${asText(session['id'])}`, start_date_time, end_date_time },
    session_id: session['id'],
    ...{ cdr_token, auth_method, currency },
    cdr_location: cdrLocation(session, location),
    charging_periods: [{ start_date_time, dimensions: [{ type: 'ENERGY', volume: kwh }] }],
    total_cost: { excl_vat: Math.round(kwh * 40) / 100 },
    total_energy: kwh,
    total_time: Math.round(total_time * 10_000) / 10_000,
    last_updated: end_date_time,
  };
}

function cdrLocation(session: JsonObject, location: JsonObject): JsonObject {
  const { id, name, address, city, postal_code, country, coordinates } = location;
  const evse = asObjects(location['evses']).find((item) => item['uid'] === session['evse_uid']) ?? {};
  const connector = asObject(at(evse, 'connectors', 0));
  return {
    ...{ id, name, address, city, postal_code, country, coordinates },
    evse_uid: evse['uid'],
    evse_id: evse['evse_id'],
    connector_id: connector['id'],
    connector_standard: connector['standard'],
    connector_format: connector['format'],
    connector_power_type: connector['power_type'],
  };
}
