import { command, profile, type Outcome, type Routing } from './commands/ask';
import type { JsonObject } from './json';
import { objectsOf } from './objects/keys';
import { putObjects, type Pushed } from './objects/push';
import { SimulatedPlatform, type PlatformOptions } from './simulated-platform';
import type { Answer } from './types';

/**
 * An eMSP: owns tokens, pushes them to the hub, TO = hub, and authorizes them; receives locations, tariffs, sessions
 * and CDRs; sends commands, charging profiles and charging preferences. Without `to` in their routing these go out
 * without TO headers, for the hub to find the receiver.
 */
export class SimulatedEmsp extends SimulatedPlatform {
  constructor(options: PlatformOptions) {
    super({ strict: true, ...options });
  }

  /** PUT of tokens. */
  async pushTokens(tokens: readonly JsonObject[]): Promise<Pushed[]> {
    return putObjects(this, 'tokens', tokens);
  }

  /** What it holds of a module, as received. */
  holds(module: string): JsonObject[] {
    return objectsOf(this.stored, module);
  }

  /** START_SESSION: token, location_id and what else StartSession may have. */
  async startSession(fields: JsonObject, routing?: Routing): Promise<Outcome> {
    return command(this, 'START_SESSION', fields, routing);
  }
  async stopSession(session_id: string, routing?: Routing): Promise<Outcome> {
    return command(this, 'STOP_SESSION', { session_id }, routing);
  }
  /** RESERVE_NOW: token, expiry_date, reservation_id, location_id and what else ReserveNow may have. */
  async reserveNow(fields: JsonObject, routing?: Routing): Promise<Outcome> {
    return command(this, 'RESERVE_NOW', fields, routing);
  }
  async cancelReservation(reservation_id: string, routing?: Routing): Promise<Outcome> {
    return command(this, 'CANCEL_RESERVATION', { reservation_id }, routing);
  }
  /** UNLOCK_CONNECTOR: location_id, evse_uid, connector_id. */
  async unlockConnector(fields: JsonObject, routing?: Routing): Promise<Outcome> {
    return command(this, 'UNLOCK_CONNECTOR', fields, routing);
  }

  /** PUT of a ChargingProfile; its result is a ChargingProfileResult. */
  async setProfile(sessionId: string, charging_profile: JsonObject, routing?: Routing): Promise<Outcome> {
    return profile(this, { method: 'PUT', sessionId, body: { charging_profile } }, routing);
  }
  /** GET of the active one for so many seconds; its result is an ActiveChargingProfileResult. */
  async getProfile(
    sessionId: string,
    duration: number,
    routing?: Routing & { encoded?: boolean },
  ): Promise<Outcome> {
    return profile(this, { method: 'GET', sessionId, duration }, routing);
  }
  /** DELETE of what was set; its result is a ClearProfileResult. */
  async clearProfile(sessionId: string, routing?: Routing & { encoded?: boolean }): Promise<Outcome> {
    return profile(this, { method: 'DELETE', sessionId }, routing);
  }

  /** PUT of ChargingPreferences; `data` of the answer is a ChargingPreferencesResponse. */
  async setPreferences(
    sessionId: string,
    body: JsonObject,
    { to, from, correlationId }: Routing = {},
  ): Promise<Answer> {
    const at = {
      module: 'sessions',
      interface: 'SENDER',
      path: [sessionId, 'charging_preferences'],
    } as const;
    return this.send({ method: 'PUT', ...at, body, to, from, correlationId });
  }
}
