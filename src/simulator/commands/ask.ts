import { randomUUID } from 'node:crypto';
import { asObject, asText, at, type Json, type JsonObject } from '../json';
import type { SimulatedPlatform } from '../simulated-platform';
import type { Answer, PartyId, ReceivedRequest, Recipient, Sending } from '../types';
import type { CommandType } from './command-objects';

/*
 * Requests whose result comes later: commands and charging profiles. `ask` sends such a request with a response_url
 * of its own, as an eMSP does. The CPO judges the request in `commands` or `charging-profiles` and answers at once.
 * The CPO posts the result to the response_url: after the answer, before the answer, or when a test says so.
 * AsyncRequest is the request as the CPO keeps it, with every result posted. `response-urls` takes the results in at
 * the eMSP.
 */

/** Between whom a request goes, and under which ids; a fresh response_url and correlation id where none is given. */
export interface Routing {
  to?: Recipient;
  from?: PartyId;
  correlationId?: string;
  responseUrl?: string;
}

/** A request that was answered, and the way to what comes of it. */
export interface Outcome {
  answer: Answer;
  /** `result` of the CommandResponse or ChargingProfileResponse; '' where the answer has none. */
  response: string;
  responseUrl: string;
  correlationId: string;
  /** The results so far, in order; the list grows. */
  results: readonly ReceivedRequest[];
  /** The first result, as soon as it is there. @throws Error where none comes in time (10 s) */
  result(timeoutMs?: number): Promise<JsonObject>;
}

/** Sends a command, with a response_url of its own in the body (mod_commands). */
export async function command(
  platform: SimulatedPlatform,
  type: CommandType,
  fields: JsonObject,
  routing: Routing = {},
): Promise<Outcome> {
  const responseUrl = routing.responseUrl ?? platform.responseUrl('commands', type);
  const body = { response_url: responseUrl, ...fields };
  const sending = { method: 'POST', module: 'commands', interface: 'RECEIVER', path: [type], body } as const;
  return ask(platform, sending, { ...routing, responseUrl });
}

/** Asks something of the charging profile of a session (mod_charging_profiles). */
export async function profile(
  platform: SimulatedPlatform,
  ask_: { method: 'GET' | 'PUT' | 'DELETE'; sessionId: string; duration?: number; body?: JsonObject },
  routing: Routing & { encoded?: boolean } = {},
): Promise<Outcome> {
  const { method, sessionId, duration, body } = ask_;
  const responseUrl = routing.responseUrl ?? platform.responseUrl('chargingprofiles', method);
  const to = { method, module: 'chargingprofiles', interface: 'RECEIVER' } as const;
  if (body !== undefined) {
    const whole = { ...body, response_url: responseUrl };
    return ask(platform, { ...to, path: [sessionId], body: whole }, { ...routing, responseUrl });
  }
  const url = routing.encoded === false ? responseUrl : encodeURIComponent(responseUrl);
  const length = duration === undefined ? '' : `duration=${duration}&`;
  const path = `${encodeURIComponent(sessionId)}?${length}response_url=${url}`;
  return ask(platform, { ...to, path }, { ...routing, responseUrl });
}

async function ask(
  platform: SimulatedPlatform,
  sending: Sending,
  { to, from, correlationId = randomUUID(), responseUrl }: Routing & { responseUrl: string },
): Promise<Outcome> {
  const results = resultsOf(platform, responseUrl);
  const answer = await platform.send({ ...sending, to, from, correlationId });
  const result = async (timeoutMs = 10_000): Promise<JsonObject> => {
    await platform.waitFor(() => results.length > 0, { timeoutMs, what: `result at ${responseUrl}` });
    return asObject(results[0]?.json);
  };
  return { answer, response: responseOf(answer.data), responseUrl, correlationId, results, result };
}

/** None where the response_url is somebody else's, as in a test of that. */
function resultsOf(platform: SimulatedPlatform, responseUrl: string): readonly ReceivedRequest[] {
  try {
    return platform.resultsAt(responseUrl);
  } catch {
    return [];
  }
}

const responseOf = (data: Json | undefined): string => asText(at(data, 'result'));
