import { fail } from '../../errors';
import type { Decide, StoredObject } from '../../store/objects/types';
import { isOvertaken, STALE, touchedKeys, type Outcome, type Received } from './decide';
import { fold } from '../../domain/ci-string';
import { unknownObject } from './read';
import { mergePatch } from '../../domain/json/merge-patch';
import {
  connectorOf,
  takeConnector,
  takeEvse,
  cutLocation,
  mergeEvse,
  mergeLocation,
  patchLocation,
  putLocation,
  withoutNamelessConnectors,
} from './decide-location';
import type { Incoming } from './incoming';
import type { Stores } from '../context';
import {
  asObject,
  checkClock,
  checkEssentials,
  identity,
  isId,
  refuseOrRecord,
  validateMerged,
  validate,
  type ValidationContext,
} from './validate';
import { stringValue } from '../../domain/json/json-text';
import { hasDistinctIds } from '../../domain/json/distinct-ids';
import { isFields, type Fields } from '../../domain/json/fields';
import { finding, type DtoClass, type Finding } from '../../ocpi/check';
import { keyOf, type Level } from '../../ocpi/module';

/* Pushes on objects of three levels: locations, EVSEs, connectors (mod_locations, Receiver interface). */

interface Push {
  incoming: Incoming;
  validation: ValidationContext;
}

/** The class of an EVSE or connector. */
function dtoOf({ module, ids }: Incoming): DtoClass {
  const level = module.levels[ids.length - 2];
  return ids.length === 1 ? module.dto : (level?.dto ?? fail({ kind: 'HubFault' }));
}

function need(current: StoredObject, { module, ids }: Incoming): void {
  if (!current.exists) unknownObject(module, ids.slice(0, 1));
}

/** An EVSE uid with control characters is refused by both policies. */
function checkUids(fields: Record<string, unknown>): void {
  const evses: unknown[] = Array.isArray(fields.evses) ? fields.evses : [];
  evses.forEach((evse, i) => {
    const uid = typeof evse === 'object' && evse !== null && 'uid' in evse ? evse.uid : undefined;
    if (typeof uid === 'string' && uid !== '' && !isId(uid)) {
      fail({ kind: 'Invalid', message: `$.evses[${i}].uid: must not contain control characters` });
    }
  });
}

function putWhole({ incoming, validation }: Push): Decide<Outcome> {
  const fields = asObject(incoming.body.value);
  validate(validation, dtoOf(incoming), fields);
  checkEssentials(fields, identity(incoming, false));
  checkUids(fields);
  const parts = cutLocation(incoming.body.text);
  return (current) => putLocation(parts, current, incoming.pulled);
}

function patchWhole({ incoming, validation }: Push): Decide<Outcome> {
  const fields = asObject(incoming.body.value);
  checkEssentials(fields, identity(incoming, true));
  checkUids(fields);
  refuseOrRecord(validation, findingsUnder(fields, '$', incoming.module.levels));
  const touched = touchedKeys(incoming.body.text);
  return (current) => {
    need(current, incoming);
    const merged = mergeLocation(incoming.body.text, current);
    if (isOvertaken(merged.last_updated, current.last_updated, current.now)) return STALE;
    validateMerged(validation, dtoOf(incoming), { text: merged.touched, touched });
    return patchLocation(merged, current);
  };
}

function evseOf(
  current: StoredObject,
  incoming: Incoming,
): { evseKey: string; evse: { place: number; text: string } } {
  need(current, incoming);
  const { module, ids } = incoming;
  const evseKey = fold(ids[1] ?? '');
  const evse = current.evses.get(evseKey) ?? unknownObject(module, ids.slice(0, 2));
  return { evseKey, evse };
}

function putEvse({ incoming, validation }: Push): Decide<Outcome> {
  const uid = incoming.ids[1] ?? '';
  const fields = asObject(incoming.body.value);
  validate(validation, dtoOf(incoming), fields);
  checkEssentials(fields, [{ field: 'uid', value: uid, optional: false }]);
  return (current) => {
    need(current, incoming);
    return takeEvse(withoutNamelessConnectors(incoming.body.text), fold(uid), current);
  };
}

