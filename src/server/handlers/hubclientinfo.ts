import { listClientInfo } from '../../hub/hubclientinfo/list';
import { pagingRules, type Route } from '../ocpi-call';
import { endpointPath, endpointUrl } from '../../ocpi/urls';

const ENDPOINT = { module: 'hubclientinfo', interface: 'SENDER' as const };

/** A hub only sends it. */
export const hubclientinfoEndpoint = {
  identifier: ENDPOINT.module,
  role: ENDPOINT.interface,
  path: endpointPath(ENDPOINT),
};

/** The Sender interface of hubclientinfo (spec: mod_hub_client_info; HUB-SEMANTICS 42). */
export const hubclientinfoRoutes: Route[] = [
  {
    method: 'GET',
    pattern: hubclientinfoEndpoint.path,
    opens: ['C'],
    handle: async (call) => {
      const { context, caller, query } = call;
      return listClientInfo(context.registry, {
        viewer: caller.partner,
        query,
        url: endpointUrl(context.config.publicUrl, ENDPOINT),
        rules: pagingRules(call),
      });
    },
  },
];
