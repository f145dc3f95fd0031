import { isFields } from '../../domain/json/fields';
import { sameCiString } from '../../domain/ci-string';
import type { Endpoint, InterfaceRole, Validation } from '../../domain/partner';
import type { Version } from '../../ocpi/version';
import { withoutTokens } from '../../partners/without-token';
import { describeAnswer, type Answer, type PartnerClient, type Target } from '../../partners/partner-client';

/** A platform's API at one version (spec: version_information_endpoint). */
export interface Discovery {
  version: Version;
  endpoints: Endpoint[];
}

/** Why a platform's API cannot be used. */
export type DiscoveryFault =
  | { kind: 'unusable'; reason: string }
  | { kind: 'version'; wanted: string }
  | { kind: 'missing'; missing: string };

export class DiscoveryFailed extends Error {
  constructor(readonly fault: DiscoveryFault) {
    super(fault.kind);
  }
}

/** What the hub looks for, best first. */
export interface Search {
  versionsUrl: string;
  versions: readonly Version[];
  /** A lenient partner's modules and roles are understood in any letter case. */
  validation: Validation;
  correlationId: string;
}

/**
 * Fetches a platform's versions and the details of the best one that both sides have. Unknown identifiers are
 * ignored, and the role of credentials is disregarded (semantics 11).
 * @throws DiscoveryFailed
 */
export async function discover(client: PartnerClient, target: Target, search: Search): Promise<Discovery> {
  const offered = await fetchVersions(client, target, search);
  const version = search.versions.find(({ number }) => offered.has(number));
  const url = version && offered.get(version.number);
  if (version === undefined || url === undefined)
    return failed({ kind: 'version', wanted: search.versions.map(({ number }) => number).join(', ') });
  const list = await fetchEndpoints(client, target, { ...search, url, version });
  const read = list.map((item) => readEndpoint(client, { version, validation: search.validation }, item));
  const endpoints = read.flatMap((one) => (typeof one === 'string' ? [] : [one]));
  const ignored = read.filter((one) => typeof one === 'string');
  refuseIncomplete(endpoints, version, ignored);
  return { version, endpoints };
}

async function fetchVersions(
  client: PartnerClient,
  target: Target,
  search: Search,
): Promise<Map<string, string>> {
  const { versionsUrl: url, correlationId } = search;
  const data = dataIn(await client.ask(target, { method: 'GET', url, correlationId }), {
    what: 'versions',
    url,
    target,
  });
  if (!Array.isArray(data))
    return failed({ kind: 'unusable', reason: 'versions: data must be a list of Version' });
  const offered = new Map<string, string>();
  for (const item of data.filter(isFields)) {
    if (typeof item.version !== 'string' || typeof item.url !== 'string') continue;
    if (!offered.has(item.version)) offered.set(item.version, item.url);
  }
  return offered;
}

async function fetchEndpoints(
  client: PartnerClient,
  target: Target,
  at: { url: string; version: Version; correlationId: string },
): Promise<unknown[]> {
  const { url, version, correlationId } = at;
  const data = dataIn(await client.ask(target, { method: 'GET', url, correlationId }), {
    what: 'version details',
    url,
    target,
  });
  if (isFields(data) && typeof data.version === 'string' && data.version !== version.number)
    return failed({ kind: 'version', wanted: version.number });
  const list: unknown = isFields(data) ? data.endpoints : undefined;
  if (!isList(list))
    return failed({ kind: 'unusable', reason: 'version details: data.endpoints must be a list of Endpoint' });
  return list;
}

const isList = (value: unknown): value is unknown[] => Array.isArray(value);

interface ReadAs {
  version: Version;
  validation: Validation;
}

/** Is the text this name, in the letter case that the policy allows? */
const isName = ({ validation }: ReadAs, given: unknown, name: string): boolean =>
  given === name || (validation === 'lenient' && typeof given === 'string' && sameCiString(given, name));

/** What the endpoints of a module are known by; undefined where the version has no such module. */
function moduleOf(as: ReadAs, name: unknown): { identifier: string; hasInterfaces: boolean } | undefined {
  const { functionalModules, credentials, hubclientinfo } = as.version;
  const functional = functionalModules.find(({ identifier }) => isName(as, name, identifier));
  if (functional) return { identifier: functional.identifier, hasInterfaces: true };
  return [credentials, hubclientinfo].find(({ identifier }) => isName(as, name, identifier));
}

const INTERFACES: readonly InterfaceRole[] = ['SENDER', 'RECEIVER'];

/** The endpoint, or why it is ignored. @throws DiscoveryFailed for a URL that may not be called */
function readEndpoint(client: PartnerClient, as: ReadAs, item: unknown): Endpoint | string {
  if (!isFields(item) || typeof item.url !== 'string') return 'an endpoint without a url';
  const module = moduleOf(as, item.identifier);
  if (!module) return `${JSON.stringify(item.identifier)} is no module of ${as.version.number}`;
  const { identifier } = module;
  const role = module.hasInterfaces ? INTERFACES.find((name) => isName(as, item.role, name)) : 'SENDER';
  if (role === undefined)
    return `${identifier}: role ${JSON.stringify(item.role)} is neither SENDER nor RECEIVER`;
  const refusal = client.refusalOf(item.url);
  if (refusal !== undefined)
    failed({ kind: 'unusable', reason: `version details: the url of ${identifier} ${refusal}` });
  return { identifier, role, url: item.url };
}

const MOST_NAMED = 5;

function namingIgnored(missing: string, ignored: readonly string[]): string {
  if (ignored.length === 0) return missing;
  const more = ignored.length > MOST_NAMED ? `; and ${ignored.length - MOST_NAMED} more` : '';
  return `${missing}; ignored: ${ignored.slice(0, MOST_NAMED).join('; ')}${more}`;
}

/** Required: credentials and one module more. */
function refuseIncomplete(
  endpoints: readonly Endpoint[],
  { credentials }: Version,
  ignored: readonly string[],
): void {
  const others = endpoints.filter((e) => e.identifier !== credentials.identifier);
  const missing = (what: string): never => failed({ kind: 'missing', missing: namingIgnored(what, ignored) });
  if (others.length === endpoints.length) missing('the credentials endpoint is missing');
  if (others.length === 0) missing('at least one module beside credentials is required');
}

function dataIn(
  answer: Answer,
  { what, url, target }: { what: string; url: string; target: Target },
): unknown {
  if (answer.kind === 'ocpi' && answer.success) return answer.data;
  const why = withoutTokens(describeAnswer(answer), [target.token]);
  const reason = `${what} could not be fetched from ${placeOf(url)}: ${why}${adviceOn(answer)}`;
  return failed({ kind: 'unusable', reason });
}

const LONGEST_PLACE = 200;

/** Where the hub asked; without user and query, which may hold secrets. */
function placeOf(url: string): string {
  if (!URL.canParse(url)) return 'a URL that is none';
  const { origin, pathname } = new URL(url);
  return (origin + pathname).slice(0, LONGEST_PLACE);
}

/** What can be done where the hub did not get an answer. */
function adviceOn(answer: Answer): string {
  if (answer.kind === 'not_ocpi') return '; is this the URL of an OCPI endpoint?';
  if (answer.kind === 'ocpi')
    return answer.http === 401 ? '; does this platform know the token that it gave to the hub?' : '';
  if (answer.failure.kind === 'blocked')
    return "; the hub's setting PARTNER_URLS says which addresses it may call";
  return '; check that the URL is right and that the hub can reach it';
}

function failed(fault: DiscoveryFault): never {
  throw new DiscoveryFailed(fault);
}
