import { hasDistinctIds } from '../domain/distinct-ids';
import { isFields, type Fields } from '../domain/fields';
import { finding, type Finding } from '../ocpi/check';

/*
 * EVSEs merge by uid and connectors by id (HUB-SEMANTICS 35): an element of a PATCH that cannot be told apart by it
 * changes nothing. Its sender must not take that for a success.
 */

interface Level {
  member: string;
  idField: string;
  below?: Level;
}

const CONNECTORS: Level = { member: 'connectors', idField: 'id' };
const EVSES: Level = { member: 'evses', idField: 'uid', below: CONNECTORS };

function elementFindings(element: unknown, path: string, level: Level): Finding[] {
  if (!isFields(element)) return [finding(path, 'must be an object')];
  const id = element[level.idField];
  const below = level.below ? findingsUnder(element, path, level.below) : [];
  if (typeof id === 'string' && id !== '') return below;
  return [finding(`${path}.${level.idField}`, 'is required'), ...below];
}

function findingsUnder(fields: Fields, path: string, level: Level): Finding[] {
  const elements = fields[level.member];
  if (!Array.isArray(elements)) return [];
  const at = `${path}.${level.member}`;
  const article = level.idField === 'uid' ? 'a' : 'an';
  const twice = hasDistinctIds(elements, level.idField)
    ? []
    : [finding(at, `must not have ${article} ${level.idField} twice`)];
  return [...twice, ...elements.flatMap((element, i) => elementFindings(element, `${at}[${i}]`, level))];
}

/** What a PATCH of a location says of EVSEs and connectors that cannot be merged. */
export const evsesOfPatch = (patch: Fields): Finding[] => findingsUnder(patch, '$', EVSES);

/** What a PATCH of an EVSE says of connectors that cannot be merged. */
export const connectorsOfPatch = (patch: Fields): Finding[] => findingsUnder(patch, '$', CONNECTORS);
