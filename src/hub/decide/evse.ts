import { stringValue, withMembers } from '../../domain/json-text';
import type { Current, Decision, StoredEvse } from '../../store/objects-types';
import {
  connectorPart,
  elementsUnder,
  elementUnder,
  evseWrite,
  isOlder,
  later,
  STALE,
  type Outcome,
} from './common';
import { withoutNamelessConnectors } from './location';

/*
 * Decisions on one EVSE or connector of a location (mod_locations; HUB-SEMANTICS 38, 39): compared by the
 * last_updated of the level that was pushed; the levels above are raised, never lowered.
 */

/** Takes an EVSE's new text (put or merged). */
export function takeEvse(text: string, key: string, current: Current): Decision<Outcome> {
  const ours = current.evses.get(key);
  const last_updated = stringValue(text, 'last_updated') ?? '';
  if (ours && isOlder(last_updated, stringValue(ours.text, 'last_updated'))) return STALE;
  const row = { place: ours?.place ?? current.nextPlace, text: withoutNamelessConnectors(text) };
  return {
    answer: ours ? 'updated' : 'created',
    write: evseWrite(current, { key, row, last_updated, part: key }),
  };
}

/** The text of a connector within its EVSE. */
export function connectorOf(evse: StoredEvse, connectorKey: string): string | undefined {
  return elementUnder(evse.text, { member: 'connectors', idField: 'id', key: connectorKey });
}

function evseWithConnector(evse: StoredEvse, connectorKey: string, text: string): string {
  const all = elementsUnder(evse.text, 'connectors', 'id');
  const known = all.some((c) => c.key === connectorKey);
  const texts = all.map((c) => (c.key === connectorKey ? text : c.text));
  const raised = later(stringValue(evse.text, 'last_updated') ?? '', stringValue(text, 'last_updated'));
  return withMembers(
    evse.text,
    new Map([
      ['connectors', `[${(known ? texts : [...texts, text]).join(',')}]`],
      ['last_updated', JSON.stringify(raised)],
    ]),
  );
}

/** Takes a connector's new text (put or merged) into its EVSE. */
export function takeConnector(
  text: string,
  at: { evse: StoredEvse; evseKey: string; connectorKey: string },
  current: Current,
): Decision<Outcome> {
  const ours = connectorOf(at.evse, at.connectorKey);
  const last_updated = stringValue(text, 'last_updated') ?? '';
  if (ours !== undefined && isOlder(last_updated, stringValue(ours, 'last_updated'))) return STALE;
  const row = { place: at.evse.place, text: evseWithConnector(at.evse, at.connectorKey, text) };
  const part = connectorPart(at.evseKey, at.connectorKey);
  return {
    answer: ours === undefined ? 'created' : 'updated',
    write: evseWrite(current, { key: at.evseKey, row, last_updated, part }),
  };
}
