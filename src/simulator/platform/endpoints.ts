import type { InterfaceRole, OfferedModule, PartyRole } from '../types';

/** Where the modules hang: /ocpi/2.2.1/{sender|receiver}/{module}. */
export const VERSIONS_PATH = '/ocpi/versions';
export const DETAILS_PATH = '/ocpi/2.2.1';
export const CREDENTIALS_PATH = '/ocpi/2.2.1/credentials';

const OBJECTS = ['locations', 'tariffs', 'sessions', 'cdrs'];

/** The modules a role usually has (the table of modules per role). */
export function modulesOf(role: PartyRole): OfferedModule[] {
  switch (role) {
    case 'CPO':
      return [...senders(OBJECTS), ...receivers(['tokens', 'commands', 'chargingprofiles', 'hubclientinfo'])];
    case 'EMSP':
    case 'OTHER':
      return [
        ...senders(['tokens', 'commands', 'chargingprofiles']),
        ...receivers([...OBJECTS, 'hubclientinfo']),
      ];
    case 'NSP':
      return receivers(['locations', 'tariffs', 'hubclientinfo']);
    case 'NAP':
      return [...senders(['locations', 'tariffs']), ...receivers(['locations', 'tariffs', 'hubclientinfo'])];
    case 'SCSP':
      return [...senders(['chargingprofiles']), ...receivers(['sessions', 'hubclientinfo'])];
    case 'HUB':
      return [...receivers(OBJECTS), ...senders(OBJECTS), ...senders(['hubclientinfo']), ...bothWays()];
  }
}

function bothWays(): OfferedModule[] {
  const modules = ['tokens', 'commands', 'chargingprofiles'];
  return [...senders(modules), ...receivers(modules)];
}

const senders = (identifiers: string[]) => identifiers.map((identifier) => offer(identifier, 'SENDER'));
const receivers = (identifiers: string[]) => identifiers.map((identifier) => offer(identifier, 'RECEIVER'));

function offer(identifier: string, role: InterfaceRole): OfferedModule {
  return { identifier, role };
}

/** Path of a module's endpoint on a simulated platform. */
export function endpointPath(identifier: string, role: InterfaceRole): string {
  return identifier === 'credentials'
    ? CREDENTIALS_PATH
    : `${DETAILS_PATH}/${role.toLowerCase()}/${identifier}`;
}

/** What a path means here. */
export interface Target {
  module: string | undefined;
  role: InterfaceRole | undefined;
  segments: string[];
}

/** Reads a path; a `/` at its end is ignored. An unknown path has no module. */
export function targetOf(path: string): Target {
  const trimmed = path.replace(/\/+$/, '');
  const fixed = FIXED.get(trimmed);
  if (fixed !== undefined) return { module: fixed, role: undefined, segments: [] };
  const match = /^\/ocpi\/2\.2\.1\/(sender|receiver)\/([a-z]+)(?:\/(.*))?$/.exec(trimmed);
  if (match === null) return { module: undefined, role: undefined, segments: [] };
  const segments = match[3] === undefined ? [] : match[3].split('/').map(decode);
  return { module: match[2], role: match[1] === 'sender' ? 'SENDER' : 'RECEIVER', segments };
}

const FIXED = new Map([
  [VERSIONS_PATH, 'versions'],
  [DETAILS_PATH, 'details'],
  [CREDENTIALS_PATH, 'credentials'],
]);

function decode(segment: string): string {
  try {
    return decodeURIComponent(segment);
  } catch {
    return segment;
  }
}

/** Joins an endpoint and what follows with exactly one `/`; a path given as segments is percent-encoded. */
export function joinUrl(endpoint: string, path: string | readonly string[]): string {
  const tail =
    typeof path === 'string'
      ? path.replace(/^\/+/, '')
      : path.map((segment) => encodeURIComponent(segment)).join('/');
  return tail === '' ? endpoint : `${endpoint.replace(/\/+$/, '')}/${tail}`;
}
