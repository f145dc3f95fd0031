import type { Partner } from '../../domain/partner';
import { ROLES } from '../../domain/party';
import { okWith, type Reply } from '../../ocpi/envelope';
import { listHeaders, readPaging, type ListRequest, type Paging } from '../../ocpi/paging';
import type { ClientInfoEntry, Registry } from '../../store/registry/registry';

/*
 * Who is connected to this hub: one ClientInfo per party and role (spec: mod_hub_client_info). Partners read the list
 * here; sync/hubclientinfo pushes each change to them.
 */

/** ClientInfo (spec: hubclientinfo). */
export interface ClientInfo {
  party_id: string;
  country_code: string;
  role: string;
  status: string;
  last_updated: string;
}

/** As it goes out; `last_updated` is the hub's clock. */
export function clientInfoOf(entry: ClientInfoEntry): ClientInfo {
  const { party_id, country_code, role, status, last_updated } = entry;
  return { party_id, country_code, role, status, last_updated: new Date(last_updated / 1000).toISOString() };
}

/** An entry's place in the list never changes: by party, then by role. */
export function listPosition(entry: ClientInfoEntry): number {
  return entry.party.number * ROLES.length + ROLES.indexOf(entry.role);
}

function isWithin(entry: ClientInfoEntry, { from, to }: Paging): boolean {
  return (from === undefined || entry.last_updated >= from) && (to === undefined || entry.last_updated < to);
}

/**
 * GET of hubclientinfo: one ClientInfo per party and role, this platform's own left out (semantics 33, 34, 42).
 * @throws Invalid for a parameter that breaks its rule
 */
export function listClientInfo(registry: Registry, request: ListRequest & { viewer: Partner }): Reply {
  const paging = readPaging(request);
  const all = registry
    .clientInfo()
    .filter((entry) => entry.party.partner !== request.viewer.id && isWithin(entry, paging))
    .sort((a, b) => listPosition(a) - listPosition(b));
  const after = paging.after === undefined ? undefined : Number(paging.after);
  const start =
    after === undefined ? paging.offset : all.filter((entry) => listPosition(entry) <= after).length;
  const page = all.slice(start, start + paging.limit);
  const last = page.at(-1);
  const next = last && start + page.length < all.length ? String(listPosition(last)) : undefined;
  return okWith(page.map(clientInfoOf), listHeaders(request, paging, { total: all.length, next }));
}
