import { SimulatedPlatform } from '../../src/simulator/simulated-platform';
import type { OfferedModule, Party, PartyRole, ReceivedRequest } from '../../src/simulator/types';
import { startHub, type TestHub } from './hub';
import { eventually } from './wait';

export { awaiting, eventually } from './wait';

/** A platform that has joined. */
export type Joined = SimulatedPlatform & { partnerId: string };

/** A hub and partner platforms on real sockets; everything that was started is stopped by `stop`. */
export interface Network {
  hub: TestHub;
  /** Starts a platform and registers it. */
  join(options: JoinOptions): Promise<Joined>;
  stop(): Promise<void>;
}

export interface JoinOptions {
  parties: Party[];
  offered?: OfferedModule[];
  policies?: Record<string, unknown>;
  /** Done before it registers: what it lists, how it behaves. */
  before?: (platform: SimulatedPlatform) => void;
  pageLimit?: number;
}

export const party = (role: PartyRole, country_code: string, party_id: string): Party => ({
  role,
  country_code,
  party_id,
  name: `${role} ${country_code} ${party_id}`,
});

export const CPO = party('CPO', 'BE', 'BEC');
export const EMSP = party('EMSP', 'NL', 'TNM');
export const EMSP2 = party('EMSP', 'DE', 'DEM');

/** Starts a hub with settings by name. */
export async function startNetwork(env: Record<string, string> = {}): Promise<Network> {
  const hub = await startHub(env);
  const platforms: SimulatedPlatform[] = [];
  return {
    hub,
    join: async ({ parties, offered, policies, before, pageLimit }) => {
      const platform = await new SimulatedPlatform({ parties, offered, pageLimit }).start();
      before?.(platform);
      platforms.push(platform);
      const { id, token_a } = await hub.partner(platform.name, { policies });
      await platform.register(hub.versionsUrl, token_a);
      return Object.assign(platform, { partnerId: id });
    },
    stop: async () => {
      await hub.stop();
      await Promise.all(platforms.map((platform) => platform.stop()));
    },
  };
}

export interface Two {
  network: Network;
  cpo: Joined;
  emsp: Joined;
}

/** A hub, with settings by name, a CPO and an eMSP. */
export async function startTwo(env: Record<string, string> = {}): Promise<Two> {
  const network = await startNetwork(env);
  const cpo = await network.join({ parties: [CPO] });
  const emsp = await network.join({ parties: [EMSP] });
  return { network, cpo, emsp };
}

/** A hub, with settings by name, a CPO and two eMSPs. */
export async function startThree(env: Record<string, string> = {}): Promise<Two & { other: Joined }> {
  const two = await startTwo(env);
  return { ...two, other: await two.network.join({ parties: [EMSP2] }) };
}

export type Fields = Record<string, unknown>;

/** A location that fits 2.2.1, with so many EVSEs. */
export function location(
  id: string,
  options: { evses?: number; last_updated?: string; fields?: Fields } = {},
): Fields {
  const last_updated = options.last_updated ?? '2026-01-01T00:00:00Z';
  return {
    country_code: 'BE',
    party_id: 'BEC',
    id,
    publish: true,
    address: 'Rooseveltlaan 3A',
    city: 'Gent',
    country: 'BEL',
    coordinates: { latitude: '51.047599', longitude: '3.729944' },
    time_zone: 'Europe/Brussels',
    evses: Array.from({ length: options.evses ?? 2 }, (_, i) => evse(`E${i + 1}`, { last_updated })),
    ...options.fields,
    last_updated,
  };
}

export function evse(uid: string, fields: Fields = {}): Fields {
  const last_updated = '2026-01-01T00:00:00Z';
  return { uid, status: 'AVAILABLE', connectors: [connector('1')], last_updated, ...fields };
}

export function connector(id: string, fields: Fields = {}): Fields {
  return {
    id,
    standard: 'IEC_62196_T2',
    format: 'SOCKET',
    power_type: 'AC_3_PHASE',
    max_voltage: 230,
    max_amperage: 32,
    last_updated: '2026-01-01T00:00:00Z',
    ...fields,
  };
}

