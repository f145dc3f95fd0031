import { asObject, asObjects, asText, at, type Json, type JsonObject } from '../json';
import { connectorOf, evseOf } from '../objects/merge';
import type { PartyId } from '../types';

/** What a session is made of: the place (a generated or real location with an EVSE), and the driver's token. */
export interface SessionOf {
  id: string;
  party: PartyId;
  location: JsonObject;
  token: JsonObject;
  /** DateTime; also the first last_updated. */
  startedAt: string;
  /** The location's first EVSE and its first connector where not given. */
  evseUid?: Json | undefined;
  connectorId?: Json | undefined;
  /** AuthMethod, WHITELIST where not given. */
  authMethod?: string;
  /** authorization_reference */
  reference?: Json | undefined;
}

/** A session that has just started (mod_sessions). */
export function generateSession(of: SessionOf): JsonObject {
  const { id, party, location, token, startedAt } = of;
  const evse = evseOf(location, asText(of.evseUid)) ?? asObject(at(location, 'evses', 0));
  return {
    country_code: party.country_code,
    party_id: party.party_id,
    id,
    start_date_time: startedAt,
    kwh: 0,
    cdr_token: cdrToken(token),
    auth_method: of.authMethod ?? 'WHITELIST',
    authorization_reference: of.reference,
    location_id: asText(location['id']),
    evse_uid: asText(evse['uid']),
    connector_id: asText(of.connectorId) || asText(at(evse, 'connectors', 0, 'id')),
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
  const { country_code, party_id, start_date_time, end_date_time } = session;
  const { cdr_token, auth_method, authorization_reference, currency } = session;
  const kwh = Number(session['kwh']);
  const periods = asObjects(session['charging_periods']);
  const total_time = (Date.parse(asText(end_date_time)) - Date.parse(asText(start_date_time))) / 3_600_000;
  return {
    country_code,
    party_id,
    id: `CDR-${asText(session['id'])}`,
    start_date_time,
    end_date_time,
    session_id: session['id'],
    cdr_token,
    auth_method,
    authorization_reference,
    currency,
    cdr_location: cdrLocation(session, location),
    charging_periods: periods.length > 0 ? periods : [wholePeriod(start_date_time, kwh)],
    total_cost: { excl_vat: Math.round(kwh * 40) / 100 },
    total_energy: kwh,
    total_time: Math.round(total_time * 10_000) / 10_000,
    last_updated: end_date_time,
  };
}

function wholePeriod(start_date_time: Json | undefined, kwh: number): JsonObject {
  return { start_date_time, dimensions: [{ type: 'ENERGY', volume: kwh }] };
}

function cdrLocation(session: JsonObject, location: JsonObject): JsonObject {
  const { id, name, address, city, postal_code, country, coordinates } = location;
  const evse = evseOf(location, asText(session['evse_uid'])) ?? {};
  const connector = connectorOf(evse, asText(session['connector_id'])) ?? {};
  return {
    id,
    name,
    address,
    city,
    postal_code,
    country,
    coordinates,
    evse_uid: evse['uid'],
    evse_id: evse['evse_id'],
    connector_id: connector['id'],
    connector_standard: connector['standard'],
    connector_format: connector['format'],
    connector_power_type: connector['power_type'],
  };
}
