import { asObjects, asText, isObject, type JsonObject } from '../../src/simulator/json';
import type { ReceivedRequest } from '../../src/simulator/types';
import type { State } from './history';

/* Objects and pushes as targets and marks: a location is marked by its name, everything else by its last_updated. */

/** The states that an object of a module shows: itself and, of a location, its EVSEs. */
export function statesOf(module: string, object: JsonObject): State[] {
  const target = targetOf(module, object);
  const last_updated = asText(object.last_updated);
  if (module !== 'locations') return [{ target, mark: last_updated, last_updated }];
  const own = { target, mark: asText(object.name), last_updated };
  return [own, ...asObjects(object.evses).map((evse) => evseState(target, evse))];
}

/** The states that a push brings. */
export function statesOfPush({ module = '', method, segments, json }: ReceivedRequest): State[] {
  const target = [module, ...segments.slice(0, 3)].join('/');
  if (method === 'DELETE') return [{ target, mark: null, last_updated: undefined }];
  if (!isObject(json)) return [];
  return module === 'locations' && segments.length > 3 ? [evseState(target, json)] : statesOf(module, json);
}

export function targetOf(module: string, object: JsonObject): string {
  return [module, object.country_code, object.party_id, object.id].map(asText).join('/');
}

function evseState(location: string, evse: JsonObject): State {
  const last_updated = asText(evse.last_updated);
  return { target: `${location}#${asText(evse.uid)}`, mark: last_updated, last_updated };
}
