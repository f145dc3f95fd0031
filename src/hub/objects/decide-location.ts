import {
  isArrayText,
  stringValue,
  valueText,
  withMembers,
  withoutMembers,
} from '../../domain/json/json-text';
import { mergePatch } from '../../domain/json/merge-patch';
import type { StoredObject, Decision, StoredEvse } from '../../store/objects/types';
import {
  elementsUnder,
  isOvertaken,
  keyedElements,
  raised,
  STALE,
  type Outcome,
  connectorPart,
  elementUnder,
  evseWrite,
} from './decide';

/*
 * Decisions on whole locations (mod_locations; semantics 35, 38, 39). A location is compared by its own
 * last_updated, without what its EVSEs raised; what is shown is never lower than what was shown.
 */

const lastUpdated = (text: string): string | undefined => stringValue(text, 'last_updated');

export interface LocationParts {
  /** The location without evses and last_updated. */
  core: string;
  last_updated: string;
  /** In their order, by folded uid; of a uid that stands twice the last one. */
  evses: Map<string, string>;
}

const LOCATION_PARTS = ['evses', 'last_updated'];

/** Connectors without an id are left out; strict partners never get this far with one (semantics, Tolerance). */
export function withoutNamelessConnectors(evseText: string): string {
  const connectors = valueText(evseText, 'connectors');
  if (connectors === undefined || !isArrayText(connectors)) return evseText;
  const kept = keyedElements(connectors, 'id');
  if (kept.every((c) => c.key !== undefined)) return evseText;
  const text = kept.filter((c) => c.key !== undefined).map((c) => c.text);
  return withMembers(evseText, new Map([['connectors', `[${text.join(',')}]`]]));
}

/** Cuts a location's text; EVSEs without a uid are left out. */
export function cutLocation(text: string): LocationParts {
  const evses = new Map<string, string>();
  for (const { key, text: evse } of elementsUnder(text, 'evses', 'uid')) {
    if (key !== undefined) evses.set(key, withoutNamelessConnectors(evse));
  }
  return {
    core: withoutMembers(text, LOCATION_PARTS),
    last_updated: stringValue(text, 'last_updated') ?? '',
    evses,
  };
}

function evsesOfPut(parts: LocationParts, current: StoredObject): Map<string, StoredEvse> {
  const rows = new Map<string, StoredEvse>();
  let place = 0;
  for (const [key, text] of parts.evses) {
    const ours = current.evses.get(key);
    const olderThanOurs = ours && isOvertaken(lastUpdated(text), lastUpdated(ours.text), current.now);
    rows.set(key, { place: place++, text: olderThanOurs ? ours.text : text });
  }
  return rows;
}

/** An EVSE that came as it is stored needs no write. */
function isSame(row: StoredEvse, stored: StoredEvse | undefined): boolean {
  return row.place === stored?.place && row.text === stored.text;
}

/** EVSEs that a whole location leaves out. A pulled one says nothing about those that are newer than itself. */
function goneEvses(parts: LocationParts, current: StoredObject, pulled: boolean): string[] {
  const isNewer = (text: string): boolean => isOvertaken(parts.last_updated, lastUpdated(text), current.now);
  return [...current.evses]
    .filter(([key, evse]) => !parts.evses.has(key) && !(pulled && isNewer(evse.text)))
    .map(([key]) => key);
}

/** PUT of a whole location: replaces it; an EVSE that is older than ours leaves ours. */
export function putLocation(parts: LocationParts, current: StoredObject, pulled = false): Decision<Outcome> {
  const known = current.exists && !current.deleted;
  if (known && isOvertaken(parts.last_updated, current.last_updated, current.now)) return STALE;
  const evses = evsesOfPut(parts, current);
  return {
    answer: known ? 'updated' : 'created',
    write: {
      last_updated: parts.last_updated,
      shown_last_updated: known
        ? raised(current.shown_last_updated, parts.last_updated, current.now)
        : parts.last_updated,
      text: parts.core,
      evses: new Map([...evses].filter(([key, row]) => !isSame(row, current.evses.get(key)))),
      goneEvses: goneEvses(parts, current, pulled),
      changes: [null],
    },
  };
}

/** Merges the connectors of an EVSE by id: given fields replace, a new id is a whole object. */
function mergeConnectors(evseText: string, patchText: string): string {
  const merged = new Map<string, string>();
  for (const { key, text } of elementsUnder(evseText, 'connectors', 'id')) merged.set(key ?? text, text);
  for (const { key, text } of keyedElements(patchText, 'id')) {
    if (key !== undefined) merged.set(key, mergePatch(merged.get(key) ?? '{}', text));
  }
  return `[${[...merged.values()].join(',')}]`;
}

/** Merges a PATCH into an EVSE. null or no array for connectors is left to the check of the result. */
export function mergeEvse(evseText: string, patchText: string): string {
  const connectors = valueText(patchText, 'connectors');
  if (connectors === undefined || !isArrayText(connectors)) return mergePatch(evseText, patchText);
  const merged = mergePatch(evseText, withoutMembers(patchText, ['connectors']));
  return withMembers(merged, new Map([['connectors', mergeConnectors(evseText, connectors)]]));
}

