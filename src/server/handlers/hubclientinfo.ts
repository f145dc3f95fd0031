import { listClientInfo } from '../../hub/hubclientinfo/list';
import { endpointPath, endpointUrl, type EndpointName } from '../../ocpi/urls';
import type { Version } from '../../ocpi/version';
import { pagingRules, type EndpointEntry, type Route } from '../ocpi-call';

const nameOf = (version: Version): EndpointName => ({
  version,
  module: version.hubclientinfo.identifier,
  interface: 'SENDER',
});

/** A hub only sends it. */
export function hubclientinfoEndpoint(version: Version): EndpointEntry {
  const name = nameOf(version);
  return { identifier: name.module, role: name.interface, path: endpointPath(name) };
}

/** The Sender interface of hubclientinfo (spec: mod_hub_client_info; semantics 42). */
export function hubclientinfoRoutes(version: Version): Route[] {
  const name = nameOf(version);
  return [
    {
      method: 'GET',
      pattern: endpointPath(name),
      opens: ['C'],
      handle: async (call) => {
        const { context, caller, query } = call;
        return listClientInfo(context.registry, {
          viewer: caller.partner,
          query,
          url: endpointUrl(context.config.publicUrl, name),
          rules: pagingRules(call),
        });
      },
    },
  ];
}
