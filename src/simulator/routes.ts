import {
  receiveCommand,
  receiveProfile,
  party,
  type CommandBehaviour,
  type PostResult,
} from './asynchronous';
import { receiveCredentials, type CredentialsOwner } from './credentials';
import { DETAILS_PATH, endpointPath, VERSIONS_PATH } from './endpoints';
import type { JsonObject } from './json';
import { receiveCdr, receiveObject } from './receiver';
import { methodNotAllowed, notFound, ok, refuse } from './replies';
import { serveObjects } from './sender';
import { sameId } from './store';
import type { OfferedModule, Party, ReceivedRequest, Reply } from './types';

/** What answering a request needs of the platform. */
export interface PlatformParts extends CredentialsOwner {
  readonly baseUrl: string;
  parties: Party[];
  modules: OfferedModule[];
  stored: Map<string, JsonObject>;
  owned: Map<string, JsonObject>;
  pageLimit: number;
  commands: CommandBehaviour;
  postResult: PostResult;
}

/** The platform's own answer: authentication first, then the module (transport_and_format, "Responses"). */
export async function answer(
  us: PlatformParts,
  request: ReceivedRequest,
  token: string | undefined,
): Promise<Reply> {
  const configuration = request.role === undefined;
  const known = token !== undefined && (us.hubTokens.has(token) || (configuration && token === us.tokenA));
  if (!known || token === undefined) return refuse(2002, 'Unknown token', 401);
  if (configuration) return configure(us, request, token);
  const to = party(request, 'to');
  const module = request.module ?? '';
  if (!us.modules.some((offer) => offer.identifier === module && offer.role === request.role)) {
    return notFound(`${module} is not offered`, 2000);
  }
  if (to !== undefined && !us.parties.some((ours) => sameParty(ours, to))) {
    return refuse(2001, `OCPI-to: ${to.country_code}/${to.party_id} is not a party of this platform`);
  }
  return request.role === 'SENDER' ? asSender(us, request) : asReceiver(us, request);
}

function sameParty(a: { country_code: string; party_id: string }, b: typeof a): boolean {
  return sameId(a.country_code, b.country_code) && sameId(a.party_id, b.party_id);
}

async function configure(us: PlatformParts, request: ReceivedRequest, token: string): Promise<Reply> {
  if (request.module === 'credentials') return receiveCredentials(us, request, token);
  if (request.module === undefined) return notFound('No such path', 2000);
  if (request.method !== 'GET') return methodNotAllowed();
  return request.module === 'versions' ? versions(us) : details(us);
}

function versions(us: PlatformParts): Reply {
  return ok([{ version: '2.2.1', url: `${us.baseUrl}${DETAILS_PATH}` }]);
}

function details(us: PlatformParts): Reply {
  const credentials: OfferedModule = { identifier: 'credentials', role: 'RECEIVER' };
  const endpoints = [credentials, ...us.modules].map(({ identifier, role }) => ({
    identifier,
    role,
    url: `${us.baseUrl}${endpointPath(identifier, role)}`,
  }));
  return ok({ version: '2.2.1', endpoints });
}

function asSender(us: PlatformParts, request: ReceivedRequest): Reply {
  const module = request.module ?? '';
  if (module === 'commands') return request.method === 'POST' ? ok() : methodNotAllowed();
  if (module === 'chargingprofiles') {
    return ['POST', 'PUT'].includes(request.method) ? ok() : methodNotAllowed();
  }
  const endpoint = `${us.baseUrl}${endpointPath(module, 'SENDER')}`;
  return serveObjects(us.owned, request, { endpoint, pageLimit: us.pageLimit });
}

function asReceiver(us: PlatformParts, request: ReceivedRequest): Reply {
  switch (request.module) {
    case 'commands':
      return receiveCommand(request, us.commands, us.postResult);
    case 'chargingprofiles':
      return receiveProfile(request, us.commands, us.postResult);
    case 'cdrs':
      return receiveCdr(us.stored, request, `${us.baseUrl}${endpointPath('cdrs', 'RECEIVER')}`);
    default:
      return receiveObject(us.stored, request);
  }
}

/** The versions URL below a base URL. */
export const versionsUrlOf = (baseUrl: string): string => `${baseUrl}${VERSIONS_PATH}`;
