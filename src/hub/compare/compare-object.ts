import { isFields, type Fields } from '../../domain/json/fields';
import { sameOrigin } from '../../domain/origin';
import { firstDifference } from '../../domain/json/difference';
import { stringValue } from '../../domain/json/json-text';
import { endpointOf, type Partner } from '../../domain/partner';
import type { Party } from '../../domain/party';
import { routingHeaders } from '../../ocpi/headers';
import { urlUnder, type Level, type OwnedModuleDescriptor } from '../../ocpi/module';
import { parseAnswer, type PartnerClient, type Answer } from '../../partners/partner-client';
import type { ExpectedObject } from '../../store/compare/expected-objects';
import type { Outcome } from './drift';

export interface ComparedWith {
  partnerClient: PartnerClient;
  hub: Party | { country_code: string; party_id: string };
  partner: Partner;
  receiver: Party;
  module: OwnedModuleDescriptor;
  correlationId: string;
  signal: AbortSignal;
}

/** Where the partner has the object: below its Receiver endpoint; what was POSTed, at the Location that it gave. */
function urlAtPartner(at: ComparedWith, owner: Party, object: ExpectedObject): string | undefined {
  const { push, typed, identifier } = at.module;
  const endpoint = endpointOf(at.partner, identifier, 'RECEIVER') ?? '';
  if (push === 'POST') {
    const url = object.location_url;
    return url !== null && sameOrigin(url, endpoint) ? url : undefined;
  }
  const type = typed && stringValue(object.text ?? '{}', typed.member);
  const search = type === undefined ? '' : `?type=${encodeURIComponent(type)}`;
  const slash = at.partner.policies.trailing_slash;
  return urlUnder(endpoint, [owner.country_code, owner.party_id, object.sent_id], { search, slash });
}

/**
 * The value to compare with. The moments of what has a level below it (a location, its EVSEs) are left out: what an
 * EVSE or connector raises in its parents is the receiver's to raise, and many do not; real changes show elsewhere.
 */
function expectedValue(value: unknown, [level, ...below]: readonly Level[]): unknown {
  if (!level || !isFields(value)) return value;
  const { last_updated: _, ...rest } = value;
  const elements = rest[level.member];
  if (!Array.isArray(elements)) return rest;
  return { ...rest, [level.member]: elements.map((element) => expectedValue(element, below)) };
}

function outcomeOf(module: OwnedModuleDescriptor, object: ExpectedObject, back: ReadBack): Outcome {
  if (back.kind === 'unanswered' || back.kind === 'unsupported')
    return { kind: 'unknown', reason: back.reason };
  if (object.text === null) return back.kind === 'absent' ? { kind: 'gone' } : { kind: 'undeleted' };
  if (back.kind === 'absent') return { kind: 'missing', certain: back.certain };
  const difference = firstDifference(expectedValue(JSON.parse(object.text), module.levels), back.value);
  return difference ? { kind: 'different', difference } : { kind: 'equal' };
}

/** GETs one object and says how it compares. `answered`: false where the partner is down or wants to be left alone. */
export async function compareObject(
  at: ComparedWith,
  owner: Party,
  object: ExpectedObject,
): Promise<{ outcome: Outcome; answered: boolean }> {
  const url = urlAtPartner(at, owner, object);
  if (url === undefined)
    return { outcome: { kind: 'unknown', reason: 'the partner gave no Location' }, answered: true };
  const result = await at.partnerClient.request(at.partner, {
    method: 'GET',
    url,
    headers: routingHeaders({ to: at.receiver, from: at.hub }),
    correlationId: at.correlationId,
    signal: at.signal,
  });
  const back = readBack(parseAnswer(result));
  return { outcome: outcomeOf(at.module, object, back), answered: back.kind !== 'unanswered' };
}

/** What a GET on a partner's Receiver interface says about an object. */
export type ReadBack =
  | { kind: 'object'; value: Fields }
  /**
   * It does not have it; `certain`: said with the code for just that, not only HTTP 404, which an unknown path gives
   * too.
   */
  | { kind: 'absent'; certain: boolean }
  /** It serves no such GET, or not in OCPI. */
  | { kind: 'unsupported'; reason: string }
  /** Nothing was learnt: it is down, slow, or asks to be left alone. */
  | { kind: 'unanswered'; reason: string };

/** Unknown location, unknown token (spec: status_codes, 2xxx). */
const UNKNOWN_CODES = [2003, 2004];

/** Reads an answer to a GET of one object. Pure. */
export function readBack(answer: Answer): ReadBack {
  if (answer.kind === 'failure') return { kind: 'unanswered', reason: answer.failure.kind };
  const reason = `HTTP ${answer.http}`;
  if (answer.http === 401 || answer.http === 429) return { kind: 'unanswered', reason };
  if (answer.kind === 'not_ocpi') {
    return { kind: answer.http >= 500 && answer.http !== 501 ? 'unanswered' : 'unsupported', reason };
  }
  if (UNKNOWN_CODES.includes(answer.status_code)) return { kind: 'absent', certain: true };
  if (answer.http === 404) return { kind: 'absent', certain: false };
  if (answer.success && isFields(answer.data)) return { kind: 'object', value: answer.data };
  const words = `${reason}, status_code ${answer.status_code}`;
  const fault = answer.http >= 500 || answer.status_code >= 3000;
  return fault ? { kind: 'unanswered', reason: words } : { kind: 'unsupported', reason: words };
}