function patchEvse({ incoming, validation }: Push): Decide<Outcome> {
  const fields = asObject(incoming.body.value);
  checkEssentials(fields, [{ field: 'uid', value: incoming.ids[1] ?? '', optional: true }]);
  refuseOrRecord(validation, findingsUnder(fields, '$', incoming.module.levels.slice(1)));
  const touched = touchedKeys(incoming.body.text);
  return (current) => {
    const { evseKey, evse } = evseOf(current, incoming);
    const decision = takeEvse(mergeEvse(evse.text, incoming.body.text), evseKey, current);
    const text = decision.write?.evses?.get(evseKey)?.text;
    if (text !== undefined) validateMerged(validation, dtoOf(incoming), { text, touched });
    return decision;
  };
}

function putConnector({ incoming, validation }: Push): Decide<Outcome> {
  const id = incoming.ids[2] ?? '';
  const fields = asObject(incoming.body.value);
  validate(validation, dtoOf(incoming), fields);
  checkEssentials(fields, [{ field: 'id', value: id, optional: false }]);
  return (current) =>
    takeConnector(incoming.body.text, { ...evseOf(current, incoming), connectorKey: fold(id) }, current);
}

function patchConnector({ incoming, validation }: Push): Decide<Outcome> {
  const id = incoming.ids[2] ?? '';
  const fields = asObject(incoming.body.value);
  checkEssentials(fields, [{ field: 'id', value: id, optional: true }]);
  const touched = touchedKeys(incoming.body.text);
  return (current) => {
    const at = { ...evseOf(current, incoming), connectorKey: fold(id) };
    const ours = connectorOf(at.evse, at.connectorKey) ?? unknownObject(incoming.module, incoming.ids);
    const last_updated = stringValue(incoming.body.text, 'last_updated');
    if (isOvertaken(last_updated, stringValue(ours, 'last_updated'), current.now)) return STALE;
    const text = mergePatch(ours, incoming.body.text);
    validateMerged(validation, dtoOf(incoming), { text, touched });
    return takeConnector(text, at, current);
  };
}

const PUTS = [putWhole, putEvse, putConnector];
const PATCHES = [patchWhole, patchEvse, patchConnector];

/** EVSE rows that the decision needs: of a whole PUT all, of a PATCH only where it speaks of EVSEs. */
function wantedEvses(incoming: Incoming): string | undefined {
  if (incoming.ids.length > 1) return fold(incoming.ids[1] ?? '');
  const fields = asObject(incoming.body.value);
  return incoming.method === 'PUT' || fields.evses !== undefined ? '*' : undefined;
}

/**
 * Checks and stores a push on a location, an EVSE or a connector.
 * @throws Invalid, UnknownObject
 */
export async function receiveLocation(stores: Stores, incoming: Incoming): Promise<Received> {
  const { module, partner, owner, ids } = incoming;
  const id = ids[0] ?? '';
  const validation = { findings: stores.findings, partner, module: module.identifier, example_id: id };
  const object = { module, owner: owner.number, key: keyOf(module, id, undefined), id };
  const wantEvse = wantedEvses(incoming);
  const wantText = ids.length === 1 && incoming.method === 'PATCH';
  const options = { wantText, wantEvse, bulk: incoming.pulled, correlation_id: incoming.correlation_id };
  const levels = incoming.method === 'PUT' ? PUTS : PATCHES;
  const decide = levels[ids.length - 1]?.({ incoming, validation });
  if (!decide) return unknownObject(module, ids);
  checkClock(validation, incoming, stores.registry.now());
  return { outcome: await stores.objects.transact(object, options, decide), id };
}

/*
 * EVSEs merge by uid and connectors by id (semantics 35): an element of a PATCH that cannot be told apart by it
 * changes nothing. Its sender must not take that for a success.
 */

function elementFindings(element: unknown, path: string, [level, ...below]: readonly Level[]): Finding[] {
  if (!isFields(element)) return [finding(path, 'must be an object')];
  const idField = level?.idField ?? 'id';
  const id = element[idField];
  const further = findingsUnder(element, path, below);
  if (typeof id === 'string' && id !== '') return further;
  return [finding(`${path}.${idField}`, 'is required'), ...further];
}

/** What a PATCH says of EVSEs and connectors that cannot be merged; `levels`: those below what it patches. */
function findingsUnder(fields: Fields, path: string, levels: readonly Level[]): Finding[] {
  const [level] = levels;
  const elements = level && fields[level.member];
  if (!level || !Array.isArray(elements)) return [];
  const at = `${path}.${level.member}`;
  const article = level.idField === 'uid' ? 'a' : 'an';
  const twice = hasDistinctIds(elements, level.idField)
    ? []
    : [finding(at, `must not have ${article} ${level.idField} twice`)];
  return [...twice, ...elements.flatMap((element, i) => elementFindings(element, `${at}[${i}]`, levels))];
}
