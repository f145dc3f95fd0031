import { asText, type JsonObject } from '../../src/simulator/json';
import { Random } from '../../src/simulator/generate/random';
import type { Method, PartyId } from '../../src/simulator/types';
import { cdr, evse, location, session, tariff } from '../support/network';

/* What a CPO does all day, as endless lists of writes; each object is written in one list alone. */

export interface Write {
  method: Method;
  module: string;
  path: string;
  body: JsonObject | undefined;
  /** What the hub must hold once it has acknowledged: marks by target (history.ts). */
  states: { target: string; mark: string | null }[];
  /** Made again until the hub acknowledges it: what follows needs it. */
  insist?: boolean;
}

export type Writes = Generator<Write, never, void>;

const OWNER = '/BE/BEC';
let ticks = 0;
let sessions = 0;
let places = 0;
/** A last_updated later than all before. */
const tick = (): string => new Date(Date.UTC(2026, 0, 1) + ++ticks * 1000).toISOString();

const STATUSES = ['AVAILABLE', 'CHARGING', 'BLOCKED', 'OUTOFORDER'];

/** PATCHes of EVSE statuses above all, PUTs of EVSEs and of whole locations. */
export function* locationWrites(ids: readonly string[], seed: number): Writes {
  const random = new Random(seed);
  const places = ids.map((id) => new Place(id));
  for (const place of places) yield place.put(true);
  for (;;) {
    const place = random.pick(places);
    const chance = random.next();
    if (chance > 0.9) yield place.put();
    else yield place.status(random.whole(0, 2), random.pick(STATUSES), chance > 0.75 ? 'PUT' : 'PATCH');
  }
}

/** Locations that are written once and never again: what is lost of them stays lost. */
export function* newLocations(): Writes {
  for (;;) yield new Place(`N${++places}`).put(true);
}

/** A location as its CPO knows it. */
class Place {
  private readonly evses: JsonObject[];
  private readonly target: string;

  constructor(private readonly id: string) {
    this.evses = ['E1', 'E2', 'E3'].map((uid) => evse(uid, { last_updated: tick() }) as JsonObject);
    this.target = `locations${OWNER}/${id}`;
  }

  put(insist = false): Write {
    const last_updated = tick();
    const body = location(this.id, { last_updated, fields: { name: last_updated, evses: [...this.evses] } });
    const below = this.evses.map(({ uid, last_updated: mark }) => this.evseState(uid, mark));
    const states = [{ target: this.target, mark: last_updated }, ...below];
    const path = `${OWNER}/${this.id}`;
    return { method: 'PUT', module: 'locations', path, body: body as JsonObject, states, insist };
  }

  status(index: number, status: string, method: 'PUT' | 'PATCH'): Write {
    const change = { status, last_updated: tick() };
    const next: JsonObject = { ...this.evses[index], ...change };
    this.evses[index] = next;
    const path = `${OWNER}/${this.id}/${asText(next.uid)}`;
    const states = [this.evseState(next.uid, change.last_updated)];
    return { method, module: 'locations', path, body: method === 'PUT' ? next : change, states };
  }

  private evseState(uid: unknown, mark: unknown): Write['states'][number] {
    return { target: `${this.target}#${String(uid)}`, mark: String(mark) };
  }
}

/** PUTs and DELETEs. */
export function* tariffWrites(ids: readonly string[], seed: number): Writes {
  const random = new Random(seed);
  for (;;) {
    const id = random.pick(ids);
    const at = { module: 'tariffs', path: `${OWNER}/${id}` };
    const target = `tariffs${OWNER}/${id}`;
    const last_updated = tick();
    if (random.next() < 0.3)
      yield { method: 'DELETE', ...at, body: undefined, states: [{ target, mark: null }] };
    else {
      const body = tariff(id, { last_updated }) as JsonObject;
      yield { method: 'PUT', ...at, body, states: [{ target, mark: last_updated }] };
    }
  }
}

/** Sessions of these eMSPs' drivers in turn, from start to CDR; their ids end in the eMSP's party_id. */
export function* sessionWrites(emsps: readonly PartyId[], seed: number): Writes {
  const random = new Random(seed);
  for (;;) {
    const emsp = random.pick(emsps);
    const id = `${++sessions}-${emsp.party_id}`;
    const cdr_token = { ...emsp, uid: '123', type: 'RFID', contract_id: 'C1' };
    yield sessionWrite('PUT', id, session(id, { cdr_token, last_updated: tick() }));
    for (let kwh = 1; kwh <= 3; kwh++) yield sessionWrite('PATCH', id, { kwh, last_updated: tick() });
    const end_date_time = tick();
    yield sessionWrite('PATCH', id, { status: 'COMPLETED', end_date_time, last_updated: end_date_time });
    const body = cdr(id, { cdr_token, session_id: id, last_updated: end_date_time }) as JsonObject;
    const states = [{ target: `cdrs${OWNER}/${id}`, mark: end_date_time }];
    yield { method: 'POST', module: 'cdrs', path: '', body, states, insist: true };
  }
}

function sessionWrite(method: 'PUT' | 'PATCH', id: string, body: Record<string, unknown>): Write {
  const states = [{ target: `sessions${OWNER}/${id}`, mark: String(body.last_updated) }];
  const path = `${OWNER}/${id}`;
  return { method, module: 'sessions', path, body: body as JsonObject, states, insist: true };
}
