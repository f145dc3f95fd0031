import { asObject, asText, type JsonObject } from './json';
import { methodNotAllowed, notFound, ok } from './replies';
import type { PartyId, ReceivedRequest, Reply } from './types';

/** What a CPO answers to commands and charging profiles, and what it says later; undefined: nothing is said later. */
export interface CommandBehaviour {
  response: string;
  result: string | undefined;
  timeout: number;
}

/** Posts a later result to a response_url, FROM the party that was asked, TO the party that asked. */
export type PostResult = (url: string, body: JsonObject, between: { from?: PartyId; to?: PartyId }) => void;

const COMMANDS = ['START_SESSION', 'STOP_SESSION', 'RESERVE_NOW', 'CANCEL_RESERVATION', 'UNLOCK_CONNECTOR'];

/** Receiver interface of commands: answers at once, and posts a CommandResult to response_url afterwards. */
export function receiveCommand(
  request: ReceivedRequest,
  behaviour: CommandBehaviour,
  post: PostResult,
): Reply {
  if (request.method !== 'POST') return methodNotAllowed();
  if (!COMMANDS.includes(request.segments[0] ?? '')) return notFound('Unknown command', 2000);
  const url = asText(asObject(request.json)['response_url']);
  return later(request, { behaviour, url, post, result: (result) => ({ result }) });
}

/** Receiver interface of charging profiles: the same, with the result that belongs to the method. */
export function receiveProfile(
  request: ReceivedRequest,
  behaviour: CommandBehaviour,
  post: PostResult,
): Reply {
  if (!['GET', 'PUT', 'DELETE'].includes(request.method)) return methodNotAllowed();
  const url = request.query['response_url'] ?? asText(asObject(request.json)['response_url']);
  const profile = request.method === 'GET' ? activeProfile() : undefined;
  return later(request, { behaviour, url, post, result: (result) => ({ result, profile }) });
}

interface Later {
  behaviour: CommandBehaviour;
  url: string;
  post: PostResult;
  result: (result: string) => JsonObject;
}

function later(request: ReceivedRequest, { behaviour, url, post, result }: Later): Reply {
  const reply = ok({ result: behaviour.response, timeout: behaviour.timeout });
  const outcome = behaviour.result;
  if (outcome === undefined || url === '' || behaviour.response !== 'ACCEPTED') return reply;
  const between = { from: party(request, 'to'), to: party(request, 'from') };
  return { ...reply, after: () => post(url, result(outcome), between) };
}

/** The party of the routing headers of a request, or undefined where they name none. */
export function party(request: ReceivedRequest, side: 'from' | 'to'): PartyId | undefined {
  const country_code = request.headers[`ocpi-${side}-country-code`];
  const party_id = request.headers[`ocpi-${side}-party-id`];
  return country_code === undefined || party_id === undefined ? undefined : { country_code, party_id };
}

function activeProfile(): JsonObject {
  const charging_profile = {
    charging_rate_unit: 'A',
    min_charging_rate: 6,
    charging_profile_period: [{ start_period: 0, limit: 16 }],
  };
  return { start_date_time: new Date().toISOString(), charging_profile };
}
