import { randomBytes } from 'node:crypto';
import type { Hub } from './hub';
import { PARTY } from './locations';
import type { Target } from './messages';

/* Platforms of the bench: registered with the hub by the handshake that every partner goes through. */

export interface Platform {
  name: string;
  /** Where the platform answers, below the receivers' process. */
  url: string;
  role: 'CPO' | 'EMSP';
  party_id: string;
}

const encoded = (token: string): string => Buffer.from(token).toString('base64');

interface Envelope<T> {
  status_code: number;
  data: T;
}

async function call<T>(token: string, url: string, body?: object): Promise<T> {
  const response = await fetch(url, {
    method: body ? 'POST' : 'GET',
    headers: { Authorization: `Token ${encoded(token)}`, 'Content-Type': 'application/json' },
    body: body && JSON.stringify(body),
  });
  const answer = (await response.json()) as Envelope<T>;
  if (answer.status_code !== 1000) throw new Error(`${url}: ${JSON.stringify(answer)}`);
  return answer.data;
}

/** Registers a platform; resolves with the token that the hub gave it. */
export async function register(hub: Hub, platform: Platform): Promise<string> {
  const { name, url, role, party_id } = platform;
  const made = await hub.admin<{ token_a: string; versions_url: string }>('POST', '/partners', { name });
  const versions = await call<{ version: string; url: string }[]>(made.token_a, made.versions_url);
  const version = versions.find((v) => v.version === '2.2.1')?.url ?? '';
  const details = await call<{ endpoints: { identifier: string; url: string }[] }>(made.token_a, version);
  const credentials = details.endpoints.find((e) => e.identifier === 'credentials')?.url ?? '';
  const roles = [{ role, ...PARTY, party_id, business_details: { name } }];
  const token = `B-${randomBytes(16).toString('hex')}`;
  const given = await call<{ token: string }>(made.token_a, credentials, {
    token,
    url: `${url}/versions`,
    roles,
  });
  return given.token;
}

/** Registers eMSPs number `from` to `to` (excluded) of a receivers' process. */
export async function registerReceivers(
  hub: Hub,
  port: number,
  range: { from: number; to: number },
): Promise<void> {
  for (let n = range.from; n < range.to; n++) await registerEmsp(hub, port, n);
}

/** Registers one eMSP; resolves with its token as the Authorization header has it. */
export async function registerEmsp(hub: Hub, port: number, n: number): Promise<string> {
  const party_id = `E${n.toString(36).padStart(2, '0')}`.toUpperCase();
  const url = `http://127.0.0.1:${port}/${n}`;
  return encoded(await register(hub, { name: `eMSP ${n}`, url, role: 'EMSP', party_id }));
}

/** A platform calls the hub, which so learns that it is there. @param token as the Authorization header has it */
export async function sayHello(hub: Hub, token: string): Promise<void> {
  const headers = { Authorization: `Token ${token}` };
  const response = await fetch(`${hub.url}/ocpi/versions`, { headers });
  if (!response.ok) throw new Error(`GET versions: ${response.status}`);
  await response.text();
}

/** Registers the CPO that pushes; its target is the hub's Receiver interface of locations. */
export async function registerCpo(hub: Hub, receiversPort: number): Promise<Target> {
  const url = `http://127.0.0.1:${receiversPort}/900`;
  const token = await register(hub, { name: 'CPO', url, role: 'CPO', party_id: PARTY.party_id });
  return {
    port: hub.port,
    base: `/ocpi/2.2.1/receiver/locations/${PARTY.country_code}/${PARTY.party_id}`,
    headers:
      `Authorization: Token ${encoded(token)}\r\nX-Request-ID: 4d1a-bench\r\nX-Correlation-ID: 9c2b-bench\r\n` +
      `OCPI-from-country-code: ${PARTY.country_code}\r\nOCPI-from-party-id: ${PARTY.party_id}\r\n`,
  };
}
