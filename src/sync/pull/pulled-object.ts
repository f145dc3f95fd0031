import { isFields, type Fields } from '../../domain/json/fields';
import type { Partner } from '../../domain/partner';
import type { Party } from '../../domain/party';
import { mayOwn } from '../../domain/visibility';
import { isId } from '../../hub/objects/validate';
import { ownParty } from '../../hub/sender';
import { keyOf, type OwnedModuleDescriptor } from '../../ocpi/module';
import { versionOf } from '../../ocpi/versions';
import type { PageObject } from '../../partners/page-reader';
import type { FindingItem } from '../../store/findings';
import type { ObjectKey } from '../../store/objects/types';

/** An object of a page, with the key under which it is stored. */
export interface PulledObject extends PageObject {
  owner: Party;
  id: string;
  key: ObjectKey;
}

const finding = (path: string, rule: string, example_id: string): FindingItem => ({ path, rule, example_id });

function ownerOf(partner: Partner, fields: Fields, module: OwnedModuleDescriptor): Party | undefined {
  const named = versionOf(partner).ownerIn(fields);
  const party = named && ownParty(partner, named);
  return party && mayOwn(party, module) ? party : undefined;
}

function typeOf(fields: Fields, { typed }: OwnedModuleDescriptor): string | undefined {
  const type = typed && fields[typed.member];
  return typeof type === 'string' ? type : undefined;
}

/**
 * Which object of which party this is. One that names no id, or no party of this platform that may own it, is not
 * taken: a finding says why.
 */
export function identify(
  partner: Partner,
  module: OwnedModuleDescriptor,
  object: PageObject,
): PulledObject | FindingItem {
  const { value } = object;
  if (!isFields(value)) return finding('$', 'must be an object', '');
  const { idField, identifier } = module;
  const id = value[idField];
  if (!isId(id)) return finding(`$.${idField}`, 'must be given as a string without control characters', '');
  const owner = ownerOf(partner, value, module);
  if (!owner) return finding('$.party_id', `must be a party of this platform that may own ${identifier}`, id);
  return {
    text: object.text,
    value,
    owner,
    id,
    key: { module, owner: owner.number, key: keyOf(module, id, typeOf(value, module)) },
  };
}

export const isFinding = (found: PulledObject | FindingItem): found is FindingItem => 'rule' in found;
