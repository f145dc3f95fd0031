import { fail } from '../errors';
import { partyWords, type Party } from '../domain/party';
import { maySee, type OwnedModule } from '../domain/visibility';
import { fold } from './decide/common';
import type { Stores } from './incoming';

/** Of the parties that own an object of this id those whose object this party may see. `key`: where it is not the id. */
export async function visibleOwners(
  stores: Pick<Stores, 'objects' | 'registry'>,
  object: { module: OwnedModule; id: string; key?: string; viewer: Party },
): Promise<Party[]> {
  const { module, id, viewer } = object;
  const foldedId = fold(id);
  const candidates = await stores.objects.find(module, { foldedId, key: object.key ?? foldedId });
  return candidates.flatMap(({ owner, counterpart }) => {
    const party = stores.registry.partyByNumber(owner);
    return party && maySee(viewer, { module, owner: party, counterpart }) ? [party] : [];
  });
}

/** The one of them; undefined where there is none. @throws SeveralReceivers where it would be a guess (HUB-SEMANTICS 29) */
export function onlyOne(
  owners: readonly Party[],
  object: { module: OwnedModule; id: string },
): Party | undefined {
  if (owners.length < 2) return owners[0];
  const subject = `${object.id} of ${object.module}`;
  return fail({ kind: 'SeveralReceivers', subject, candidates: owners.map(partyWords) });
}
