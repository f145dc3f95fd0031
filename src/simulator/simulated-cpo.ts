import { generateCdr, generateSession } from './generate/sessions-and-cdrs';
import { expectSuccess, succeeded } from './http/answers';
import { isObject, type JsonObject } from './json';
import { idOf, keyOf, ownerOf } from './objects/keys';
import { changeAt, mergePatch } from './objects/merge';
import { pushTo, putObject, putObjects, type Pushed } from './objects/push';
import { SimulatedPlatform, type PlatformOptions } from './simulated-platform';
import type { Answer, PartyId, Recipient, Sending } from './types';

/**
 * A CPO: owns tariffs, locations, sessions and CDRs and pushes them, TO = hub where no recipient is given; answers
 * commands and charging profiles and posts their results after the answer.
 */
export class SimulatedCpo extends SimulatedPlatform {
  constructor(options: PlatformOptions) {
    super({ strict: true, ...options });
    this.asynchronous.post = 'after the answer';
  }

  /** PUT of tariffs. */
  async pushTariffs(tariffs: readonly JsonObject[]): Promise<Pushed[]> {
    return putObjects(this, 'tariffs', tariffs);
  }
  /** PUT of locations. */
  async pushLocations(locations: readonly JsonObject[]): Promise<Pushed[]> {
    return putObjects(this, 'locations', locations);
  }

  /**
   * PATCH of an EVSE's status, which is applied to the owned location too.
   * @param now - DateTime, the EVSE's new last_updated
   */
  async setStatus(
    location: JsonObject,
    evseUid: string,
    change: { status: string; now: string },
  ): Promise<Pushed> {
    const body = { status: change.status, last_updated: change.now };
    const key = keyOf('locations', location);
    const owned = changeAt(this.owned.get(key) ?? location, [evseUid], (evse) =>
      isObject(evse) ? mergePatch(evse, body) : undefined,
    );
    if (owned !== undefined) this.owned.set(key, owned);
    const answer = await this.patch('locations', location, { below: [evseUid], body });
    return { module: 'locations', key, answer, accepted: succeeded(answer) };
  }

  /** PUT of a session that starts at a location's first EVSE. */
  async startSession(of: {
    id: string;
    location: JsonObject;
    token: JsonObject;
    now: string;
    to?: Recipient;
  }): Promise<JsonObject> {
    const { id, location, token, now, to } = of;
    const session = generateSession({ id, party: ownerOf(location), location, token, startedAt: now });
    expectSuccess('PUT session', (await putObject(this, 'sessions', session, to)).answer);
    return session;
  }
  /** PATCH of a session's energy, with new charging_periods if any are given. */
  async updateSession(
    session: JsonObject,
    change: { kwh: number; charging_periods?: JsonObject[]; now: string; to?: Recipient },
  ): Promise<JsonObject> {
    const { kwh, charging_periods, now, to } = change;
    return this.changeSession(session, { kwh, charging_periods, last_updated: now }, to);
  }
  /** PATCH that completes a session. */
  async finishSession(
    session: JsonObject,
    change: { kwh: number; now: string; to?: Recipient },
  ): Promise<JsonObject> {
    const { kwh, now, to } = change;
    const body = { kwh, status: 'COMPLETED', end_date_time: now, last_updated: now };
    return this.changeSession(session, body, to);
  }

  /** POST of a finished session's CDR. The answer's Location header is where it can be read, by `getCdr`. */
  async postCdr(
    session: JsonObject,
    location: JsonObject,
    to?: Recipient,
  ): Promise<{ cdr: JsonObject; answer: Answer }> {
    const cdr = generateCdr(session, location);
    this.owned.set(keyOf('cdrs', cdr), cdr);
    const answer = await pushTo(this, { method: 'POST', module: 'cdrs', body: cdr, from: ownerOf(cdr), to });
    return { cdr, answer };
  }
  /** GET of a CDR at the Location that its POST was answered with. */
  async getCdr(location: string, to?: Recipient): Promise<Answer> {
    return this.sendTo(location, { method: 'GET', to });
  }

  /** Real-time authorization of a token at the eMSP; RFID where no type is given (mod_tokens, POST). */
  async authorize(
    uid: string,
    of: { type?: string; location?: JsonObject } & Pick<Sending, 'to' | 'from' | 'correlationId'> = {},
  ): Promise<Answer> {
    const { type, location, ...routing } = of;
    const at = { module: 'tokens', interface: 'SENDER', path: [uid, 'authorize'] } as const;
    return this.send({ method: 'POST', ...at, query: type ? { type } : {}, body: location, ...routing });
  }

  /** PUT of an ActiveChargingProfile that has changed, to who set a profile on the session. */
  async putActiveProfile(
    sessionId: string,
    body: JsonObject,
    routing: Pick<Sending, 'to' | 'from' | 'correlationId'> = {},
  ): Promise<Answer> {
    const at = { module: 'chargingprofiles', interface: 'SENDER', path: [sessionId] } as const;
    return this.send({ method: 'PUT', ...at, body, ...routing });
  }

  private async changeSession(session: JsonObject, body: JsonObject, to?: Recipient): Promise<JsonObject> {
    const changed = mergePatch(session, body);
    this.owned.set(keyOf('sessions', changed), changed);
    expectSuccess('PATCH session', await this.patch('sessions', session, { below: [], body, to }));
    return changed;
  }

  private async patch(
    module: string,
    object: JsonObject,
    change: { below: string[]; body: JsonObject; to?: Recipient },
  ): Promise<Answer> {
    const owner: PartyId = ownerOf(object);
    const path = [owner.country_code, owner.party_id, idOf(module, object), ...change.below];
    return pushTo(this, { method: 'PATCH', module, path, body: change.body, from: owner, to: change.to });
  }
}
