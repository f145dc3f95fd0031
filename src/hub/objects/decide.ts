import { fold } from '../../domain/ci-string';
import { instantOf } from '../../domain/instants';
import { elementsOf, isArrayText, membersOf, stringValue, valueText } from '../../domain/json/json-text';
import type { StoredObject, Decision, StoredEvse } from '../../store/objects/types';

/** What became of a push, for its answer. `stale`: acknowledged, the newer copy stays (semantics 38). */
export type Outcome = 'created' | 'updated' | 'stale';

/** Is `a` an older DateTime than `b`? What is no date is not. */
export function isOlder(a: string | undefined, b: string | undefined): boolean {
  const x = instantOf(a);
  const y = instantOf(b);
  return x !== undefined && y !== undefined && x < y;
}

/** The later of two DateTimes, as it was sent; an equal one does not replace the first. */
export function later(a: string, b: string | undefined): string {
  return b !== undefined && isOlder(a, b) ? b : a;
}

/** What came of a pushed object, and its id. `same`: it was pushed before, word for word. */
export interface Received {
  outcome: Outcome | 'same';
  id: string;
}

export const STALE: Decision<Outcome> = { answer: 'stale' };

/** The key of a change below an EVSE. */
export const connectorPart = (evseKey: string, connectorKey: string): string => `${evseKey}\n${connectorKey}`;

/** What is written when one EVSE of a location changed: the EVSE row and the head, never the location's text. */
export function evseWrite(
  current: StoredObject,
  evse: { key: string; row: StoredEvse; last_updated: string; part: string },
): Decision<Outcome>['write'] {
  return {
    last_updated: current.last_updated,
    shown_last_updated: later(current.shown_last_updated, evse.last_updated),
    evses: new Map([[evse.key, evse.row]]),
    changes: [evse.part],
  };
}

/** The elements of a member that is an array; none where it is not there or something else. */
export function elementsUnder(
  text: string,
  member: string,
  idField: string,
): ReturnType<typeof keyedElements> {
  const array = valueText(text, member);
  return array !== undefined && isArrayText(array) ? keyedElements(array, idField) : [];
}

/** The element with this folded id of a member that is an array. */
export function elementUnder(
  text: string,
  at: { member: string; idField: string; key: string },
): string | undefined {
  return elementsUnder(text, at.member, at.idField).find((element) => element.key === at.key)?.text;
}

/** Elements of an array text that are objects with this id, folded id first. */
export function keyedElements(
  arrayText: string,
  idField: string,
): { key: string | undefined; text: string }[] {
  return elementsOf(arrayText).map((text) => {
    const id = text.startsWith('{') ? stringValue(text, idField) : undefined;
    return { key: id === undefined || id === '' ? undefined : fold(id), text };
  });
}

/** Keys of the members that a PATCH touches. */
export const touchedKeys = (patch: string): Set<string> => new Set(membersOf(patch).map((m) => m.key));
