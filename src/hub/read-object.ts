import type { Party } from '../domain/party';
import type { OwnedModule } from '../domain/visibility';
import { okWith, RawJson, type Reply } from '../ocpi/envelope';
import { elementUnder, fold } from './decide/common';
import type { Stores } from './incoming';
import { tokenKey } from './receive-flat';
import { unknownObject } from './unknown-object';
import { onlyOne, visibleOwners } from './visible-owners';

/* GET of one object: the hub's own copy (HUB-SEMANTICS 30). */

/** The part of a location that further ids name: an EVSE, a connector of it. */
function partOf(location: string, ids: readonly string[]): string | undefined {
  const [, uid, connector] = ids;
  if (uid === undefined) return location;
  const evse = elementUnder(location, { member: 'evses', idField: 'uid', key: fold(uid) });
  if (evse === undefined || connector === undefined) return evse;
  return elementUnder(evse, { member: 'connectors', idField: 'id', key: fold(connector) });
}

/** GET on a Receiver interface: the owner looks at what the hub has of its object. @throws Unknown… */
export async function readOwn(
  stores: Stores,
  request: { module: OwnedModule; owner: Party; ids: readonly string[]; type: string | undefined },
): Promise<Reply> {
  const { module, owner, ids, type } = request;
  const id = ids[0] ?? '';
  const key = module === 'tokens' ? tokenKey(id, type) : fold(id);
  const found = await stores.objects.read({ module, owner: owner.number, key });
  const text = found && partOf(found.text, ids);
  return text === undefined ? unknownObject(module, ids) : okWith(new RawJson(text));
}

/**
 * GET of one location on the Sender interface with TO = hub: whoever owns it, if this party may see it.
 * @throws UnknownLocation, SeveralReceivers
 */
export async function readVisible(
  stores: Stores,
  request: { module: OwnedModule; viewer: Party; ids: readonly string[] },
): Promise<Reply> {
  const { module, viewer, ids } = request;
  const owners = await visibleOwners(stores, { module, id: ids[0] ?? '', viewer });
  const owner = onlyOne(owners, { module, id: ids[0] ?? '' });
  return owner ? readOwn(stores, { module, owner, ids, type: undefined }) : unknownObject(module, ids);
}
