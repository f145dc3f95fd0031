import type { Party } from '../domain/party';
import { visibleSet, type OwnedModule } from '../domain/visibility';
import { okWith, RawJson, type Reply } from '../ocpi/envelope';
import { listHeaders, readPaging, type ListRequest } from '../ocpi/paging';
import type { Stores } from './incoming';

/**
 * GET All: a page of the hub's own store, what this party may see (spec: transport_and_format, GET All via Hubs,
 * Pagination; HUB-SEMANTICS 30, 33, 34).
 * @throws Invalid for a parameter that breaks its rule
 */
export async function listObjects(
  stores: Stores,
  request: ListRequest & { module: OwnedModule; viewer: Party },
): Promise<Reply> {
  const paging = readPaging(request);
  const visible = visibleSet(request.viewer, request.module, stores.registry.parties());
  const { from, to, after, offset, limit } = paging;
  const page = await stores.objects.list({ visible, from, to, after, offset, limit });
  return okWith(new RawJson(`[${page.texts.join(',')}]`), listHeaders(request, paging, page));
}
