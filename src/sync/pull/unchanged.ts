import { stringValue } from '../../domain/json/json-text';
import { sameJson } from '../../domain/json/same-json';
import type { ReceiveKind } from '../../ocpi/module';
import type { StoredState } from '../../store/pull/stored-page';
import { isOlder } from '../../hub/objects/decide';
import { cutLocation } from '../../hub/objects/decide-location';
import type { PulledObject } from './pulled-object';

/* Would taking a pulled object change anything? Decided on what is stored, so that nothing is written where not. */

/** EVSEs as stored: those that came are older or equal, and what did not come is newer than the location. */
function sameEvses(came: ReadonlyMap<string, string>, stored: StoredState, last_updated: string): boolean {
  for (const [key, text] of came) {
    const ours = stored.evses.get(key);
    if (ours === undefined) return false;
    if (text === ours) continue;
    const older = isOlder(stringValue(text, 'last_updated'), stringValue(ours, 'last_updated'));
    if (!older && !sameJson(text, ours)) return false;
  }
  if (came.size === stored.evses.size) return true;
  const missing = [...stored.evses].filter(([key]) => !came.has(key));
  return missing.every(([, text]) => isOlder(last_updated, stringValue(text, 'last_updated')));
}

function sameLocation(text: string, stored: StoredState): boolean {
  const { core, last_updated, evses } = cutLocation(text);
  if (isOlder(last_updated, stored.own)) return true;
  if (isOlder(stored.shown, last_updated)) return false;
  return sameJson(core, stored.text) && sameEvses(evses, stored, last_updated);
}

function sameFlat(text: string, stored: StoredState): boolean {
  if (text === stored.text) return true;
  const last_updated = stringValue(text, 'last_updated');
  return isOlder(last_updated, stored.own) || sameJson(text, stored.text);
}

const SAME: Record<ReceiveKind, (text: string, stored: StoredState) => boolean> = {
  whole: sameFlat,
  levels: sameLocation,
  once: (text, stored) => sameJson(text, stored.text),
};

/**
 * True where the stored object stays as it is: the same, older than ours (semantics 38), or deleted here since the
 * pull began. Of a CDR only the same counts: other content is for its check to refuse (semantics 40).
 */
export function staysAsStored(pulled: PulledObject, stored: StoredState): boolean {
  if (stored.deleted) return stored.changedSince;
  return SAME[pulled.key.module.receive](pulled.text, stored);
}