export function tariff(id: string, fields: Fields = {}): Fields {
  return {
    country_code: 'BE',
    party_id: 'BEC',
    id,
    currency: 'EUR',
    elements: [{ price_components: [{ type: 'ENERGY', price: 0.25, step_size: 1 }] }],
    last_updated: '2026-01-01T00:00:00Z',
    ...fields,
  };
}

export function token(uid: string, fields: Fields = {}): Fields {
  return {
    country_code: 'NL',
    party_id: 'TNM',
    uid,
    type: 'RFID',
    contract_id: `NL8ACC${uid}`,
    issuer: 'TheNewMotion',
    valid: true,
    whitelist: 'ALWAYS',
    last_updated: '2026-01-01T00:00:00Z',
    ...fields,
  };
}

const cdrToken = { country_code: 'NL', party_id: 'TNM', uid: '123', type: 'RFID', contract_id: 'NL-TNM-1' };

export function session(id: string, fields: Fields = {}): Fields {
  return {
    country_code: 'BE',
    party_id: 'BEC',
    id,
    start_date_time: '2026-01-01T00:00:00Z',
    kwh: 0,
    cdr_token: cdrToken,
    auth_method: 'WHITELIST',
    location_id: 'LOC1',
    evse_uid: 'E1',
    connector_id: '1',
    currency: 'EUR',
    status: 'ACTIVE',
    last_updated: '2026-01-01T00:00:00Z',
    ...fields,
  };
}

export function cdr(id: string, fields: Fields = {}): Fields {
  return {
    country_code: 'BE',
    party_id: 'BEC',
    id,
    start_date_time: '2026-01-01T00:00:00Z',
    end_date_time: '2026-01-01T01:00:00Z',
    cdr_token: cdrToken,
    auth_method: 'WHITELIST',
    currency: 'EUR',
    cdr_location: {
      id: 'LOC1',
      address: 'Rooseveltlaan 3A',
      city: 'Gent',
      country: 'BEL',
      evse_uid: 'E1',
      coordinates: { latitude: '51.047599', longitude: '3.729944' },
      evse_id: 'BE*BEC*E1',
      connector_id: '1',
      connector_standard: 'IEC_62196_T2',
      connector_format: 'SOCKET',
      connector_power_type: 'AC_3_PHASE',
    },
    charging_periods: [
      { start_date_time: '2026-01-01T00:00:00Z', dimensions: [{ type: 'ENERGY', volume: 10 }] },
    ],
    total_cost: { excl_vat: 2.5 },
    total_energy: 10,
    total_time: 1,
    last_updated: '2026-01-01T01:00:00Z',
    ...fields,
  };
}

/** Sends a push to the hub (TO = hub) and answers what came back. */
export function push(
  from: SimulatedPlatform,
  at: { method: 'PUT' | 'PATCH' | 'DELETE' | 'POST'; module: string; path: string },
  body?: Fields,
): ReturnType<SimulatedPlatform['send']> {
  return from.send({
    ...at,
    interface: 'RECEIVER',
    to: 'hub',
    body: body === undefined ? undefined : JSON.stringify(body),
  });
}

interface FeedItem {
  state: string;
}

/** States in which nothing waits: what was refused is no delivery any more. */
const AT_THE_END = ['IN_SYNC', 'NOTHING_TO_SYNC'];

/** Every partner's feed stands at the end, nothing waits. Where partners refuse, `REFUSING` is such an end too. */
export async function inSync(hub: TestHub, ...more: 'REFUSING'[]): Promise<void> {
  await eventually(async () => {
    const { json } = await hub.admin('GET', '/feed');
    return (json.items as FeedItem[]).every((item) => [...AT_THE_END, ...more].includes(item.state));
  }, 'all partners in sync');
}

/** The last request that a platform got. @throws Error where there was none */
export function lastReceived(platform: SimulatedPlatform): ReceivedRequest {
  const last = platform.received.at(-1);
  if (!last) throw new Error('nothing was received');
  return last;
}
