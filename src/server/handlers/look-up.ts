import { listObjects, readOwn, readVisible } from '../../hub/objects/read';
import type { Reply } from '../../ocpi/envelope';
import { pagingRules } from '../ocpi-call';
import type { OwnedRouted } from '../routed';
import { endpointUrl } from '../../ocpi/urls';

/** GET on a Sender list, answered from the hub's own store. */
export function list({ call, version, module, sender }: OwnedRouted): Promise<Reply> {
  const { config } = call.context;
  const url = endpointUrl(config.publicUrl, { version, module: module.identifier, interface: 'SENDER' });
  return listObjects(call.context, {
    module,
    viewer: sender,
    query: call.query,
    url,
    rules: pagingRules(call),
  });
}

/** GET of one object, the hub's own copy. */
export function read({ call, module, sender, owner, ids }: OwnedRouted): Promise<Reply> {
  if (!owner) return readVisible(call.context, { module, viewer: sender, ids });
  const type = call.query.get('type') ?? undefined;
  return readOwn(call.context, { module, owner, ids, type });
}
