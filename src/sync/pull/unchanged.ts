import { stringValue } from '../../domain/json/json-text';
import { sameJson } from '../../domain/json/same-json';
import type { ReceiveKind } from '../../ocpi/module';
import type { StoredState } from '../../store/pull/stored-page';
import { isOvertaken, raised } from '../../hub/objects/decide';
import { cutLocation, type LocationParts } from '../../hub/objects/decide-location';
import type { PulledObject } from './pulled-object';

/* Would taking a pulled object change anything? Decided on what is stored, so that nothing is written where not. */

const lastUpdated = (text: string): string | undefined => stringValue(text, 'last_updated');

/** EVSEs as stored: those that came are older or equal, and what did not come is newer than the location. */
function sameEvses({ evses: came, last_updated }: LocationParts, stored: StoredState, now: number): boolean {
  for (const [key, text] of came) {
    const ours = stored.evses.get(key);
    if (ours === undefined) return false;
    if (text === ours) continue;
    const older = isOvertaken(lastUpdated(text), lastUpdated(ours), now);
    if (!older && !sameJson(text, ours)) return false;
  }
  if (came.size === stored.evses.size) return true;
  const missing = [...stored.evses].filter(([key]) => !came.has(key));
  return missing.every(([, text]) => isOvertaken(last_updated, lastUpdated(text), now));
}

function sameLocation(text: string, stored: StoredState, now: number): boolean {
  const parts = cutLocation(text);
  const { core, last_updated } = parts;
  if (isOvertaken(last_updated, stored.own, now)) return true;
  if (raised(stored.shown, last_updated, now) !== stored.shown) return false;
  return sameJson(core, stored.text) && sameEvses(parts, stored, now);
}

function sameFlat(text: string, stored: StoredState, now: number): boolean {
  if (text === stored.text) return true;
  return isOvertaken(lastUpdated(text), stored.own, now) || sameJson(text, stored.text);
}

const SAME: Record<ReceiveKind, (text: string, stored: StoredState, now: number) => boolean> = {
  whole: sameFlat,
  levels: sameLocation,
  once: (text, stored) => sameJson(text, stored.text),
};

/**
 * True where the stored object stays as it is: the same, older than ours (semantics 38), or deleted here since the
 * pull began. Of a CDR only the same counts: other content is for its check to refuse (semantics 40).
 */
export function staysAsStored(pulled: PulledObject, stored: StoredState, now: number): boolean {
  if (stored.deleted) return stored.changedSince;
  return SAME[pulled.key.module.receive](pulled.text, stored, now);
}
