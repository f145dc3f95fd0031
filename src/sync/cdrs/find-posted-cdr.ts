import { sameCiString } from '../../domain/ci-string';
import { isFields } from '../../domain/json/fields';
import { instantOf } from '../../domain/instants';
import type { Party, PartyId } from '../../domain/party';
import type { PushAnswer } from '../../domain/push-verdict';
import { parseAnswer } from '../../partners/answer';
import { headerOf, type TransportResult } from '../../partners/transport/transport-types';

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

/** Where the path of an absolute URL begins. */
const ORIGIN = /^[a-z]+:\/\/[^/?#]*/i;
const isPartOfWord = (char: string | undefined): boolean => char !== undefined && /[a-z0-9%]/i.test(char);

/** Where an id stands last in a URL's path or query, not as a part of a longer word. */
function lastIndexOfWord(id: string, url: string): number | undefined {
  const start = ORIGIN.exec(url)?.[0].length ?? 0;
  for (let at = url.lastIndexOf(id); at >= start && id !== ''; at = url.lastIndexOf(id, at - 1))
    if (!isPartOfWord(url[at - 1]) && !isPartOfWord(url[at + id.length])) return at;
  return undefined;
}

/** The same URL for a CDR of another CPO, where it holds country and party as segments. */
export function ownedBy(url: string, from: PartyId, to: PartyId): string {
  const segments = (owner: PartyId): string => `/${owner.country_code}/${owner.party_id}/`;
  const at = url.lastIndexOf(segments(from));
  return at < 0 ? url : url.slice(0, at) + segments(to) + url.slice(at + segments(from).length);
}

/**
 * The URL of another CDR in the form of an example; undefined where that does not hold its id, as it is or encoded:
 * as a segment, in a query, or behind a prefix.
 */
export function siblingUrl(example: string, exampleId: string, id: string): string | undefined {
  for (const shown of [encodeURIComponent(exampleId), exampleId]) {
    const at = lastIndexOfWord(shown, example);
    if (at === undefined) continue;
    return example.slice(0, at) + encodeURIComponent(id) + example.slice(at + shown.length);
  }
  return undefined;
}

const sameText = (value: unknown, wanted: string): boolean =>
  value === undefined || (typeof value === 'string' && sameCiString(value, wanted));

/** The answer is this CDR: ids are unique per CPO alone. */
export function isThisCdr(result: TransportResult, cdr: { id: string; owner: Party | undefined }): boolean {
  const answer = parseAnswer(result);
  if (answer.kind !== 'ocpi' || answer.http !== 200 || !isFields(answer.data)) return false;
  const { id, last_updated, country_code, party_id } = answer.data;
  if (id !== cdr.id || instantOf(last_updated) === undefined || !cdr.owner) return false;
  return sameText(country_code, cdr.owner.country_code) && sameText(party_id, cdr.owner.party_id);
}