/** Merges the EVSEs of a location's PATCH by uid; those older than ours are passed over. */
function patchedEvses(evsesText: string, current: StoredObject): Map<string, StoredEvse> {
  const rows = new Map<string, StoredEvse>();
  let place = current.nextPlace;
  for (const { key, text } of keyedElements(evsesText, 'uid')) {
    if (key === undefined) continue;
    const ours = rows.get(key) ?? current.evses.get(key);
    if (ours && isOvertaken(lastUpdated(text), lastUpdated(ours.text), current.now)) continue;
    rows.set(key, { place: ours?.place ?? place++, text: mergeEvse(ours?.text ?? '{}', text) });
  }
  return rows;
}

export interface PatchedLocation {
  core: string;
  evses: Map<string, StoredEvse>;
  last_updated: string;
  /** The merged whole as far as it was touched: what the check looks at. */
  touched: string;
}

/** The location that a PATCH makes; pure, checked before it is written. */
export function mergeLocation(patch: string, current: StoredObject): PatchedLocation {
  const evsesText = valueText(patch, 'evses');
  const evses =
    evsesText && isArrayText(evsesText) ? patchedEvses(evsesText, current) : new Map<string, StoredEvse>();
  const core = mergePatch(current.text, withoutMembers(patch, LOCATION_PARTS));
  const last_updated = stringValue(patch, 'last_updated') ?? '';
  const touched = new Map<string, string | undefined>([['last_updated', JSON.stringify(last_updated)]]);
  if (evsesText && !isArrayText(evsesText) && evsesText !== 'null') touched.set('evses', evsesText);
  else if (evses.size > 0) touched.set('evses', `[${[...evses.values()].map((e) => e.text).join(',')}]`);
  return { core, evses, last_updated, touched: withMembers(core, touched) };
}

/** What a checked PATCH of a location writes. */
export function patchLocation(merged: PatchedLocation, current: StoredObject): Decision<Outcome> {
  const evseTimes = [...merged.evses.values()].map((e) => stringValue(e.text, 'last_updated'));
  const shown = evseTimes.reduce<string>(
    (a, b) => raised(a, b, current.now),
    raised(current.shown_last_updated, merged.last_updated, current.now),
  );
  return {
    answer: 'updated',
    write: {
      last_updated: merged.last_updated,
      shown_last_updated: shown,
      text: merged.core,
      evses: merged.evses,
      changes: [null],
    },
  };
}

/*
 * Decisions on one EVSE or connector of a location (mod_locations; semantics 38, 39): compared by the
 * last_updated of the level that was pushed; the levels above are raised, never lowered.
 */

/** Takes an EVSE's new text (put, without nameless connectors, or merged). */
export function takeEvse(text: string, key: string, current: StoredObject): Decision<Outcome> {
  const ours = current.evses.get(key);
  const last_updated = stringValue(text, 'last_updated') ?? '';
  if (ours && isOvertaken(last_updated, lastUpdated(ours.text), current.now)) return STALE;
  const row = { place: ours?.place ?? current.nextPlace, text };
  return {
    answer: ours ? 'updated' : 'created',
    write: evseWrite(current, { key, row, last_updated, part: key }),
  };
}

/** The text of a connector within its EVSE. */
export function connectorOf(evse: StoredEvse, connectorKey: string): string | undefined {
  return elementUnder(evse.text, { member: 'connectors', idField: 'id', key: connectorKey });
}

function evseWithConnector(evse: StoredEvse, connector: { key: string; text: string }, now: number): string {
  const { key: connectorKey, text } = connector;
  const all = elementsUnder(evse.text, 'connectors', 'id');
  const known = all.some((c) => c.key === connectorKey);
  const texts = all.map((c) => (c.key === connectorKey ? text : c.text));
  const last_updated = raised(lastUpdated(evse.text) ?? '', lastUpdated(text), now);
  return withMembers(
    evse.text,
    new Map([
      ['connectors', `[${(known ? texts : [...texts, text]).join(',')}]`],
      ['last_updated', JSON.stringify(last_updated)],
    ]),
  );
}

/** Takes a connector's new text (put or merged) into its EVSE. */
export function takeConnector(
  text: string,
  at: { evse: StoredEvse; evseKey: string; connectorKey: string },
  current: StoredObject,
): Decision<Outcome> {
  const ours = connectorOf(at.evse, at.connectorKey);
  const last_updated = stringValue(text, 'last_updated') ?? '';
  if (ours !== undefined && isOvertaken(last_updated, lastUpdated(ours), current.now)) return STALE;
  const row = {
    place: at.evse.place,
    text: evseWithConnector(at.evse, { key: at.connectorKey, text }, current.now),
  };
  const part = connectorPart(at.evseKey, at.connectorKey);
  return {
    answer: ours === undefined ? 'created' : 'updated',
    write: evseWrite(current, { key: at.evseKey, row, last_updated, part }),
  };
}
