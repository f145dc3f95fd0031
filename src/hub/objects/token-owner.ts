import { fail } from '../../errors';
import type { Fields } from '../../domain/json/fields';
import type { Partner } from '../../domain/partner';
import { partyWords, type Party } from '../../domain/party';
import { concernedIn, type OwnedModuleDescriptor } from '../../ocpi/module';
import type { Stores } from '../context';

/* The party that a session or CDR concerns: the owner of the token that was used, by its cdr_token. */

/**
 * That party; undefined where the fields name none. One that is not there is remembered: when it registers, the sender's
 * list is asked again (semantics 33b).
 * @throws UnknownReceiver
 */
export async function tokenOwner(
  stores: Pick<Stores, 'registry' | 'wanted'>,
  { partner, module }: { partner: Pick<Partner, 'id'>; module: OwnedModuleDescriptor },
  fields: Fields,
): Promise<Party | undefined> {
  const named = concernedIn(module, fields);
  if (!named) return undefined;
  const party = await stores.registry.findParty(named);
  if (party) return party;
  stores.wanted.note(partner.id, module, named);
  return fail({ kind: 'UnknownReceiver', party: partyWords(named) });
}

/** The same of what was relayed: its receiver judged it, and nobody need own its cdr_token here. */
export function knownOwner(
  stores: Pick<Stores, 'registry'>,
  module: OwnedModuleDescriptor,
  fields: Fields,
): Party | undefined {
  const named = concernedIn(module, fields);
  return named && stores.registry.party(named);
}

/** @throws Invalid: the object has to name that party */
export function namesNobody({ concerned }: OwnedModuleDescriptor): never {
  const path = `$.${concerned?.member ?? ''}`;
  return fail({ kind: 'Invalid', message: `${path}: must name the party that owns the token` });
}
