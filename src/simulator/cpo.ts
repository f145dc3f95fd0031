import { succeeded } from './http-client';
import { generateCdr, generateSession } from './generate-session';
import { isObject, type JsonObject } from './json';
import { changeAt, mergePatch } from './merge';
import { SimulatedPlatform } from './platform';
import { pushTo, putObject, putObjects, type Pushed } from './pushing';
import { idOf, keyOf, ownerOf } from './store';
import type { Answer, PartyId } from './types';

/** A CPO: owns tariffs, locations, sessions and CDRs and pushes them to the hub, TO = hub. */
export class SimulatedCpo extends SimulatedPlatform {
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
  }): Promise<JsonObject> {
    const party = ownerOf(of.location);
    const session = generateSession({
      id: of.id,
      party,
      location: of.location,
      token: of.token,
      startedAt: of.now,
    });
    await this.putOwn('sessions', session);
    return session;
  }
  /** PATCH of a session's energy. */
  async updateSession(session: JsonObject, change: { kwh: number; now: string }): Promise<JsonObject> {
    return this.changeSession(session, { kwh: change.kwh, last_updated: change.now });
  }
  /** PATCH that completes a session. */
  async finishSession(session: JsonObject, change: { kwh: number; now: string }): Promise<JsonObject> {
    const { kwh, now } = change;
    return this.changeSession(session, { kwh, status: 'COMPLETED', end_date_time: now, last_updated: now });
  }

  /** POST of a finished session's CDR. The answer's Location header is where it can be read. */
  async postCdr(session: JsonObject, location: JsonObject): Promise<{ cdr: JsonObject; answer: Answer }> {
    const cdr = generateCdr(session, location);
    this.owned.set(keyOf('cdrs', cdr), cdr);
    const answer = await pushTo(this, { method: 'POST', module: 'cdrs', body: cdr, from: ownerOf(cdr) });
    return { cdr, answer };
  }

  private async changeSession(session: JsonObject, patch: JsonObject): Promise<JsonObject> {
    const changed = mergePatch(session, patch);
    this.owned.set(keyOf('sessions', changed), changed);
    expectAccepted('PATCH session', await this.patch('sessions', session, { below: [], body: patch }));
    return changed;
  }

  private async putOwn(module: string, object: JsonObject): Promise<void> {
    const { answer } = await putObject(this, module, object);
    expectAccepted(`PUT ${module}`, answer);
  }

  private async patch(
    module: string,
    object: JsonObject,
    change: { below: string[]; body: JsonObject },
  ): Promise<Answer> {
    const owner: PartyId = ownerOf(object);
    const path = [owner.country_code, owner.party_id, idOf(module, object), ...change.below];
    return pushTo(this, { method: 'PATCH', module, path, body: change.body, from: owner });
  }
}

function expectAccepted(what: string, answer: Answer): void {
  if (!succeeded(answer)) throw new Error(`${what}: HTTP ${answer.http} ${answer.text}`);
}
