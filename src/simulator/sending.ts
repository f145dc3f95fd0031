import { randomUUID } from 'node:crypto';
import type { HubConnection } from './hub-connection';
import type { Json } from './json';
import type { InterfaceRole, PartyId } from './types';

/** One request to the hub. */
export interface SendOptions {
  method?: string;
  module?: string;
  /** The hub's interface that is called; RECEIVER unless given. */
  role?: InterfaceRole;
  /** An absolute URL instead of module, role and path: a Link, a Location, a response_url. */
  url?: string;
  /** What follows the endpoint's URL: text as it is, or segments that are percent-encoded. */
  path?: string | string[];
  query?: Record<string, string | number | undefined>;
  /** An object is sent as JSON, a string byte for byte. */
  body?: Json | object;
  /** The platform's first party unless given; null: no FROM headers. */
  from?: PartyId | null;
  /** Left out: no TO headers. */
  to?: PartyId | 'hub';
  /** Added last; undefined takes a header away. */
  headers?: Record<string, string | undefined>;
  requestId?: string;
  correlationId?: string;
  /** Instead of the token that the hub gave. */
  token?: string;
  /** How long to wait for the whole answer, ms. */
  timeoutMs?: number;
}

const CONFIGURATION = ['credentials', 'versions', 'hubclientinfo'];

/** All headers of a request but Authorization, names in lower case (transport_and_format, "Message Routing"). */
export function headersOf(
  options: SendOptions,
  us: PartyId | undefined,
  hub?: HubConnection,
): Record<string, string> {
  const headers: Record<string, string | undefined> = {
    accept: 'application/json',
    'x-request-id': options.requestId ?? randomUUID(),
    'x-correlation-id': options.correlationId ?? randomUUID(),
    'content-type': options.body === undefined ? undefined : 'application/json',
    ...(options.from === null ? {} : party('from', options.from ?? sender(options, us))),
    ...party('to', options.to === 'hub' ? hubParty(hub) : options.to),
  };
  for (const [name, value] of Object.entries(options.headers ?? {})) headers[name.toLowerCase()] = value;
  return withoutUndefined(headers);
}

function sender(options: SendOptions, us: PartyId | undefined): PartyId | undefined {
  const functional = options.module !== undefined && !CONFIGURATION.includes(options.module);
  return functional || options.to !== undefined ? us : undefined;
}

function party(side: 'from' | 'to', id: PartyId | undefined): Record<string, string> {
  if (id === undefined) return {};
  return { [`ocpi-${side}-country-code`]: id.country_code, [`ocpi-${side}-party-id`]: id.party_id };
}

function withoutUndefined(headers: Record<string, string | undefined>): Record<string, string> {
  const given: Record<string, string> = {};
  for (const [name, value] of Object.entries(headers)) if (value !== undefined) given[name] = value;
  return given;
}

/** The hub's own party, from its credentials roles; throws while there is no connection. */
export function hubParty(hub: HubConnection | undefined): PartyId {
  const role = hub?.roles.find((candidate) => candidate.role === 'HUB') ?? hub?.roles[0];
  if (role === undefined) throw new Error('not registered: the party of the hub is not known');
  return { country_code: role.country_code, party_id: role.party_id };
}

/** The body as text. */
export function bodyText(body: SendOptions['body']): string | undefined {
  return body === undefined || typeof body === 'string' ? body : JSON.stringify(body);
}

/** URL with its query; undefined values are left out. */
export function withQuery(url: string, query: SendOptions['query']): string {
  const given = Object.entries(query ?? {}).flatMap(([name, value]) =>
    value === undefined ? [] : [[name, String(value)]],
  );
  if (given.length === 0) return url;
  return `${url}${url.includes('?') ? '&' : '?'}${new URLSearchParams(given).toString()}`;
}
