import { listClientInfo } from '../../hub/list-client-info';
import type { Route } from '../exchange';
import { endpointPath, endpointUrl } from '../../hub/urls';

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
    handle: async ({ context, caller, query }) => {
      const { publicUrl, pageLimit } = context.config;
      return listClientInfo(context.registry, {
        viewer: caller.partner,
        query,
        url: endpointUrl(publicUrl, ENDPOINT),
        pageLimit,
      });
    },
  },
];
