import { asObjects, asText, instant, isObject, keyOf, latest, mergePatch, evseOf } from '../simulator';
import type { JsonObject } from '../simulator';

/*
 * What the others must hold of what a partner pushed: the rules of the hub's documentation, written down once more
 * here, so that the demo judges the hub and does not ask it.
 */

const CONTROL = /\p{Cc}/u;

/** An id that can address an object. */
const isId = (value: unknown): value is string =>
  typeof value === 'string' && value !== '' && !CONTROL.test(value);

/** Can the hub work with the object at all? The only question that a lenient hub asks. */
export function isUsable(module: string, object: JsonObject): boolean {
  const id = object[module === 'tokens' ? 'uid' : 'id'];
  const owned = isId(object['country_code']) && isId(object['party_id']);
  const uids = asObjects(object['evses']).map((evse) => asText(evse['uid']));
  return (
    isId(id) &&
    owned &&
    !Number.isNaN(instant(object['last_updated'])) &&
    !uids.some((uid) => CONTROL.test(uid))
  );
}

/** A location without EVSEs and connectors that nobody could address; of an EVSE that is listed twice the last one. */
function usablePart(location: JsonObject): JsonObject {
  const evses = new Map<string, JsonObject>();
  for (const evse of asObjects(location['evses'])) {
    const uid = asText(evse['uid']);
    if (uid !== '') evses.set(uid.toUpperCase(), withUsableConnectors(evse));
  }
  return { ...location, evses: [...evses.values()] };
}

function withUsableConnectors(evse: JsonObject): JsonObject {
  if (!Array.isArray(evse['connectors'])) return evse;
  const connectors = evse['connectors'].filter((item) => isObject(item) && asText(item['id']) !== '');
  return { ...evse, connectors };
}

/** The state that a partner's pushes make, by key. */
export class Expected {
  readonly objects = new Map<string, JsonObject>();
  /** A location's last_updated as pushed, without what its EVSEs raised. */
  private readonly own = new Map<string, number>();

  /** A PUT (or the POST of a CDR); an older one changes nothing. */
  put(module: string, object: JsonObject): void {
    if (!isUsable(module, object)) return;
    const key = keyOf(module, object);
    const pushed = instant(object['last_updated']);
    if (pushed < (this.own.get(key) ?? -Infinity)) return;
    this.own.set(key, pushed);
    this.objects.set(
      key,
      module === 'locations' ? replaced(this.objects.get(key), usablePart(object)) : object,
    );
  }

  /** A PATCH of an EVSE: raises the location's last_updated. */
  patchEvse(key: string, uid: string, patch: JsonObject): void {
    const location = this.objects.get(key);
    const evse = location === undefined ? undefined : evseOf(location, uid);
    if (location === undefined || evse === undefined) return;
    const evses = asObjects(location['evses']).map((item) =>
      item === evse ? mergePatch(evse, patch) : item,
    );
    this.objects.set(key, {
      ...location,
      evses,
      last_updated: latest(location['last_updated'], patch['last_updated']),
    });
  }
}

/** A location that replaces another: an EVSE that is older than the known one leaves that, the time never goes back. */
function replaced(known: JsonObject | undefined, location: JsonObject): JsonObject {
  if (known === undefined) return location;
  const evses = asObjects(location['evses']).map((evse) => {
    const ours = evseOf(known, asText(evse['uid']));
    return ours !== undefined && instant(evse['last_updated']) < instant(ours['last_updated']) ? ours : evse;
  });
  return { ...location, evses, last_updated: latest(location['last_updated'], known['last_updated']) };
}
