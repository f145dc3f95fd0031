import { listObjects, readOwn, readVisible } from '../../hub/objects/read';
import type { Reply } from '../../ocpi/envelope';
import { pagingRules } from '../exchange';
import type { OwnedRouted } from '../routed';
import { endpointUrl } from '../../ocpi/urls';

/** GET on a Sender list, answered from the hub's own store. */
export function list({ exchange, module, sender }: OwnedRouted): Promise<Reply> {
  const { config } = exchange.context;
  const url = endpointUrl(config.publicUrl, { module: module.identifier, interface: 'SENDER' });
  return listObjects(exchange.context, {
    module: module.identifier,
    viewer: sender,
    query: exchange.query,
    url,
    rules: pagingRules(exchange),
  });
}

/** GET of one object, the hub's own copy. */
export function read({ exchange, module, sender, owner, ids }: OwnedRouted): Promise<Reply> {
  if (!owner) return readVisible(exchange.context, { module: module.identifier, viewer: sender, ids });
  const type = exchange.query.get('type') ?? undefined;
  return readOwn(exchange.context, { module: module.identifier, owner, ids, type });
}
