import { type Party, partyWords } from '../../domain/party';
import { visibleSet, maySee } from '../../domain/visibility';
import { okWith, type Reply } from '../../ocpi/envelope';
import { RawJson } from '../../ocpi/raw-json';
import { keyOf, type Level, type OwnedModuleDescriptor } from '../../ocpi/module';
import { listHeaders, readPaging, type ListRequest } from '../../ocpi/paging';
import type { Stores } from '../context';
import { elementUnder } from './decide';
import { fold } from '../../domain/ci-string';
import { fail } from '../../errors';

/**
 * GET All: a page of the hub's own store, what this party may see (spec: transport_and_format, GET All via Hubs,
 * Pagination; semantics 30, 33, 34).
 * @throws Invalid for a parameter that breaks its rule
 */
export async function listObjects(
  stores: Stores,
  request: ListRequest & { module: OwnedModuleDescriptor; viewer: Party },
): Promise<Reply> {
  const paging = readPaging(request);
  const visible = visibleSet(request.viewer, request.module, stores.registry.parties());
  const { from, to, after, offset, limit } = paging;
  const page = await stores.objects.list({ visible, from, to, after, offset, limit });
  return okWith(new RawJson(`[${page.texts.join(',')}]`), listHeaders(request, paging, page));
}

/* GET of one object: the hub's own copy (semantics 30). */

/** The part of an object that further ids name, level by level: an EVSE, a connector of it. */
function partOf(object: string, levels: readonly Level[], ids: readonly string[]): string | undefined {
  return ids.slice(1).reduce<string | undefined>((text, id, i) => {
    const level = levels[i];
    return text && level && elementUnder(text, { ...level, key: fold(id) });
  }, object);
}

/** GET on a Receiver interface: the owner looks at what the hub has of its object. @throws Unknown… */
export async function readOwn(
  stores: Stores,
  request: { module: OwnedModuleDescriptor; owner: Party; ids: readonly string[]; type: string | undefined },
): Promise<Reply> {
  const { module, owner, ids, type } = request;
  const id = ids[0] ?? '';
  const key = keyOf(module, id, type);
  const found = await stores.objects.read({ module, owner: owner.number, key });
  if (!found) return unknownObject(module, ids.slice(0, 1));
  const text = partOf(found.text, module.levels, ids);
  return text === undefined ? unknownPart(module, found.text, ids) : okWith(new RawJson(text));
}

/** The outermost part that is not there. */
function unknownPart(module: OwnedModuleDescriptor, object: string, ids: readonly string[]): never {
  const depth = ids.findIndex((_id, i) => partOf(object, module.levels, ids.slice(0, i + 1)) === undefined);
  return unknownObject(module, ids.slice(0, depth + 1));
}

/**
 * GET of one location on the Sender interface with TO = hub: whoever owns it, if this party may see it.
 * @throws UnknownLocation, SeveralReceivers
 */
export async function readVisible(
  stores: Stores,
  request: { module: OwnedModuleDescriptor; viewer: Party; ids: readonly string[] },
): Promise<Reply> {
  const { module, viewer, ids } = request;
  const owners = await visibleOwners(stores, { module, id: ids[0] ?? '', viewer });
  const owner = onlyOne(owners, { module, id: ids[0] ?? '' });
  return owner
    ? readOwn(stores, { module, owner, ids, type: undefined })
    : unknownObject(module, ids.slice(0, 1));
}

/**
 * Of the parties that own an object of this id those whose object this party may see. `key`: where it is not the id.
 */
export async function visibleOwners(
  stores: Pick<Stores, 'objects' | 'registry'>,
  object: { module: OwnedModuleDescriptor; id: string; key?: string; viewer: Party },
): Promise<Party[]> {
  const { module, id, viewer } = object;
  const foldedId = fold(id);
  const candidates = await stores.objects.find(module, { foldedId, key: object.key ?? foldedId });
  return candidates.flatMap(({ owner, counterpart }) => {
    const party = stores.registry.partyByNumber(owner);
    return party && maySee(viewer, { module, owner: party, counterpart }) ? [party] : [];
  });
}

/**
 * The one of them; undefined where there is none.
 * @throws SeveralReceivers where it would be a guess (semantics 29)
 */
export function onlyOne(
  owners: readonly Party[],
  object: { module: OwnedModuleDescriptor; id: string },
): Party | undefined {
  if (owners.length < 2) return owners[0];
  const subject = `${object.id} of ${object.module.identifier}`;
  return fail({ kind: 'SeveralReceivers', subject, candidates: owners.map(partyWords) });
}

/**
 * Nothing of this name is here: HTTP 404 with the status code that the module has for it (semantics 5, 36).
 * @param ids down to the first that is unknown: what is around it is there
 */
export function unknownObject({ unknown, levels }: OwnedModuleDescriptor, ids: readonly string[]): never {
  const names = [unknown.what, ...levels.map(({ what }) => what)];
  const around = ids.slice(0, -1).map((id, i) => ` of ${names[i] ?? ''} ${id}`);
  const what = names[ids.length - 1] ?? unknown.what;
  return fail({
    kind: 'UnknownObject',
    ...unknown,
    what,
    id: (ids.at(-1) ?? '') + around.reverse().join(''),
  });
}
