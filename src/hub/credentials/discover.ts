import { isFields } from '../../domain/json/fields';
import type { Endpoint, InterfaceRole } from '../../domain/partner';
import type { Version } from '../../ocpi/version';
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
  const endpoints = await fetchEndpoints(client, target, {
    url,
    version,
    correlationId: search.correlationId,
  });
  refuseIncomplete(endpoints, version);
  return { version, endpoints };
}

async function fetchVersions(
  client: PartnerClient,
  target: Target,
  search: Search,
): Promise<Map<string, string>> {
  const { versionsUrl: url, correlationId } = search;
  const data = dataOf(await client.ask(target, { method: 'GET', url, correlationId }), 'versions');
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
): Promise<Endpoint[]> {
  const { url, version, correlationId } = at;
  const data = dataOf(await client.ask(target, { method: 'GET', url, correlationId }), 'version details');
  if (isFields(data) && typeof data.version === 'string' && data.version !== version.number)
    return failed({ kind: 'version', wanted: version.number });
  const list = isFields(data) ? data.endpoints : undefined;
  if (!Array.isArray(list)) {
    return failed({ kind: 'unusable', reason: 'version details: data.endpoints must be a list of Endpoint' });
  }
  return list.flatMap((item) => endpointOf(client, version, item));
}

/** What the endpoints of a module are known by; undefined where the version has no such module. */
function moduleOf(
  version: Version,
  name: unknown,
): { identifier: string; hasInterfaces: boolean } | undefined {
  const configuration = [version.credentials, version.hubclientinfo];
  const functional = version.functionalModules.find(({ identifier }) => identifier === name);
  if (functional) return { identifier: functional.identifier, hasInterfaces: true };
  return configuration.find(({ identifier }) => identifier === name);
}

function endpointOf(client: PartnerClient, version: Version, item: unknown): Endpoint[] {
  if (!isFields(item) || typeof item.url !== 'string') return [];
  const module = moduleOf(version, item.identifier);
  if (!module) return [];
  const { identifier } = module;
  const role = module.hasInterfaces ? interfaceRole(item.role) : 'SENDER';
  if (role === undefined) return [];
  const refusal = client.refusalOf(item.url);
  if (refusal !== undefined)
    failed({ kind: 'unusable', reason: `version details: the url of ${identifier} ${refusal}` });
  return [{ identifier, role, url: item.url }];
}

function interfaceRole(role: unknown): InterfaceRole | undefined {
  return role === 'SENDER' || role === 'RECEIVER' ? role : undefined;
}

/** Required: credentials and one module more. */
function refuseIncomplete(endpoints: readonly Endpoint[], { credentials }: Version): void {
  const others = endpoints.filter((e) => e.identifier !== credentials.identifier);
  if (others.length === endpoints.length)
    failed({ kind: 'missing', missing: 'the credentials endpoint is missing' });
  if (others.length === 0)
    failed({ kind: 'missing', missing: 'at least one module beside credentials is required' });
}

function dataOf(answer: Answer, what: string): unknown {
  if (answer.kind === 'ocpi' && answer.success) return answer.data;
  return failed({ kind: 'unusable', reason: `${what} could not be fetched: ${describeAnswer(answer)}` });
}

function failed(fault: DiscoveryFault): never {
  throw new DiscoveryFailed(fault);
}
