import { isFields, type Fields } from '../../domain/fields';
import type { Partner } from '../../domain/partner';
import type { Party } from '../../domain/party';
import { mayOwn, type OwnedModule } from '../../domain/visibility';
import { ownedModules } from '../../ocpi/v2_2_1';
import type { PageObject } from '../../partners/page-reader';
import type { FindingItem } from '../../store/findings';
import type { ObjectKey } from '../../store/objects-types';
import { fold } from '../decide/common';
import { isId } from '../judge';
import { tokenKey } from '../receive-flat';
import { ownParty } from '../sender';

/** An object of a page, with the key under which it is stored. */
export interface PulledObject extends PageObject {
  owner: Party;
  id: string;
  key: ObjectKey;
}

const finding = (path: string, rule: string, example_id: string): FindingItem => ({ path, rule, example_id });

function ownerOf(partner: Partner, fields: Fields, module: OwnedModule): Party | undefined {
  const { country_code, party_id } = fields;
  if (!isId(country_code) || !isId(party_id)) return undefined;
  const party = ownParty(partner, { country_code, party_id });
  return party && mayOwn(party, module) ? party : undefined;
}

function keyOf(fields: Fields, module: OwnedModule, id: string): string {
  const type = typeof fields.type === 'string' ? fields.type : undefined;
  return module === 'tokens' ? tokenKey(id, type) : fold(id);
}

/**
 * Which object of which party this is. One that names no id, or no party of this platform that may own it, is not
 * taken: a finding says why.
 */
export function identify(
  partner: Partner,
  module: OwnedModule,
  object: PageObject,
): PulledObject | FindingItem {
  const { value } = object;
  if (!isFields(value)) return finding('$', 'must be an object', '');
  const { idField } = ownedModules[module];
  const id = value[idField];
  if (!isId(id)) return finding(`$.${idField}`, 'must be given as a string without control characters', '');
  const owner = ownerOf(partner, value, module);
  if (!owner) return finding('$.party_id', `must be a party of this platform that may own ${module}`, id);
  return {
    text: object.text,
    value,
    owner,
    id,
    key: { module, owner: owner.number, key: keyOf(value, module, id) },
  };
}

export const isFinding = (found: PulledObject | FindingItem): found is FindingItem => 'rule' in found;
