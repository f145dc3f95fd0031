import { isFields } from '../domain/fields';
import { instantOf } from '../domain/instants';
import type { Party } from '../domain/party';
import type { PushAnswer } from '../domain/push-verdict';
import { parseAnswer } from '../partners/answer';
import { headerOf, type TransportResult } from '../partners/types';

/* What answers to the POST and the GET of a CDR say. Pure. */

/**
 * True unless it is certain that nothing was received: no connection was made, or the answer says that it was not
 * taken. A connection that broke says nothing, whatever its error is called.
 */
export function mayBeThere(answer: PushAnswer): boolean {
  if (answer.answered) {
    const { http, status_code } = answer;
    if (http === 401 || http === 429) return false;
    return http >= 500 || status_code === undefined || status_code >= 3000;
  }
  return !/^(dns:|blocked:|refused: (connect |.*ECONNREFUSED))/.test(answer.failure);
}

/** Where the receiver put it. */
export function locationOf(result: TransportResult): string | null {
  return (result.ok ? headerOf(result.headers, 'location') : undefined) ?? null;
}

/** The URL of another CDR in the form of an example; undefined where that does not hold its id as a segment. */
export function siblingUrl(example: string, exampleId: string, id: string): string | undefined {
  const segment = `/${encodeURIComponent(exampleId)}`;
  const at = example.lastIndexOf(segment);
  if (at < 0) return undefined;
  return `${example.slice(0, at)}/${encodeURIComponent(id)}${example.slice(at + segment.length)}`;
}

const sameText = (value: unknown, wanted: string): boolean =>
  value === undefined || (typeof value === 'string' && value.toUpperCase() === wanted.toUpperCase());

/** The answer is this CDR: ids are unique per CPO alone. */
export function isThisCdr(result: TransportResult, cdr: { id: string; owner: Party | undefined }): boolean {
  const answer = parseAnswer(result);
  if (answer.kind !== 'ocpi' || answer.http !== 200 || !isFields(answer.data)) return false;
  const { id, last_updated, country_code, party_id } = answer.data;
  if (id !== cdr.id || instantOf(last_updated) === undefined || !cdr.owner) return false;
  return sameText(country_code, cdr.owner.country_code) && sameText(party_id, cdr.owner.party_id);
}
